import { setTimeout as wait } from 'node:timers/promises'
import nodemailer from 'nodemailer'
import type { Carrier, CarrierKind, Envelope, Outcome, Setup } from '#domains/messaging/outgoing/ports.ts'
import { addressFor } from '../reachable.ts'
import { readBounces } from './bounces.ts'
import { namesDeadAddress } from './dsn.ts'

const patience = 20_000

type Pool = { send: (e: Envelope) => Promise<{ messageId: string; response: string }>; close: () => void }

async function openPool({ settings, secret, connections, privateAllowed }: Setup): Promise<Pool> {
  if (settings.kind !== 'smtp') throw new Error('not a mail server')
  const transport = nodemailer.createTransport({
    pool: true,
    maxConnections: connections,
    maxMessages: 500,
    host: await addressFor(settings.host, privateAllowed),
    port: settings.port,
    secure: settings.security === 'tls',
    requireTLS: settings.security === 'starttls',
    tls: { servername: settings.host, minVersion: 'TLSv1.2', ...(settings.security === 'plain' ? { rejectUnauthorized: false } : {}) },
    ...(settings.user ? { auth: { user: settings.user, pass: secret } } : {}),
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = settings.from.split('@')[1] ?? 'localhost'
  return {
    close: () => transport.close(),
    send: async e => {
      const { messageId, response } = await transport.sendMail({
        // The same at every try: a server, or the reader's mailbox, knows it for the same letter.
        messageId: `<${e.id}@${domain}>`,
        from: { name: settings.fromName, address: settings.from },
        to: { name: e.name, address: e.address },
        ...(settings.replyTo ? { replyTo: settings.replyTo } : {}),
        envelope: { from: returnPath(settings, e.id), to: [e.address] },
        // Where the server can, its report names the message (RFC 3461).
        ...(settings.bounces
          ? { dsn: { id: e.id, return: 'headers', notify: ['failure', 'delay'], recipient: `rfc822;${e.address}` } }
          : {}),
        subject: e.subject,
        text: e.text,
        html: e.html,
        textEncoding: 'base64',
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', ...unsubscribeOf(e) },
        attachments: e.files.map(f => ({ filename: f.name, contentType: f.type, content: f.bytes })),
      })
      return { messageId, response }
    },
  }
}

/** RFC 8058: one click where the address is safe from being read on its way; else the page. */
const unsubscribeOf = ({ unsubscribe }: Envelope) =>
  unsubscribe === null
    ? {}
    : {
        'List-Unsubscribe': { prepared: true, value: `<${unsubscribe}>` },
        ...(unsubscribe.startsWith('https:') ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
      }

type Mail = Extract<Setup['settings'], { kind: 'smtp' }>
/** Where a report about this message goes. */
function returnPath({ from, bounces }: Mail, id: string): string {
  if (!bounces) return from
  const at = bounces.address.lastIndexOf('@')
  return bounces.tagged ? `${bounces.address.slice(0, at)}+${id}${bounces.address.slice(at)}` : bounces.address
}

const field = (error: unknown, key: string): unknown => (typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined)

/** What a refusal of the server means. RFC 3463: 5.1.x is the address, 5.7.x a policy; a plain 550 after RCPT names the address too. */
export function readError(error: unknown): Outcome {
  const detail = error instanceof Error ? error.message.slice(0, 400) : String(error)
  const code = Number(field(error, 'responseCode'))
  const command = String(field(error, 'command') ?? '')
  const what = String(field(error, 'code') ?? '')
  const said = String(field(error, 'response') ?? detail)
  if (what === 'EAUTH') return { state: 'again', reason: 'sign_in', detail, away: true }
  if (code >= 500 && code < 600) {
    const enhanced = /\b5\.(\d+)\.(\d+)\b/.exec(said)
    if (enhanced ? namesDeadAddress(enhanced[1] ?? '', enhanced[2] ?? '') : command.startsWith('RCPT') && [550, 551, 553].includes(code))
      return { state: 'bounced', reason: 'no_such_address', detail }
    return { state: 'failed', reason: 'refused_by_provider', detail }
  }
  if (code >= 400 && code < 500) return { state: 'again', reason: 'not_now', detail }
  if (what === 'EENVELOPE' || what === 'EMESSAGE') return { state: 'failed', reason: 'refused_by_provider', detail }
  return { state: 'again', reason: 'no_answer', detail, away: true }
}

/** A mail server: pooled connections, one letter after another on each. */
export const smtp: CarrierKind = {
  repeatable: true,
  readBounces,
  // What comes out in seconds: a slow server takes a second per letter.
  batch: ({ connections }) => connections * 10,
  open: (setup): Carrier => {
    let pool: Promise<Pool> | null = null
    const one = async (e: Envelope): Promise<Outcome> => {
      try {
        pool ??= openPool(setup)
        const { messageId } = await (await pool).send(e)
        return { state: 'handed', ref: messageId }
      } catch (error) {
        const outcome = readError(error)
        if ('away' in outcome) {
          const broken = pool
          pool = null
          void broken?.then(
            p => p.close(),
            () => {},
          )
        }
        return outcome
      }
    }
    return {
      send: async envelopes => {
        // The whole round keeps within the lease, whatever the server does.
        const late: Outcome = { state: 'again', reason: 'no_answer', detail: 'the server took too long', away: true }
        const over = new AbortController()
        const limit = wait(35_000, late, { signal: over.signal }).catch(() => late)
        const outcomes = await Promise.all(envelopes.map(e => Promise.race([one(e), limit])))
        over.abort()
        return outcomes
      },
      close: async () => {
        const open = pool
        pool = null
        await open?.then(
          p => p.close(),
          () => {},
        )
      },
    }
  },
}
