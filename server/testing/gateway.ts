import { createRequire } from 'node:module'
import type { ProviderSettings } from '#contract/outgoingSettings.ts'

export type Pdu = { command: string; response: (more?: object) => object; [field: string]: unknown }
export type GatewaySession = {
  on: (name: string, fn: (pdu: Pdu) => void) => void
  send: (pdu: object) => void
  destroy: () => void
  deliver_sm: (fields: object, answered?: (pdu: Pdu) => void) => void
  socket: { write: (b: Buffer) => void }
}
/** A gateway made by others: its own reading of SMPP 3.4 is the second opinion. */
const library: {
  createServer: (fn: (session: GatewaySession) => void) => {
    listen: (port: number, host: string, cb: () => void) => void
    address: () => { port: number }
    close: () => void
  }
} = createRequire(import.meta.url)('smpp')

type Answers = {
  submit: (pdu: Pdu, session: GatewaySession, n: number) => void
  /** Left out: it knows no such question. */
  query?: (pdu: Pdu, session: GatewaySession) => void
}
/** A gateway of short messages on this machine; the password is `geheim`. */
export async function openGateway({ submit, query }: Answers) {
  let n = 0
  const sessions = new Set<GatewaySession>()
  const server = library.createServer(session => {
    sessions.add(session)
    session.on('error', () => {})
    session.on('close', () => sessions.delete(session))
    session.on('bind_transceiver', pdu => session.send(pdu.response(pdu.password === 'geheim' ? {} : { command_status: 0x0e })))
    session.on('enquire_link', pdu => session.send(pdu.response()))
    session.on('unbind', pdu => session.send(pdu.response()))
    session.on('submit_sm', pdu => submit(pdu, session, ++n))
    session.on('query_sm', pdu => (query ? query(pdu, session) : session.send(pdu.response({ command_status: 0x03 }))))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const settings: ProviderSettings = {
    kind: 'smpp',
    host: '127.0.0.1',
    port: server.address().port,
    tls: false,
    systemId: 'huiyin',
    systemType: '',
    source: '10690000',
    signature: '',
    window: 4,
  }
  return {
    settings,
    sessions,
    /** Tells a receipt by the first line there is; the status with which it was answered. */
    tell: (short_message: string, esm_class = 4) =>
      new Promise<number>(resolve => {
        const [session] = sessions
        if (!session) throw new Error('nobody is bound')
        session.deliver_sm({ esm_class, short_message }, pdu => resolve(Number(pdu.command_status)))
      }),
    close: () => {
      for (const session of sessions) session.destroy()
      server.close()
    },
  }
}
