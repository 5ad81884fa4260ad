#!/bin/sh
# Options and configuration files are for the server, which root starts as its own user, after it has given it the data folder.
set -e
case "$1" in
  -* | *.conf) set -- @user@-server "$@" ;;
esac
if [ "${1##*/}" = @user@-server ] && [ "$(id -u)" = 0 ] && @mayBecome@; then
  find . \! -user @user@ -exec chown @user@ '{}' +
  exec setpriv --reuid=@user@ --regid=@user@ --clear-groups -- "$0" "$@"
fi
if [ "$(umask)" = 0022 ]; then umask 0077; fi
if [ "${1##*/}" = @user@-server ]; then
  for module in /usr/local/lib/redis/modules/*.so; do
    [ -e "$module" ] && set -- "$@" --loadmodule "$module"
  done
  # Debian's server has the protected mode that the official image is built without.
  program=$1
  shift
  case "$1" in
    '' | -*) set -- "$program" --protected-mode no "$@" ;;
    *)
      file=$1
      shift
      set -- "$program" "$file" --protected-mode no "$@"
      ;;
  esac
fi
exec "$@" @lastWords@
