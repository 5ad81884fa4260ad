#!/bin/bash
# Stands for aws, docker, curl and jq in a workflow: hands its words and its input to the test that runs it, and does what that answers.
[ -p /dev/stdin ] && input=$(cat)
exec 3<> "/dev/tcp/127.0.0.1/$PROGRAMS_PORT"
printf '%s\0' "$#" "${0##*/}" "$@" "$input" >&3
IFS= read -r status <&3
cat <&3
exit "$status"
