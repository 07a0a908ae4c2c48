import type { Readable } from 'node:stream'
import { ImapFlow, type MessageStructureObject } from 'imapflow'
import type { Bounce, BounceBox, Keep, Place } from '#domains/messaging/outgoing/ports.ts'
import { addressFor } from '../reachable.ts'
import { readReport } from './dsn.ts'

const patience = 20_000
/** How much of a part is read: a report has some hundred bytes, whatever hangs on it. */
const mostBytes = 64 * 1024
/** Mails looked at in one go, and how long a reading begins another: what is left comes with the next reading. */
const [atOnce, longMs] = [50, 60_000]

const reports = ['message/delivery-status', 'message/global-delivery-status']
const wholes = ['message/rfc822', 'message/global']
const headers = ['text/rfc822-headers', 'message/global-headers']
const child = (node: MessageStructureObject, types: readonly string[]) =>
  node.childNodes?.find(part => types.includes(part.type.toLowerCase()))

async function textOf(stream: Readable | undefined): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of stream ?? []) parts.push(Buffer.from(part))
  return Buffer.concat(parts).toString('utf8')
}

/** The report in a mail, by its parts: whatever else is in it is not fetched. Null for a mail that is none. */
async function reportIn(
  client: ImapFlow,
  uid: number,
  structure: MessageStructureObject | undefined,
  sentTo: string,
): Promise<Bounce | null> {
  if (structure?.type.toLowerCase() !== 'multipart/report') return null
  const status = child(structure, reports)
  if (!status?.part) return null
  const part = async (name: string) => textOf((await client.download(`${uid}`, name, { uid: true, maxBytes: mostBytes })).content)
  const [whole, header] = [child(structure, wholes), child(structure, headers)]
  const returned = whole?.part ? await headerOf(client, uid, whole.part) : header?.part ? await part(header.part) : ''
  return readReport(await part(status.part), returned, sentTo)
}

async function headerOf(client: ImapFlow, uid: number, part: string): Promise<string> {
  const key = `${part}.HEADER`
  const found = await client.fetchOne(`${uid}`, { bodyParts: [{ key, start: 0, maxLength: mostBytes }] }, { uid: true })
  return (found && found.bodyParts?.get(key.toLowerCase())?.toString('utf8')) || ''
}

async function openBox({ host, port, security, user, secret, privateAllowed }: BounceBox): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: await addressFor(host, privateAllowed),
    servername: host,
    port,
    secure: security === 'tls',
    ...(security === 'starttls' ? { doSTARTTLS: true } : {}),
    tls: { minVersion: 'TLSv1.2', ...(security === 'plain' ? { rejectUnauthorized: false } : {}) },
    auth: { user, pass: secret },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
  })
  // What goes wrong while nothing is asked is heard by the next that asks.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Reads what has come since `from`. What was a report about a message of ours is marked as read; everything else stays as it was found. */
export async function readBounces(box: BounceBox, from: Place, keep: Keep): Promise<Place> {
  const client = await openBox(box)
  try {
    const { uidValidity } = await client.mailboxOpen(box.folder || 'INBOX')
    const validity = String(uidValidity)
    let uid = from.validity === validity ? from.uid : 0
    for (const until = Date.now() + longMs; Date.now() < until; ) {
      const found = (await client.search({ uid: `${uid + 1}:*`, seen: false }, { uid: true })) || []
      // "From the next on" names the last one, too, where there is no next.
      const some = found.filter(n => n > uid).sort((a, b) => a - b).slice(0, atOnce) // biome-ignore format: one line
      const last = some.at(-1)
      if (last === undefined) break
      const mails = await client.fetchAll(some.join(','), { uid: true, bodyStructure: true, envelope: true }, { uid: true })
      const reported: { uid: number; bounce: Bounce }[] = []
      for (const mail of mails) {
        const sentTo = (mail.envelope?.to ?? []).map(to => to.address ?? '').join(' ')
        const bounce = await reportIn(client, mail.uid, mail.bodyStructure, sentTo)
        if (bounce) reported.push({ uid: mail.uid, bounce })
      }
      const kept = reported.length > 0 ? await keep(reported.map(r => r.bounce)) : []
      const ours = reported.filter((_, n) => kept[n] === 'ours').map(r => r.uid)
      if (ours.length > 0) await client.messageFlagsAdd(ours.join(','), ['\\Seen'], { uid: true })
      const early = reported.filter((_, n) => kept[n] === 'later').map(r => r.uid)
      uid = early.length > 0 ? Math.min(...early) - 1 : last
      if (early.length > 0) break
    }
    return { validity, uid }
  } finally {
    await client.logout().catch(() => client.close())
  }
}
