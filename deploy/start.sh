#!/bin/sh
# Start Arrivarr in a container, or anywhere: drop root, migrate, serve.
# PUID and PGID say whose files the data folder holds; TZ is the zone of the log.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
DATA_DIR=${DATA_DIR:-data}
export DATA_DIR
mkdir -p "$DATA_DIR"

if [ "$(id -u)" = 0 ] && [ "${PUID:-0}" != 0 ]; then
  PGID=${PGID:-$PUID}
  # A network share may refuse; if the folder can't be written, the next step says so in a sentence.
  find "$DATA_DIR" \( ! -uid "$PUID" -o ! -gid "$PGID" \) -exec chown "$PUID:$PGID" {} + || true
  exec setpriv --reuid "$PUID" --regid "$PGID" --clear-groups --no-new-privs "deploy/start.sh"
fi

"$PYTHON" -m flask --app wsgi prepare
exec "$PYTHON" -m gunicorn -c gunicorn.conf.py wsgi:app
