import type { IncomingMessage } from 'node:http'
import { connect as plain, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as secure } from 'node:tls'
import { readToken, scopeOf } from '#kernel/access.ts'
import type { House } from '#kernel/house.ts'
import type { Door } from '#kernel/serve.ts'
import { work } from '#kernel/work.ts'
import { readAddress } from './ari.ts'

const path = /^\/api\/phone\/([^/?]+)(?:\?.*)?$/
const patienceMs = 5_000
/** A browser that went without a word is found out by the network itself. */
const keepAliveMs = 30_000
/** Whoever was signed out, or lost the right, loses the phone within this time. */
const askAgainMs = 60_000

/** The way of phones in browsers to their node: one origin and one certificate for everything, and no node that browsers could reach. */
export function servePhones({ app, house }: Pick<Door, 'app' | 'house'>, everyMs = askAgainMs): void {
  if (!house.settings.telephones?.length) return
  const open = new Set<Duplex>()
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const name = path.exec(request.url ?? '')?.[1]
    if (name === undefined) return
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    pass(house, name, request, socket, head).then(
      () => askAgain(house, request, socket, everyMs),
      error => {
        house.log.warn({ err: error }, 'a phone could not be let through')
        socket.destroy()
      },
    )
  })
  app.addHook('preClose', async () => {
    for (const socket of open) socket.destroy()
  })
}

async function pass(house: House, name: string, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const node = house.settings.telephones?.find(each => [each.name, encodeURIComponent(each.name)].includes(name))
  if (!node) return refuse(socket, '404 Not Found')
  if (!isOwnPage(house, request) || !(await mayCall(house, request))) return refuse(socket, '401 Unauthorized')
  const address = new URL(readAddress(node.url).url)
  const isSecure = address.protocol === 'https:'
  const [host, port] = [address.hostname, Number(address.port || (isSecure ? 443 : 80))]
  const there: Socket = isSecure ? secure({ host, port, servername: host }) : plain({ host, port })
  there.setTimeout(patienceMs, () => there.destroy())
  there.on('error', () => {
    if (socket.writable) refuse(socket, '502 Bad Gateway')
  })
  there.on('close', () => socket.destroy())
  socket.on('close', () => there.destroy())
  there.once(isSecure ? 'secureConnect' : 'connect', () => {
    there.setTimeout(0)
    there.setNoDelay(true)
    if (socket instanceof Socket) socket.setKeepAlive(true, keepAliveMs).setNoDelay(true)
    there.write(
      [
        `GET ${address.pathname.replace(/\/$/, '')}/ws HTTP/1.1`,
        `Host: ${address.host}`,
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Key: ${word(request, 'sec-websocket-key')}`,
        `Sec-WebSocket-Version: ${word(request, 'sec-websocket-version')}`,
        'Sec-WebSocket-Protocol: sip',
        '',
        '',
      ].join('\r\n'),
    )
    if (head.length > 0) there.write(head)
    there.pipe(socket)
    socket.pipe(there)
  })
}

function askAgain(house: House, request: IncomingMessage, socket: Duplex, everyMs: number): void {
  const timer = setInterval(() => {
    mayCall(house, request).then(
      may => may || socket.destroy(),
      error => house.log.warn({ err: error }, 'it could not be told who may telephone'),
    )
  }, everyMs).unref()
  if (socket.destroyed) clearInterval(timer)
  socket.on('close', () => clearInterval(timer))
}

const word = (request: IncomingMessage, header: string): string => String(request.headers[header] ?? '').replace(/[^\w+/=]/g, '')

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** A page of another site opens no phone with our cookie. */
function isOwnPage(house: House, { headers }: IncomingMessage): boolean {
  const from = URL.parse(headers.origin ?? '')?.host
  return from !== undefined && [headers.host, headers['x-forwarded-host'], URL.parse(house.settings.publicUrl ?? '')?.host].includes(from)
}

async function mayCall(house: House, { headers }: IncomingMessage): Promise<boolean> {
  const token = readToken(/(?:^|;\s*)huiyin_session=([^;]+)/.exec(headers.cookie ?? '')?.[1])
  const authenticate = token?.kind === 's' ? house.authenticate.s : undefined
  if (!token || !authenticate) return false
  const actor = await work(house, { kind: 'anyone', tenantId: token.tenantId }, ctx => authenticate(ctx, token.secret))
  return actor?.kind === 'user' && !actor.secondFactorDue && scopeOf(actor, 'voice:call') !== null
}
