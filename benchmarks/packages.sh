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

# shellcheck disable=SC2086  # one word per package
[ -z "$missing" ] || exec sh "$(dirname "$0")/../tests/install.sh" "The benchmarks" $missing
