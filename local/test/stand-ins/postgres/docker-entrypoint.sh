#!/bin/bash
# Options are for the server, which root starts as its own user. An empty data folder gets the user, password and database of the
# environment, and what images add to /docker-entrypoint-initdb.d.
set -euo pipefail
if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
if [ "$1" != postgres ]; then exec "$@"; fi
for word in "$@"; do
  case "$word" in --help | '-?' | --version | -V | --describe-config) exec "$@" ;; esac
done

from_file() {
  local file="$1_FILE"
  if [ -n "${!file:-}" ]; then export "$1"="$(< "${!file}")"; fi
}
for name in POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB POSTGRES_INITDB_ARGS; do from_file "$name"; done
: "${POSTGRES_PASSWORD:=}" "${POSTGRES_USER:=postgres}" "${POSTGRES_INITDB_ARGS:=}" "${POSTGRES_HOST_AUTH_METHOD:=}"
: "${POSTGRES_DB:=$POSTGRES_USER}"

mkdir -p "$PGDATA" && chmod 700 "$PGDATA" || true
if [ "$(id -u)" = 0 ]; then
  find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
  exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
fi

query() {
  PGHOST='' psql --no-psqlrc --no-password -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$@"
}

initialise() {
  local wrapper=''
  # initdb asks for the name of its user, which one that the task definition chose has not.
  if ! getent passwd "$(id -u)" > /dev/null; then
    wrapper=$(echo /usr/lib/*/libnss_wrapper.so)
    NSS_WRAPPER_PASSWD=$(mktemp) NSS_WRAPPER_GROUP=$(mktemp)
    echo "postgres:x:$(id -u):$(id -g)::$PGDATA:/bin/false" > "$NSS_WRAPPER_PASSWD"
    export NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
  fi
  eval "LD_PRELOAD=$wrapper initdb --username=\"\$POSTGRES_USER\" --pwfile=<(echo \"\$POSTGRES_PASSWORD\") $POSTGRES_INITDB_ARGS"
  echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
  PGPASSWORD=$POSTGRES_PASSWORD
  export PGPASSWORD
  pg_ctl -D "$PGDATA" -o "$(printf '%q ' "${@:2}" -c listen_addresses=)" -w start
  if [ "$POSTGRES_DB" != postgres ]; then query postgres <<< "CREATE DATABASE \"$POSTGRES_DB\""; fi
  for script in /docker-entrypoint-initdb.d/*; do
    case "$script" in
      *.sh) if [ -x "$script" ]; then "$script"; else . "$script"; fi ;;
      *.sql) query "$POSTGRES_DB" -f "$script" ;;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified: set POSTGRES_PASSWORD' >&2
    exit 1
  fi
  initialise "$@"
fi
exec "$@"
