import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { NewProvider, ProviderSettings } from '#contract/outgoingSettings.ts'

/** A real mail server on this machine. `answer` may refuse a recipient or a letter by throwing; what it takes stands in `letters`. */
export async function openMailServer(answer: (to: string, stage: 'rcpt' | 'data') => void = () => {}) {
  const letters: { from: string; to: string[]; raw: string }[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (auth, _session, done) => (auth.password === 'right' ? done(null, { user: 'huiyin' }) : done(new Error('wrong password'))),
    onRcptTo: (address, _session, done) => {
      try {
        answer(address.address, 'rcpt')
        done()
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)))
      }
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(r => r.address)
        try {
          for (const one of to) answer(one, 'data')
        } catch (error) {
          return done(error instanceof Error ? error : new Error(String(error)))
        }
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : ''
        letters.push({ from, to, raw: Buffer.concat(parts).toString('utf8') })
        done()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return { port, letters, close: () => new Promise<void>(resolve => server.close(() => resolve())) }
}

export const refusal = (code: number, words: string): Error => Object.assign(new Error(words), { responseCode: code })

/** An HTTP server that answers every post as told. */
export async function openPost(answer: (body: string, request: IncomingMessage) => Promise<{ status?: number; text: string } | 'cut'>) {
  const server = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      void answer(Buffer.concat(parts).toString('utf8'), request).then(said => {
        if (said === 'cut') return request.socket.destroy()
        reply.writeHead(said.status ?? 200, { 'content-type': 'application/json' }).end(said.text)
      })
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/send`,
    close: () =>
      new Promise<void>(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export const provider = (channel: 'mail' | 'sms', settings: ProviderSettings, more: Partial<NewProvider> = {}): NewProvider => ({
  name: settings.kind,
  channel,
  settings,
  rate: 20_000,
  connections: 4,
  position: 0,
  enabled: true,
  ...more,
})
export const mailTo = (port: number): ProviderSettings => ({
  kind: 'smtp',
  host: '127.0.0.1',
  port,
  security: 'plain',
  user: '',
  from: 'service@example.com',
  fromName: '清源供水',
  replyTo: '',
  bounces: null,
})
