#!/bin/sh
# publish.sh PROJECT NAME RID [MSBUILD ARGUMENT...]: publishes one program to out/bin/NAME, as shipped.
set -eu
cd "$(dirname "$0")/.."
project=$1 name=$2 rid=$3
shift 3
echo "Publishing $name ($rid)"
rm -rf "out/publish/$name"
# What an earlier publish trimmed and precompiled is not always noticed to be stale, and the mixture crashes at start.
rm -rf "$project/obj/Release/net10.0/$rid/linked" "$project/obj/Release/net10.0/$rid/R2R"
# Analyzers are lint's; what trimming warns of is told here.
if ! dotnet publish "$project" -c Release -r "$rid" -o "out/publish/$name" -p:RunAnalyzers=false --nologo -v quiet -clp:NoSummary "$@"; then
  case "$rid" in
    linux-x64) ;;
    *) echo "publish.sh: the .NET runtime for $rid must be restorable from your package source to build for it" >&2 ;;
  esac
  exit 1
fi
mkdir -p out/bin
mv -f "out/publish/$name/$name" "out/bin/$name"
