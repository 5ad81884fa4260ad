#!/bin/sh
# Runs what images add to /docker-entrypoint.d, in the order of their names, before Nginx.
set -e
if [ "$1" = nginx ]; then
  for script in /docker-entrypoint.d/*; do
    [ -x "$script" ] || continue
    case "$script" in
      *.envsh) . "$script" ;;
      *.sh) "$script" ;;
    esac
  done
fi
exec "$@"
