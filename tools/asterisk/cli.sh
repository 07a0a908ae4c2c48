#!/usr/bin/env bash
# Runs one console command in a running Asterisk:  cli.sh ASTERISK_DIR RUN_DIR 'core show channels'
set -euo pipefail
. "$(cd "$(dirname "$0")" && pwd)/machine.sh"
root=$(cd "${1:?usage: cli.sh ASTERISK_DIR RUN_DIR COMMAND}" && pwd)
exec "$root/$loader" --library-path "$root/usr/lib/$triplet" \
  "$root/usr/sbin/asterisk" -C "$(cd "$2" && pwd)/etc/asterisk.conf" -rx "$3"
