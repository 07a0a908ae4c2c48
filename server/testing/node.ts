import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** What stands in for an Asterisk where none is needed: it answers ARI with nothing in particular, and fails in the ways networks and strangers do. `lost`: it was heard, and the answer never came. */
export async function openNode(answer: (asked: { method: string; path: string; body: string }) => unknown = () => null) {
  const sockets = new Set<Duplex>()
  const asked: { method: string; path: string; body: string }[] = []
  let shakes = true
  let isCut = false
  const usual = (path: string) =>
    path.startsWith('asterisk/info') ? { system: { version: '22.0.0' } } : /^(channels|bridges|endpoints)/.test(path) ? [] : {}
  const server = createServer((request, reply) => {
    let body = ''
    request.on('data', part => (body += part))
    request.on('end', () => {
      if (isCut) return
      const heard = { method: request.method ?? '', path: decodeURI(request.url ?? '').replace(/^\/ari\//, ''), body }
      asked.push(heard)
      const said = answer(heard)
      if (said === 'lost') return void request.socket.resetAndDestroy()
      const status = typeof said === 'number' ? said : 200
      reply
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify(typeof said === 'number' ? {} : (said ?? usual(heard.path))))
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    if (!shakes || isCut) return
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
    // What the other side says is never heard, its farewell neither.
    socket.pause()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const port: number = Reflect.get(Object(server.address()), 'port')
  return {
    url: `http://huiyin:geheim@127.0.0.1:${port}`,
    asked,
    lines: () => sockets.size,
    /** One frame of text to whoever follows the events. */
    say: (text: string) => {
      const bytes = Buffer.from(text)
      const head = bytes.length < 126 ? Buffer.from([0x81, bytes.length]) : Buffer.from([0x81, 126, bytes.length >> 8, bytes.length & 255])
      for (const socket of sockets) socket.write(Buffer.concat([head, bytes]))
    },
    /** Agrees to a line for events, or never answers. */
    shakes: (does: boolean) => {
      shakes = does
    },
    /** Its network is away: nothing is answered, nothing is closed. */
    cut: (is: boolean) => {
      isCut = is
      if (!is) for (const socket of sockets) socket.destroy()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
