#!/bin/sh
# Runs test projects one after the other and closes with one line for all of them: "N passed, N failed".
# test.sh [FILTER]: FILTER is a dotnet test filter, such as FullyQualifiedName~Trust.
set -u
cd "$(dirname "$0")/.." || exit 1
results=out/test-results
rm -rf "$results"
mkdir -p "$results"

passed=0 failed=0 skipped=0
count() { sed -n "s/.*<Counters [^>]*\\b$2=\"\\([0-9]*\\)\".*/\\1/p" "$1" | head -n 1; }

for project in tests/unit/Gateway.UnitTests tests/integration/Gateway.IntegrationTests; do
  name=$(basename "$project")
  echo "== $name"
  dotnet test "$project" --no-build --nologo \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" --results-directory "$results" \
    --blame-hang-timeout 15m ${1:+--filter "$1"} </dev/null
  status=$?
  trx=$results/$name.trx
  if [ ! -s "$trx" ]; then
    [ $status -eq 0 ] || { echo "$name: the test run itself failed" >&2; failed=$((failed + 1)); }
    continue
  fi
  total=$(count "$trx" total) good=$(count "$trx" passed) bad=$(count "$trx" failed)
  passed=$((passed + good))
  failed=$((failed + bad))
  skipped=$((skipped + total - good - bad))
  # A test host that died reports no failed test, but did not pass either.
  if [ $status -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "$name: the test run itself failed" >&2
    failed=$((failed + 1))
  fi
done

if [ $skipped -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ $failed -eq 0 ] && [ $passed -gt 0 ]
