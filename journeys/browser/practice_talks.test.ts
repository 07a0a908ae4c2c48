import { expect, test } from 'vitest'
import { Calendar, calendars } from '#contract/calendars.ts'
import { FlowBody, flows } from '#contract/flows.ts'
import { routing } from '#contract/routing.ts'
import { tasks } from '#contract/tasks.ts'
import { calls, softphone } from '#contract/voice.ts'
import { PhoneNumber, phoneNumbers } from '#contract/voiceSettings.ts'
import { until } from '../story/client.ts'
import { type Centre, directNumber, furnishVoice } from '../voice/centre.ts'
import { hears } from '../voice/headset.ts'
import { heard, loudness } from '../voice/tones.ts'
import {
  agentTone,
  customerTone,
  dials,
  hearsNot,
  hearsTone,
  mine,
  noMicrophone,
  overOf,
  ready,
  recorded,
  seat,
  secondTone,
  takes,
  telephone,
  wholeOf,
} from './practiceCall.ts'
import { onStage, sees } from './stage.ts'

const stage = onStage()
const rate = 16_000

let centre: Centre | undefined
/** Both agents are away until they say that they are ready. */
async function furnished() {
  centre ??= await furnishVoice(stage.url, ['agent', 'agent2'], null)
  const [first, second] = centre.agents
  if (!first || !second) throw new Error('two agents')
  for (const one of [first, second]) await one.call(routing.setMine, { body: { state: 'offline', reasonId: null } })
  return { ...centre, first, second }
}
const part = (samples: Int16Array, from: number, until: number) =>
  samples.subarray(Math.round(Math.max(0, from) * rate), Math.round(Math.max(0, until) * rate))

test('three talk together and all hear one another; what is said while the recording pauses is kept nowhere; handed over blind, it is heard again', async () => {
  const { first, second, admin } = await furnished()
  const desk = (await seat(stage, 'agent', agentTone)).page
  await ready(first)
  const customer = await telephone(stage, '13800006021', { to: directNumber })
  await dials(customer)
  await takes(desk)
  await hearsTone(customer, 'the customer', agentTone)
  const { id } = await mine(first)
  const on = { params: { id } }
  const pausesOf = async () => (await wholeOf(admin, id)).recordings[0]?.pauses ?? []

  // A card number is said.
  await desk.getByRole('button', { name: '暂停录音' }).click()
  await sees(desk, '录音已暂停')
  const began = Date.now()
  await Promise.all([hearsTone(customer, 'the customer', agentTone), hearsTone(desk, 'the agent', customerTone)])
  await expect.poll(() => Date.now() - began).toBeGreaterThan(4_000)
  await desk.getByRole('button', { name: '继续录音' }).click()
  await expect.poll(pausesOf).toMatchObject([{ from: expect.any(Number), until: expect.any(Number) }])

  // A colleague is asked, and joins both.
  const other = (await seat(stage, 'agent2', secondTone)).page
  await first.call(softphone.consult, { ...on, body: { agentId: second.me.user.id } })
  await other.getByRole('alert', { name: /请您协助/ }).waitFor()
  await other.keyboard.press('Control+j')
  await hearsTone(desk, 'the agent', secondTone)
  await desk.getByRole('button', { name: '三方' }).click()
  await Promise.all([
    hearsTone(customer, 'the customer', agentTone),
    hearsTone(customer, 'the customer', secondTone),
    hearsTone(desk, 'the agent', customerTone),
    hearsTone(desk, 'the agent', secondTone),
    hearsTone(other, 'the second', customerTone),
    hearsTone(other, 'the second', agentTone),
  ])
  await desk.getByRole('button', { name: '返回客户' }).click()
  await hearsNot(customer, 'the customer', secondTone)
  await hearsTone(customer, 'the customer', agentTone)

  // Blind: the customer waits for this colleague first of all, and the agent is out of it.
  await ready(second)
  await first.call(softphone.transfer, { ...on, body: { to: { agentId: second.me.user.id } } })
  await takes(other)
  await Promise.all([hearsTone(customer, 'the customer', secondTone), hearsTone(other, 'the second', customerTone)])
  expect(await hears(customer, agentTone)).toBe(0)
  await customer.getByRole('button', { name: '挂断' }).click()
  expect(await overOf(admin, id)).toMatchObject({ cause: 'normal', agentId: second.me.user.id })

  const { recording, left, right } = await recorded(admin, desk, id, 'talk')
  const [pause] = recording.pauses
  if (!pause?.until) throw new Error('it was paused')
  expect(pause.until - pause.from).toBeGreaterThan(3)
  // The marks are the house's, the sound the browser's: a second at either end is left aside. Less than one step of 16 bits is what packing leaves of silence.
  for (const side of [left, right]) expect(loudness(part(side, pause.from + 1, pause.until - 1))).toBeLessThan(1)
  expect(heard(part(left, pause.until + 1, left.length / rate), customerTone, rate)).toBeGreaterThan(0.3)
  expect(heard(part(right, pause.until + 1, right.length / rate), agentTone, rate)).toBeGreaterThan(0.1)
  expect(heard(part(right, pause.until + 1, right.length / rate), secondTone, rate)).toBeGreaterThan(0.02)
  expect(stage.faults).toEqual([])
}, 300_000)

test('a message left out of hours is a task of whoever works the queue, and is heard there', async () => {
  const { first, second, admin, queueId } = await furnished()
  const messages = `9559${String(Date.now()).slice(-6)}`
  const days = ['0', '1', '2', '3', '4', '5', '6']
  const calendar = async (name: string, week: Calendar['week']) =>
    (await admin.call(calendars.add, { body: Calendar.parse({ name, week }) })).id
  const always = await calendar(`全天 ${messages}`, Object.fromEntries(days.map(day => [day, [{ from: 0, to: 1440 }]])))
  const never = await calendar(`不开 ${messages}`, {})
  const { id: flowId } = await admin.call(flows.add, {
    body: {
      name: messages,
      nameEn: '',
      draft: FlowBody.parse({
        first: 'day',
        nodes: [
          { key: 'day', name: '全天', kind: 'hours', calendarId: always, open: 'shut', closed: 'bye' },
          { key: 'shut', name: '下班', kind: 'hours', calendarId: never, open: 'bye', closed: 'message' },
          { key: 'message', name: '留言', kind: 'voicemail', sound: { text: '请留言', textEn: 'Leave a message' }, queueId, next: 'bye' },
          { key: 'bye', name: '再见', kind: 'hangup', sound: {} },
        ],
      }),
    },
  })
  await admin.call(flows.publish, { params: { id: flowId }, body: { note: '' } })
  await admin.call(phoneNumbers.add, { body: PhoneNumber.parse({ number: messages, name: messages, flowId }) })

  const customer = await telephone(stage, '13800004455', { to: messages })
  await dials(customer)
  await sees(customer, '正在录音')
  const began = Date.now()
  await expect.poll(() => Date.now() - began).toBeGreaterThan(3_000)
  await customer.keyboard.press('#')
  await sees(customer, '通话结束')

  // Whoever works this queue and has the fewest.
  const title = /听留言并回电：138\*{4}4455/
  const owner = await until(
    'the task is somebody’s',
    async () => {
      for (const [login, one] of [
        ['agent', first],
        ['agent2', second],
      ] as const) {
        const { rows } = await one.call(tasks.list, { query: { box: 'mine', size: 100 } })
        if (rows.some(t => title.test(t.title))) return login
      }
      return null
    },
    60_000,
  )
  const agent = (await stage.colleague(owner, '/tasks', { tone: agentTone })).page
  await agent.getByText(title).first().click()
  const message = agent.getByRole('region', { name: '录音' })
  await message.getByRole('button', { name: '播放', exact: true }).click({ timeout: 60_000 })
  await expect.poll(() => agent.evaluate(() => document.querySelector('audio')?.currentTime ?? 0)).toBeGreaterThan(0.3)
  // And answered: whoever left it is one touch away.
  await agent
    .getByRole('button', { name: /^拨打 138/ })
    .first()
    .click()
  await customer.getByRole('button', { name: '接听' }).click()
  await Promise.all([hearsTone(customer, 'the customer', agentTone), hearsTone(agent, 'the agent', customerTone)])
  await customer.getByRole('button', { name: '挂断' }).click()

  const [, call] = (await admin.call(calls.list, { query: { size: 2 } })).rows
  const { left } = await recorded(admin, agent, call?.id ?? '', 'voicemail')
  expect(heard(left, customerTone, rate)).toBeGreaterThan(0.3)
  expect(stage.faults).toEqual([])
})

test('without a microphone on either side nothing hangs: both are told, and the other is still heard', async () => {
  const { first, admin } = await furnished()
  const deaf = await seat(stage, 'agent', agentTone)
  await ready(first)
  const dumb = await telephone(stage, '13800007007', { to: directNumber, tone: null })
  await dials(dumb)
  await sees(dumb, '没有麦克风：您听得到对方，对方听不到您')
  await takes(deaf.page)
  await sees(dumb, '正在和坐席通话')
  const { id } = await mine(first)
  expect(await hears(deaf.page, customerTone)).toBe(0)
  await dumb.getByRole('button', { name: '挂断' }).click()
  await overOf(admin, id)
  await deaf.context.close()

  const silent = await stage.colleague('agent', null)
  await noMicrophone(silent.context)
  const mute = silent.page
  await mute.goto(`${stage.url}/desk`)
  await mute.locator('.bell').waitFor()
  await ready(first)
  const customer = await telephone(stage, '13800007008', { to: directNumber })
  await dials(customer)
  await takes(mute)
  await sees(mute, '对方听不到您')
  await sees(customer, '正在和坐席通话')
  const again = await mine(first)
  expect(await hears(customer, agentTone)).toBe(0)
  await mute.keyboard.press('Control+e')
  await sees(customer, '评分')
  await customer.getByRole('button', { name: '挂断' }).click()
  expect(await overOf(admin, again.id)).toMatchObject({ cause: 'normal' })
  expect(stage.faults).toEqual([])
})

test('a second tab neither takes the sound nor doubles the call; when the first is closed the call goes on in the second', async () => {
  const { first, admin } = await furnished()
  const { page: desk, context } = await seat(stage, 'agent', agentTone)
  const second = await context.newPage()
  await second.goto(`${stage.url}/desk`)
  await second.getByRole('button', { name: '电话在另一个标签页' }).waitFor()
  await ready(first)
  const customer = await telephone(stage, '13800006021', { to: directNumber })
  await dials(customer)
  // It rings on both screens and is taken on the one without the phone.
  await desk.getByRole('alert', { name: /来电/ }).waitFor()
  await takes(second)
  await Promise.all([hearsTone(customer, 'the customer', agentTone), hearsTone(desk, 'the first tab', customerTone)])
  expect(await hears(second, customerTone)).toBe(0)
  await desk.getByRole('alert', { name: /来电/ }).waitFor({ state: 'detached' })
  const { id } = await mine(first)
  const up = async () => (await wholeOf(admin, id)).legs.filter(l => l.party === 'agent' && l.endedAt === null).length
  expect(await up()).toBe(1)
  // Its buttons act there all the same.
  await second.keyboard.press('h')
  await hearsNot(customer, 'the customer', agentTone)
  await second.keyboard.press('h')
  await hearsTone(customer, 'the customer', agentTone)

  await desk.close()
  await Promise.all([hearsTone(second, 'the second tab', customerTone), hearsTone(customer, 'the customer', agentTone)])
  expect((await mine(first)).id).toBe(id)
  await until('one leg is left', async () => (await up()) === 1)
  await customer.getByRole('button', { name: '挂断' }).click()
  expect(await overOf(admin, id)).toMatchObject({ cause: 'normal', agentId: first.me.user.id })
})
