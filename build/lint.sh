#!/bin/sh
# What must hold of the sources before any test: they restore as locked, compile without a warning of any
# analyzer, are formatted, and their shell scripts are clean.
set -eu
cd "$(dirname "$0")/.."

echo "== restore, locked"
dotnet restore Gateway.sln --locked-mode --nologo -v quiet
echo "== analyzers"
dotnet build Gateway.sln --no-restore --nologo -v quiet -clp:NoSummary
echo "== formatting"
dotnet format whitespace Gateway.sln --no-restore --verify-no-changes
echo "== shell scripts"
git ls-files -z | xargs -0 grep -lIE '^#!/(bin/sh|usr/bin/env bash|bin/bash)' -- | xargs shellcheck --external-sources --severity=warning
echo "lint: clean"
