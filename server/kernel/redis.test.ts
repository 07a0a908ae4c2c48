import { spawn, spawnSync } from 'node:child_process'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { afterEach, expect, test, vi } from 'vitest'
import { openRedis } from './redis.ts'

const hasRedis = spawnSync('redis-server', ['--version']).status === 0
const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

const listening = (server: Server) =>
  new Promise<number>(resolve =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    }),
  )
/** A port that nobody listens on. */
async function emptyPort() {
  const server = createServer()
  const port = await listening(server)
  await new Promise(resolve => server.close(resolve))
  return port
}
const told = () => ({ warn: vi.fn(), info: vi.fn() })
async function opened(port: number, log: ReturnType<typeof told>) {
  const began = Date.now()
  const redis = await openRedis(`redis://127.0.0.1:${port}`, log)
  endings.push(() => redis.destroy())
  return { redis, ms: Date.now() - began }
}

test('a start does not wait for a Redis that nobody reaches, and finds it when it comes', { timeout: 40_000 }, async () => {
  const port = await emptyPort()
  const log = told()
  const { redis, ms } = await opened(port, log)
  expect(ms).toBeLessThan(5_000)
  expect(redis.isReady).toBe(false)
  expect(log.warn).toHaveBeenCalledTimes(1)
  if (!hasRedis) return
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', tmpdir()], {
    stdio: 'ignore',
  })
  endings.push(() => server.kill('SIGKILL'))
  await vi.waitFor(() => expect(redis.isReady).toBe(true), { timeout: 20_000, interval: 50 })
  expect(await redis.ping()).toBe('PONG')
  expect([log.warn.mock.calls.length, log.info.mock.calls.length]).toEqual([1, 1])
})

test('nor for one that takes the connection and says nothing', { timeout: 40_000 }, async () => {
  const held: Socket[] = []
  const server = createServer(socket => void held.push(socket.on('error', () => {})))
  const port = await listening(server)
  endings.push(() => {
    for (const socket of held) socket.destroy()
    server.close()
  })
  const log = told()
  const { redis, ms } = await opened(port, log)
  expect(ms).toBeGreaterThan(2_500)
  expect(ms).toBeLessThan(6_000)
  expect(redis.isReady).toBe(false)
  expect(log.warn).toHaveBeenCalledTimes(1)
})
