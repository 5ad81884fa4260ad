#!/bin/sh
# Options and configuration files are for the server, which root starts as its own user, after it has given it the data folder.
set -e
case "$1" in
  -* | *.conf) set -- @USER@-server "$@" ;;
esac
if [ "${1##*/}" = server ]; then
  shift
  set -- @USER@-server "$@"
fi
if [ "$1" = @USER@-server ] && [ "$(id -u)" = 0 ]; then
  find . \! -user @USER@ -exec chown @USER@ '{}' +
  exec setpriv --reuid=@USER@ --regid=@USER@ --clear-groups -- "$0" "$@"
fi
if [ "$(umask)" = 0022 ]; then umask 0077; fi
exec "$@"
