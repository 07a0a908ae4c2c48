// A process of `bench/live.ts`: consoles that watch, and how old what they hear is.
import { io } from 'socket.io-client'
import * as z from 'zod'
import { percentile } from './measure.ts'

const Order = z.union([
  z.object({ open: z.number(), url: z.string(), token: z.string(), topics: z.array(z.string()), from: z.number() }),
  z.object({ report: z.literal(true) }),
])
const Push = z.object({ id: z.string() })
const ages: number[] = []
let open = 0
const atOnce = 50

/** An event's id begins with the millisecond it was written at. */
const writtenAt = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

function connect(url: string, token: string, topic: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = io(url, { path: '/api/socket', transports: ['websocket'], auth: { token }, forceNew: true, reconnection: false })
    socket.once('ready', () => {
      open++
      socket.emit('watch', [topic], () => resolve())
    })
    socket.once('connect_error', reject)
    socket.once('disconnect', () => {
      open--
    })
    socket.on('push', (heard: string, _: string, payload: unknown) => {
      if (heard !== topic) return
      const push = Push.safeParse(payload)
      if (push.success) ages.push(Date.now() - writtenAt(push.data.id))
    })
  })
}

process.on('message', async (words: unknown) => {
  const order = Order.parse(words)
  if ('open' in order)
    for (let n = 0; n < order.open; n += atOnce)
      await Promise.all(
        Array.from({ length: Math.min(atOnce, order.open - n) }, (_, i) =>
          connect(order.url, order.token, order.topics[(n + i) % order.topics.length] ?? ''),
        ),
      )
  ages.sort((a, b) => a - b)
  process.send?.({ n: ages.length, p50: percentile(ages, 0.5), p99: percentile(ages, 0.99), open })
})
