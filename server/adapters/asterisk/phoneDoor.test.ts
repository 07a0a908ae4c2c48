import { createServer, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openSession } from '#domains/identity/sessions.ts'
import { newApp } from '#kernel/http.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { servePhones } from './phoneDoor.ts'

let house: TestHouse
let node: Server
let app: Awaited<ReturnType<typeof newApp>>
let cookie = ''
let agentId = ''
const asked: string[] = []
const open = new Set<Socket>()
const portOf = ({ server }: { server: { address: () => unknown } }): number => Reflect.get(Object(server.address()), 'port')

beforeAll(async () => {
  house = await openHouse()
  const agent = await openDesk(house).person('陆')
  agentId = agent.id
  cookie = await house.work(async ctx => {
    const { id } = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'agent').executeTakeFirstOrThrow()
    await ctx.db.updateTable('identity.person').set({ roleId: id }).where('id', '=', agent.id).execute()
    const { token } = await openSession(ctx, agent.id, { ip: '127.0.0.1', userAgent: 'test' })
    return `huiyin_session=${token}`
  })
  // A node: it agrees to every upgrade, and says again what it hears.
  node = createServer()
  node.on('upgrade', (request, socket) => {
    asked.push(`${request.url} ${request.headers['sec-websocket-protocol']}`)
    socket.on('error', () => {})
    socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
    socket.pipe(socket)
  })
  await new Promise<void>(resolve => node.listen(0, '127.0.0.1', resolve))
  house.house.settings.telephones = [{ name: 'node', url: `http://huiyin:geheim@127.0.0.1:${portOf({ server: node })}`, own: false }]
  app = await newApp(house.house)
  servePhones({ app, house: house.house }, 50)
  await app.listen({ port: 0, host: '127.0.0.1' })
})
beforeEach(() => {
  for (const socket of open) socket.destroy()
  open.clear()
})
afterAll(async () => {
  await app.close()
  node.closeAllConnections()
  node.close()
  await house.close()
})

/** A browser's phone that knocks, and everything that is said to it. */
function knock(path: string, headers: Record<string, string> = {}) {
  const socket = connect(portOf(app), '127.0.0.1')
  open.add(socket)
  const host = `127.0.0.1:${portOf(app)}`
  const all = {
    host,
    connection: 'Upgrade',
    upgrade: 'websocket',
    origin: `http://${host}`,
    'sec-websocket-key': 'abc',
    'sec-websocket-version': '13',
    ...headers,
  }
  let heard = ''
  let over = false
  socket.on('data', part => {
    heard += part.toString('latin1')
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    over = true
  })
  socket.write(
    `GET ${path} HTTP/1.1\r\n${Object.entries(all)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
  )
  return { socket, heard: () => heard, isOver: () => over }
}

test('a phone of ours reaches its node, whose password nobody sees', async () => {
  const phone = knock('/api/phone/node', { cookie })
  await expect.poll(phone.heard).toContain('101 Switching Protocols')
  phone.socket.write('REGISTER sip:huiyin')
  await expect.poll(phone.heard).toContain('REGISTER sip:huiyin')
  expect(asked.at(-1)).toBe('/ws sip')
})

test.each([
  ['a name that is no name', '/api/phone/%E0%A4%A', {}, '404'],
  ['a node that is not there', '/api/phone/other', {}, '404'],
  ['nobody', '/api/phone/node', { cookie: '' }, '401'],
  ['a page of another site', '/api/phone/node', { origin: 'https://elsewhere.example' }, '401'],
])('%s is refused, and others are served', async (_, path, headers, code) => {
  const phone = knock(path, { cookie, ...headers })
  await expect.poll(phone.heard).toContain(`HTTP/1.1 ${code}`)
  await expect.poll(phone.isOver).toBe(true)
  await expect.poll(knock('/api/phone/node', { cookie }).heard).toContain('101')
})

test('a phone whose person was signed out is cut off', async () => {
  const phone = knock('/api/phone/node', { cookie })
  await expect.poll(phone.heard).toContain('101')
  await house.work(ctx => ctx.db.deleteFrom('identity.session').where('personId', '=', agentId).execute())
  await expect.poll(phone.isOver).toBe(true)
})
