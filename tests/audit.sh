#!/bin/sh
# Look every pinned package up among the known flaws: audit.sh PIP-AUDIT. "Nobody answered" is not "nothing found", and
# pip-audit calls both a success.
set -u
said=$(mktemp)
trap 'rm -f "$said"' EXIT

status=0
for list in requirements.txt requirements-dev.txt benchmarks/requirements.txt; do
  echo "$list"
  "$1" --progress-spinner off --disable-pip --no-deps -r "$list" 2>&1 || status=$?
done >"$said"
if grep -qE "ConnectionError|ConnectTimeout|Max retries|NameResolution|ServiceError|ProxyError|HTTPError" "$said"; then
  echo "Nothing was looked up: the database of known flaws (PyPI's) does not answer from here."
  exit 2
fi
skipped=$(grep -c "could not be audited" "$said")
if [ "$skipped" -gt 0 ]; then
  grep -E "^[^ ]+ +[^ ]+ +(PYSEC|GHSA|CVE)-" "$said"
  echo "$skipped packages were not looked up: the database of known flaws (PyPI's) is not to be had from here."
  exit 2
fi
cat "$said"
exit "$status"
