#!/usr/bin/env bash
# Starts an unpacked Asterisk in the foreground, on loopback, as the calling user.
#
#   run.sh ASTERISK_DIR RUN_DIR [CONF_DIR...]
#
# Each CONF_DIR (default: the conf folder beside this script) is copied into
# RUN_DIR/etc in turn, later ones over earlier ones, and every @NAME@ in the
# files is replaced by the environment variable NAME (defaults below).  A name
# without a value stops the start.  With tools/asterisk/test as second CONF_DIR a
# trunk stands at 127.0.0.2.  Recordings, the database, logs and the
# control socket all live under RUN_DIR; nothing is read from the host's /etc.
# PID_FILE gets its process id. Send SIGTERM to stop.
set -euo pipefail
usage='usage: run.sh ASTERISK_DIR RUN_DIR [CONF_DIR...]'
root=$(cd "${1:?$usage}" && pwd); mkdir -p "${2:?$usage}"; run=$(cd "$2" && pwd); shift 2
[ -z "${PID_FILE:-}" ] || echo $$ > "$PID_FILE"
here=$(cd "$(dirname "$0")" && pwd)
. "$here/machine.sh"
[ $# -gt 0 ] || set -- "$here/conf"

export ARI_HOST=${ARI_HOST:-127.0.0.1} ARI_PORT=${ARI_PORT:-8088}
export ARI_USER=${ARI_USER:-huiyin} ARI_PASSWORD=${ARI_PASSWORD:-huiyin}
export SIP_HOST=${SIP_HOST:-127.0.0.1} SIP_PORT=${SIP_PORT:-5060}
export SIP_TLS_PORT=${SIP_TLS_PORT:-$((SIP_PORT + 1))}
export RTP_START=${RTP_START:-20000} RTP_END=${RTP_END:-29999}
# Behind an address translation: what trunks and browsers outside are told.
if [ -n "${EXTERNAL_ADDRESS:-}" ]; then
  EXTERNAL=$(printf 'external_media_address=%s\nexternal_signaling_address=%s\nlocal_net=10.0.0.0/8\nlocal_net=172.16.0.0/12\nlocal_net=192.168.0.0/16\nlocal_net=127.0.0.0/8\n' "$EXTERNAL_ADDRESS" "$EXTERNAL_ADDRESS")
else EXTERNAL=; fi
export EXTERNAL
export TRUNK_MATCH=${TRUNK_MATCH:-127.0.0.2} TRUNK_PEER=${TRUNK_PEER:-127.0.0.2:5060}
export RUN_DIR=$run AST_DIR=$root

rm -rf "$run/etc"; mkdir -p "$run"/{etc,lib/keys,db,rundir,log} "$run"/spool/{recording,tmp}
for c in "$@"; do cp -R "$c"/. "$run/etc/"; done
lib=$root/usr/lib/$triplet
cat > "$run/etc/asterisk.conf" <<CONF
[directories]
astetcdir => $run/etc
astmoddir => $lib/asterisk/modules
astvarlibdir => $run/lib
astdbdir => $run/db
astkeydir => $run/lib
astdatadir => $root/usr/share/asterisk
astagidir => $run/lib/agi-bin
astspooldir => $run/spool
astrundir => $run/rundir
astlogdir => $run/log
[options]
nocolor = yes
maxfiles = 65536
documentation_language = en_US
systemname = ${SYSTEM_NAME:-node1}
${ENTITY_ID:+entityid = $ENTITY_ID}
CONF
for f in "$run"/etc/*.conf; do
  perl -pi -e 's/\@([A-Z][A-Z0-9_]*)\@/exists $ENV{$1} ? $ENV{$1} : die "run.sh: no value for $1\n"/ge' "$f"
done
ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"
exec "$root/$loader" --library-path "$lib" "$root/usr/sbin/asterisk" \
  -f -n ${ASTERISK_FLAGS:-} -C "$run/etc/asterisk.conf"
