import type { Bounce } from '#domains/messaging/outgoing/ports.ts'

type Fields = ReadonlyMap<string, string>

/** Header lines, folded ones joined; the first of a name counts. Lines that are none are passed over. */
function fieldsOf(block: string): Fields {
  const fields = new Map<string, string>()
  for (const line of block.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase()
    if (/^[a-z0-9-]{1,60}$/.test(name) && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim())
  }
  return fields
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/gi
const idsIn = (text: string | undefined): string[] => (text ?? '').match(uuid)?.map(id => id.toLowerCase()) ?? []

/** Of the enhanced status codes (RFC 3463): no such mailbox or host, or a mailbox that takes nothing more, unless it is only full. */
export const namesDeadAddress = (subject: string, detail: string): boolean => subject === '1' || (subject === '2' && detail !== '2')

/**
 * What the delivery-status part of a report says (RFC 3464): one block about the message, one for each recipient. Our letters have one recipient; of several the one that
 * failed counts. By which of our messages it is known stands in its envelope id, in the header that came back with it, or in the address it was sent to.
 */
export function readReport(report: string, returnedHeader: string, sentTo: string): Bounce | null {
  const [whole, ...each] = report
    .replace(/^\s+/, '')
    .split(/\r?\n[ \t]*\r?\n\s*/)
    .slice(0, 50)
    .map(fieldsOf)
  // Some leave out the empty line between the two.
  const recipients = [...(whole ? [whole] : []), ...each].filter(f => f.has('action'))
  const said = recipients.find(f => action(f) === 'failed') ?? recipients[0]
  const ids = [
    ...new Set([...idsIn(whole?.get('original-envelope-id')), ...idsIn(fieldsOf(returnedHeader).get('message-id')), ...idsIn(sentTo)]),
  ]
  if (!said || ids.length === 0) return null
  const what = action(said)
  if (what !== 'failed' && what !== 'delayed' && what !== 'delivered') return null
  const diagnostic = said.get('diagnostic-code') ?? ''
  const [, kind = '', subject = '', detail = ''] = statusOf(said.get('status') ?? '', diagnostic)
  return {
    ids: ids.slice(0, 5),
    state: what !== 'failed' ? what : kind === '5' && namesDeadAddress(subject, detail) ? 'bounced' : 'failed',
    reason: what === 'failed' ? reasonOf(kind, subject, detail) : what === 'delayed' ? 'delayed' : '',
    detail: `${[kind, subject, detail].filter(Boolean).join('.')} ${diagnostic.replace(/^\s*smtp\s*;\s*/i, '')}`.trim().slice(0, 400),
  }
}
function reasonOf(kind: string, subject: string, detail: string): string {
  if (subject === '2' && detail === '2') return 'mailbox_full'
  if (kind === '4') return 'not_delivered'
  return kind === '5' && namesDeadAddress(subject, detail) ? 'no_such_address' : 'refused_by_provider'
}
const action = (fields: Fields): string => /^[a-z]+/.exec((fields.get('action') ?? '').toLowerCase())?.[0] ?? ''

const code = /\b([245])\.(\d{1,3})\.(\d{1,3})\b/
/** A status that says nothing more than "failed" is made precise by what the other server said. */
const statusOf = (status: string, diagnostic: string): readonly string[] => {
  const own = code.exec(status)
  const other = code.exec(diagnostic)
  return (own?.[2] === '0' && other && other[1] === own[1] ? other : (own ?? other)) ?? []
}
