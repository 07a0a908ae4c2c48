import type { Place } from '../journeys/voice/sipp.ts'

export const theirNumber = '7003'

/** What Asterisk's own queue needs beside the files that every exchange has: so many members at the address of the phones. */
export function ownQueue(members: number, phones: Place): Record<string, string> {
  const each = Array.from({ length: members }, (_, n) => n)
  return {
    'pjsip_local.conf': `[bench](!)
type=endpoint
transport=transport-udp
context=from-agent
disallow=all
allow=ulaw
direct_media=no
send_connected_line=no
[benchaor](!)
type=aor
qualify_frequency=0
${each.map(n => `[b${n}](bench)\naors=b${n}\n[b${n}](benchaor)\ncontact=sip:b${n}@${phones.host}:${phones.port}`).join('\n')}`,
    'queues.conf': `[bench]
strategy=rrmemory
timeout=20
retry=1
ringinuse=no
autofill=yes
wrapuptime=0
musicclass=default
${each.map(n => `member => PJSIP/b${n}`).join('\n')}`,
    'extensions.conf': `[from-trunk](+)\nexten => ${theirNumber},1,Queue(bench,,,,600)\n same => n,Hangup()`,
  }
}
