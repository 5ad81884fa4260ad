#!/bin/sh
# Service Connect names have an IPv4 and an IPv6 address in /etc/hosts, and in a network without IPv6 the second one leads nowhere:
# Nginx, which takes every address of an upstream in turn, would fail on it in half of its tries. So each name with an IPv4 address
# is replaced with it, once, before Nginx starts: the address stays the same as long as the task.
set -eu

hosts="${HOSTS_FILE:-/etc/hosts}"
source="${NGINX_CONFIGURATION:-/etc/nginx/nginx.conf}"
target="${TMPDIR:-/tmp}/nginx.conf"

awk '
  FNR == NR {
    sub(/#.*/, "")
    if ($1 ~ /^[0-9.]+$/) for (i = 2; i <= NF; i++) if (!($i in addresses)) addresses[$i] = $1
    next
  }
  $1 == "server" && split($2, part, ":") == 2 && part[1] in addresses { sub(part[1] ":", addresses[part[1]] ":") }
  { print }
' "$hosts" "$source" > "$target"

program="$1"
shift
exec "$program" -c "$target" "$@"
