#!/bin/sh
# Look for the other sides of the benchmarks; install what is missing on Debian, or say how.
set -eu
PATH="$PATH:/usr/sbin:/sbin"

missing=""
for program in gcc:gcc redis-server:redis-server nginx:nginx-light taskset:util-linux; do
  command -v "${program%%:*}" >/dev/null || missing="$missing ${program##*:}"
done
[ -e /usr/include/stdio.h ] || missing="$missing libc6-dev"
[ -e /usr/lib/nginx/modules/ngx_nchan_module.so ] || missing="$missing libnginx-mod-nchan"

[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing$missing ..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update
  # shellcheck disable=SC2086  # one word per package
  apt-get -qq install -y --no-install-recommends $missing
else
  echo "The benchmarks need these packages. On Debian or Ubuntu: sudo apt-get install --no-install-recommends$missing"
  exit 1
fi
