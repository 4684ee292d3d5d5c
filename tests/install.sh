#!/bin/sh
# Install Debian packages where we may, or say how: install.sh WHO PACKAGE ...
set -eu
who=$1
shift

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing $* ..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update
  apt-get -qq install -y --no-install-recommends "$@"
else
  echo "$who need these packages. On Debian or Ubuntu: sudo apt-get install --no-install-recommends $*"
  exit 1
fi
