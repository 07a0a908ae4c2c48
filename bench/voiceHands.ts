// A process of `bench/voice.ts`: its agents.
import * as z from 'zod'
import { sit } from '../journeys/voice/headless.ts'

const Order = z.union([z.object({ url: z.string(), bearers: z.array(z.string()) }), z.object({ report: z.literal(true) })])
let seated: Awaited<ReturnType<typeof sit>> | undefined

process.on('message', async (words: unknown) => {
  const order = Order.parse(words)
  if ('bearers' in order) seated = await sit(order.url, order.bearers)
  process.send?.(seated?.counted)
})
