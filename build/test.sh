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

# Each test that failed, with the beginning of why: the end of a long output is what is read.
failures() {
  awk '/<UnitTestResult / && /outcome="Failed"/ && match($0, /testName="[^"]*"/) { name = substr($0, RSTART + 10, RLENGTH - 11) }
    name != "" && sub(/.*<Message>/, "") { why = ""; lines = 0; begun = 1 }
    begun { over = sub(/<\/Message>.*/, ""); why = why " " $0; lines++ }
    begun && (over || lines == 5) { print "FAILED " name ":" substr(why, 1, 400); name = ""; begun = 0 }' "$1" |
    sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&#x[0-9A-Fa-f]*;/ /g; s/&amp;/\&/g'
}

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

for trx in "$results"/*.trx; do [ ! -s "$trx" ] || failures "$trx"; done
if [ $skipped -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ $failed -eq 0 ] && [ $passed -gt 0 ]
