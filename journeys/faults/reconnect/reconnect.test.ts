import { afterAll, beforeAll, expect, test } from 'vitest'
import { Queue } from '#contract/routing.ts'
import { openSession } from '#domains/identity/index.ts'
import { take } from '#domains/messaging/actions/answer.ts'
import { messagesOf } from '#domains/messaging/queries.ts'
import { addQueue } from '#domains/routing/index.ts'
import { newLive } from '#kernel/live.ts'
import { setTheDesk } from '#testing/chat.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { type Lane, runSchedule } from './schedule.ts'

const schedules = Number(process.env.SCHEDULES ?? (process.env.PROVE ? 1_000 : 40))
const side = Number(process.env.SIDE ?? 16)
const first = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))

let house: TestHouse
let lanes: Lane[]
beforeAll(async () => {
  house = await openHouse({ live: newLive({ pingInterval: 800, pingTimeout: 2_000 }) })
  const desk = await setTheDesk(house)
  const url = new URL(await house.app.listen({ port: 0, host: '127.0.0.1' }))
  lanes = []
  for (let n = 0; n < side; n++) {
    const queue = await house.work(ctx => addQueue(ctx, Queue.parse({ name: `队列 ${n}`, preferSeconds: 0 })))
    const agent = await desk.agent(`坐席 ${n}`, { capacity: 5_000, queues: [desk.ids.water, queue.id], ready: false })
    await desk.away(agent)
    // Nothing waits where the colleague works: only what is handed over rings there.
    const own = await house.work(ctx => addQueue(ctx, Queue.parse({ name: `同事 ${n}`, preferSeconds: 0 })))
    const colleague = await desk.agent(`同事 ${n}`, { capacity: 5_000, queues: [own.id] })
    const tokenOf = async (of: { id: string }) =>
      (await house.work(ctx => openSession(ctx, of.id, { ip: '127.0.0.1', userAgent: 'test' }))).token
    lanes.push({
      port: Number(url.port),
      widgetKey: desk.key,
      agent: { id: agent.id, token: await tokenOf(agent) },
      colleague: { id: colleague.id, token: await tokenOf(colleague) },
      take: id => house.as(agent).work(ctx => take(ctx, id)),
      truth: id => house.work(ctx => messagesOf(ctx, id, { afterSeq: 0, notes: true })),
    })
  }
})
afterAll(() => house.close())

test(`${schedules} schedules of broken lines lose, double and misplace nothing`, async () => {
  const failed: string[] = []
  const healed: number[] = []
  let [next, sent, faults] = [0, 0, 0]
  await Promise.all(
    lanes.map(async lane => {
      while (next < schedules && failed.length < 20) {
        const seed = first + next++
        try {
          const done = await runSchedule(seed, lane)
          healed.push(done.healedMs)
          sent += done.sent
          faults += done.faults
        } catch (error) {
          failed.push(`SEED=${seed} SCHEDULES=1: ${error instanceof Error ? error.message : error}`)
        }
      }
    }),
  )
  healed.sort((a, b) => a - b)
  const at = (share: number) => Math.round(healed[Math.floor((healed.length - 1) * share)] ?? 0)
  console.log(
    `${healed.length} schedules from seed ${first}: ${sent} messages, ${faults} faults; whole again after ${at(0.5)} ms (median), ${at(1)} ms (longest)`,
  )
  expect(failed.join('\n')).toBe('')
}, 1_200_000)
