import { expect, test } from 'vitest'
import { routing, waiting } from '#contract/routing.ts'
import { directNumber } from '../voice/centre.ts'
import { agentTone, dials, hearsMusic, mine, overOf, takes, talking, telephone, wholeOf } from './practiceCall.ts'
import { onStage, type Page, sees } from './stage.ts'

const stage = onStage()

async function onSleepyMachine() {
  const talk = await talking(stage)
  const { id } = talk.call
  const stageOf = async () => (await wholeOf(talk.admin, id)).stage
  return { ...talk, id, stageOf, machine: await stage.machineOf(agentTone) }
}

const hearsMusicSoon = (customer: Page) => expect.poll(() => hearsMusic(customer)).toBe(true)
const becomes = (stageOf: () => Promise<string>, stage: string) => expect.poll(stageOf, { timeout: 60_000 }).toBe(stage)
/** Nobody who was cut off hears silence, whether the server knows of it already or not. */
async function waitsWithMusic(customer: Page): Promise<void> {
  await sees(customer, '暂时听不到坐席')
  await hearsMusicSoon(customer)
}

test('an agent’s machine sleeps in a call: the customer hears music; woken soon it is the same call, woken late it rings first of all', async () => {
  const { agent, admin, queueId, machine, desk, customer, both, id, stageOf } = await onSleepyMachine()
  await machine.sleep()
  await waitsWithMusic(customer)
  await becomes(stageOf, 'mending')
  await hearsMusicSoon(customer)
  machine.wake()
  await both()
  expect((await mine(agent)).id).toBe(id)
  expect(await hearsMusic(customer)).toBe(false)

  await machine.sleep()
  await waitsWithMusic(customer)
  await becomes(stageOf, 'waiting')
  // Whoever calls now comes after.
  const later = await telephone(stage, '13800003317', { to: directNumber })
  await dials(later)
  const inTurn = async () => (await admin.call(waiting.list, { query: { queueId } })).rows.map(r => r.customerName)
  await expect.poll(inTurn).toEqual(['陈雨桐', expect.any(String)])
  await hearsMusicSoon(customer)
  machine.wake()
  // Told what became of it, and it is theirs again if they want it.
  const card = desk.getByRole('alert', { name: '来电 陈雨桐' })
  await card.waitFor()
  await desk.locator('.bell').click()
  await sees(desk, '您的电话断开了，陈雨桐 的来电已排到最前')
  await desk.keyboard.press('Escape')
  await takes(desk)
  await both()
  await customer.getByRole('button', { name: '挂断' }).click()
  expect(await overOf(admin, id)).toMatchObject({ cause: 'normal', agentId: agent.me.user.id })
  const ends = async () => (await wholeOf(admin, id)).legs.filter(l => l.party === 'agent').map(l => l.cause)
  await expect.poll(ends).toEqual(['lost', 'lost', 'normal'])
  await later.getByRole('button', { name: '挂断' }).click()
}, 300_000)

test('a machine that slept until its agent was no longer expected says so, and the caller is one touch away', async () => {
  const { agent, admin, machine, desk, customer, both, id } = await onSleepyMachine()
  await machine.sleep()
  const chosen = async () => (await agent.call(routing.mine)).presence.chosen
  await expect.poll(chosen, { timeout: 90_000 }).toBe('offline')
  machine.wake()
  await sees(desk, '断线期间已转为离线')
  await hearsMusicSoon(customer)
  await desk.locator('.presence').getByRole('button', { name: '示闲' }).click()
  await takes(desk)
  await both()
  await desk.getByText('断线期间已转为离线').waitFor({ state: 'detached' })
  await customer.getByRole('button', { name: '挂断' }).click()
  expect(await overOf(admin, id)).toMatchObject({ cause: 'normal' })
}, 300_000)

test('an agent’s network is away for ten seconds: the customer hears music, then the agent, and it is the same talk', async () => {
  const { admin, machine, desk, customer, both, id } = await onSleepyMachine()
  await machine.sleep('network')
  const began = Date.now()
  await waitsWithMusic(customer)
  await expect.poll(() => Date.now() - began).toBeGreaterThan(10_000)
  machine.wake()
  await both()
  await sees(customer, '正在和坐席通话')
  expect(await hearsMusic(customer)).toBe(false)
  await desk.keyboard.press('h')
  await sees(customer, '正在听等待音乐')
  await desk.keyboard.press('h')
  await both()
  await customer.getByRole('button', { name: '挂断' }).click()
  const whole = await overOf(admin, id)
  expect(whole).toMatchObject({ cause: 'normal' })
  expect(whole.legs.filter(l => l.party === 'agent').length).toBe(1)
}, 300_000)
