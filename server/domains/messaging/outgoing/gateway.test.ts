import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openGateway } from '#testing/gateway.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { provider } from '#testing/outgoing.ts'
import { claim, noteTaken } from './claim.ts'
import { oneMessage } from './outbox.ts'
import { changePolicy } from './policy.ts'
import { addProvider, listProviders, retireProvider } from './providers.ts'
import { firstPolicy } from './rules.ts'
import { sendMessage } from './send.ts'
import { newSender } from './sender.ts'

let house: TestHouse
let sender: ReturnType<typeof newSender>
const closing: (() => unknown)[] = []
beforeAll(async () => {
  house = await openHouse()
  house.house.settings.privateHosts = ['127.0.0.1']
  await house.work(ctx => changePolicy(ctx, { ...firstPolicy, quietFrom: 0, quietTo: 0 }))
  sender = newSender(house.house)
})
afterEach(async () => {
  for (const { id } of await house.work(listProviders)) await house.work(ctx => retireProvider(ctx, id))
  await sender.beat(house.tenantId)
  for (const close of closing.splice(0)) await close()
})
afterAll(async () => {
  await sender.stop()
  await house.close()
})

let n = 0
const say = () =>
  house.work(ctx =>
    sendMessage(ctx, {
      channel: 'sms',
      purpose: 'ticket',
      template: 'ticket_opened',
      variables: { number: 'BX-1', link: 'x' },
      address: `+861381111${String(++n).padStart(4, '0')}`,
    }),
  )
const drain = () => sender.drain(house.tenantId)
const look = (id: string) => house.work(ctx => oneMessage(ctx, id))
/** Its own names for messages, and what it says of them when asked. */
const open = async (states: Record<string, number> = {}) => {
  const mark = `g${++n}-`
  const gateway = await openGateway({
    submit: (pdu, session, nth) => session.send(pdu.response({ message_id: `${mark}${nth}` })),
    query: (pdu, session) => {
      const state = states[String(pdu.message_id).slice(mark.length)]
      session.send(pdu.response(state ? { message_id: pdu.message_id, final_date: '', message_state: state } : { command_status: 0x67 }))
    },
  })
  closing.push(gateway.close)
  const way = await house.work(ctx => addProvider(ctx, provider('sms', gateway.settings, { secret: 'geheim', connections: 1 })))
  return { gateway, way, mark }
}

test('a receipt changes its message once, whenever and however often it comes; of strangers and nonsense nothing comes', async () => {
  const { gateway, mark } = await open()
  // Before our own note of the handing over, and twice.
  await sender.beat(house.tenantId)
  await expect.poll(() => gateway.sessions.size).toBe(1)
  expect(await gateway.tell(`id:${mark}1 stat:DELIVRD`)).toBe(0)
  const early = await say()
  await drain()
  expect((await look(early.id)).state).toBe('delivered')
  expect(await gateway.tell(`id:${mark}1 stat:DELIVRD`)).toBe(0)
  expect(await gateway.tell(`id:${mark}1 stat:UNDELIV err:001`)).toBe(0)
  expect((await look(early.id)).state).toBe('delivered')

  const late = await say()
  await drain()
  expect(await gateway.tell(`id:${mark}77 stat:DELIVRD`)).toBe(0)
  expect(await gateway.tell(`id:${mark}2\u0001 stat:DELIVRD`)).toBe(0)
  expect((await look(late.id)).state).toBe('handed')
  expect(await gateway.tell(`id:${mark}2 stat:UNDELIV err:034`)).toBe(0)
  expect(await look(late.id)).toMatchObject({ state: 'failed', reason: 'undeliv 034' })
  expect((await house.said('message.failed')).length).toBe(1)
})

test('what could not be kept is told again by the gateway, and loses nothing that came with it', async () => {
  const { gateway, mark } = await open()
  const [first, second] = [await say(), await say()]
  await drain()
  const { control } = house.house
  await control.query(`alter table messaging.receipt add constraint refused_here check (ref <> '${mark}1') not valid`)
  const [one, two] = await Promise.all([gateway.tell(`id:${mark}1 stat:DELIVRD`), gateway.tell(`id:${mark}2 stat:DELIVRD`)])
  expect([one, two]).toEqual([0x64, 0])
  await control.query('alter table messaging.receipt drop constraint refused_here')
  const states = async () => [(await look(first.id)).state, (await look(second.id)).state].sort()
  expect(await states()).toEqual(['delivered', 'handed'])
  expect(await gateway.tell(`id:${mark}1 stat:DELIVRD`)).toBe(0)
  expect(await states()).toEqual(['delivered', 'delivered'])
})

test('of what a lost process had in hand, what the gateway took is handed over; of the rest nobody knows', async () => {
  const { way, gateway, mark } = await open()
  await sender.beat(house.tenantId)
  await expect.poll(() => gateway.sessions.size).toBe(1)
  const [taken, silent] = [await say(), await say()]
  const { id: claimId, rows } = await house.work(ctx => claim(ctx, { ...way, others: true }, 10))
  expect(rows.map(r => r.id).sort()).toEqual([taken.id, silent.id].sort())
  await house.work(ctx => noteTaken(ctx, claimId, [{ id: taken.id, ref: `${mark}901` }]))
  // A note that comes when another has it in hand is nobody's.
  await house.work(ctx => noteTaken(ctx, way.id, [{ id: silent.id, ref: `${mark}902` }]))
  await house.pass(1)
  await drain()
  expect(await look(taken.id)).toMatchObject({ state: 'handed', providerRef: `${mark}901` })
  expect(await look(silent.id)).toMatchObject({ state: 'unknown', reason: 'cut_off', providerRef: null })
  expect(await gateway.tell(`id:${mark}901 stat:DELIVRD`)).toBe(0)
  expect((await look(taken.id)).state).toBe('delivered')
})

test('a receipt that does not come is asked for; an end is written down, all else waits, and no question goes on for ever', async () => {
  await open({ '1': 2, '2': 5, '3': 1 })
  const said = [await say(), await say(), await say(), await say()]
  await drain()
  const states = () => Promise.all(said.map(async ({ id }) => (await look(id)).state)).then(all => all.sort())
  const due = async () =>
    (await house.house.control.query('select 1 from messaging.outgoing where ask_at is not null and id = any($1)', [said.map(s => s.id)]))
      .rows.length
  expect(await states()).toEqual(['handed', 'handed', 'handed', 'handed'])
  await house.pass(31)
  await drain()
  expect(await states()).toEqual(['delivered', 'failed', 'handed', 'handed'])
  // Only the one that is still on its way is asked about again, and after three days no more.
  expect(await due()).toBe(1)
  await house.pass(73 * 60)
  await drain()
  expect(await due()).toBe(0)
  expect(await states()).toEqual(['delivered', 'failed', 'handed', 'handed'])
})
