#!/bin/sh
# Look for the programs that the tests drive; install what is missing on Debian, or say how.
set -eu
PATH="$PATH:/usr/sbin:/sbin:$(echo /usr/lib/postgresql/*/bin | tr ' ' :)"

missing=""
while read -r program package; do
  command -v "$program" >/dev/null || missing="$missing $package"
done <<END
qbittorrent-nox qbittorrent-nox
chromium chromium
chromium-headless-shell chromium-headless-shell
nginx nginx-light
curl curl
gcc gcc
openssl openssl
faketime faketime
ip iproute2
unshare util-linux
node nodejs
npm npm
initdb postgresql
redis-server redis-server
END

# shellcheck disable=SC2086  # one word per package
[ -z "$missing" ] || exec sh "$(dirname "$0")/install.sh" "The tests" $missing
