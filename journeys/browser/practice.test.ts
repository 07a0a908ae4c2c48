import { expect, test } from 'vitest'
import { interactions } from '#contract/interactions.ts'
import { surveys } from '#contract/surveys.ts'
import { softphone } from '#contract/voice.ts'
import { signIn, until } from '../story/client.ts'
import { type Centre, furnishVoice } from '../voice/centre.ts'
import { heard } from '../voice/tones.ts'
import {
  agentTone,
  customerTone,
  hearsMusic,
  hearsNot,
  hearsTone,
  mine,
  overOf,
  ready,
  recorded,
  seat,
  secondTone,
  takes,
  telephone,
  toTheQueue,
  wholeOf,
} from './practiceCall.ts'
import { onStage, password, phone, sees, unprovoked } from './stage.ts'

const stage = onStage()
const provoked: RegExp[] = []

let centre: Centre | undefined
async function furnished(): Promise<Centre> {
  centre ??= await furnishVoice(stage.url, ['agent', 'agent2'], null)
  return centre
}

test('two browsers on the practice line: keys, queue, one key to answer, both heard, held, handed over, rated and recorded', async () => {
  const { agents } = await furnished()
  const [first, second] = agents
  if (!first || !second) throw new Error('two agents')
  const desk = (await seat(stage, 'agent', agentTone)).page
  await ready(first)
  const customer = await telephone(stage, '13800006021')
  await toTheQueue(customer)

  // Who calls is on the screen before anybody answers.
  const card = desk.getByRole('alert', { name: '来电 陈雨桐' })
  await card.waitFor()
  await sees(card, '138****6021')
  await desk.keyboard.press('Control+j')
  await sees(desk, '练习线路')
  await Promise.all([hearsTone(customer, 'the customer', agentTone), hearsTone(desk, 'the agent', customerTone)])
  await sees(customer, '正在和坐席通话')
  const { id } = await mine(first)

  await desk.keyboard.press('h')
  await sees(customer, '正在听等待音乐')
  await expect.poll(() => hearsMusic(customer)).toBe(true)
  await Promise.all([hearsNot(customer, 'the customer', agentTone), hearsNot(desk, 'the agent', customerTone)])
  await desk.keyboard.press('h')
  await Promise.all([hearsTone(customer, 'the customer', agentTone), hearsTone(desk, 'the agent', customerTone)])

  // The page is loaded anew in the middle of a sentence: it is the same call.
  await desk.reload()
  await Promise.all([hearsTone(desk, 'the agent again', customerTone), hearsTone(customer, 'the customer again', agentTone)])
  expect((await mine(first)).id).toBe(id)

  const other = (await seat(stage, 'agent2', secondTone)).page
  await ready(second)
  const on = { params: { id } }
  await first.call(softphone.consult, { ...on, body: { agentId: second.me.user.id } })
  await other.getByRole('alert', { name: /请您协助/ }).waitFor()
  await other.keyboard.press('Control+j')
  await Promise.all([hearsTone(desk, 'the agent', secondTone), hearsTone(other, 'the second', agentTone)])
  await hearsNot(customer, 'the customer', agentTone)
  await first.call(softphone.transfer, { ...on, body: {} })
  await Promise.all([hearsTone(customer, 'the customer', secondTone), hearsTone(other, 'the second', customerTone)])

  // The agent is out of it, and has nobody in the ear; the customer stays and is asked.
  const admin = (await furnished()).admin
  await other.keyboard.press('Control+e')
  await sees(customer, '评分')
  await Promise.all([hearsNot(customer, 'the customer', secondTone), hearsNot(other, 'the second', customerTone)])
  const left = async () => (await wholeOf(admin, id)).legs.filter(l => l.endedAt === null).map(l => l.party)
  await expect.poll(left).toEqual(['customer'])
  expect((await wholeOf(admin, id)).stage).toBe('rating')
  await customer.keyboard.press('7')
  await sees(customer, '没有这个选项')
  await customer.keyboard.press('5')
  await sees(customer, '谢谢')
  await sees(customer, '通话结束')

  const whole = await overOf(admin, id)
  expect(whole).toMatchObject({ line: 'practice', cause: 'normal', agentId: second.me.user.id })
  expect(whole.legs.filter(l => l.party === 'agent' && l.answeredAt !== null).length).toBeGreaterThanOrEqual(2)
  const customerLeg = whole.legs.find(l => l.party === 'customer')
  expect(customerLeg).toMatchObject({ answeredAt: expect.any(Date), endedAt: expect.any(Date) })
  await until('the rating', async () => (await admin.call(interactions.one, { params: { id: whole.interactionId ?? '' } })).rating === 5)
  const { rows } = await admin.call(surveys.ratings, { query: { agentId: second.me.user.id, size: 1 } })
  expect(rows).toMatchObject([{ score: 5, interactionId: whole.interactionId }])

  // Both sides apart: what the customer said, and what our agents said, one after the other.
  const { left: theirs, right } = await recorded(admin, desk, id, 'talk')
  expect(heard(theirs, customerTone, 16_000)).toBeGreaterThan(0.3)
  expect(heard(theirs, agentTone, 16_000)).toBeLessThan(0.02)
  expect(heard(right, agentTone, 16_000)).toBeGreaterThan(0.05)
  expect(heard(right, secondTone, 16_000)).toBeGreaterThan(0.02)
  expect(heard(right, customerTone, 16_000)).toBeLessThan(0.02)
  expect(unprovoked(stage.faults, provoked)).toEqual([])
})

test('a browser that dies leaves nobody in silence: the caller is the first in the queue again', async () => {
  const { agents } = await furnished()
  const [first, second] = agents
  if (!first || !second) throw new Error('two agents')
  const deskOfFirst = await seat(stage, 'agent', agentTone)
  await ready(first)
  const customer = await telephone(stage, '13800003317')
  await toTheQueue(customer)
  await takes(deskOfFirst.page)
  await hearsTone(customer, 'the customer', agentTone)
  const { id } = await mine(first)

  await deskOfFirst.context.close()
  await expect.poll(() => hearsMusic(customer)).toBe(true)
  await until('the caller waits again', async () => ['mending', 'waiting'].includes((await wholeOf((await furnished()).admin, id)).stage))
  const other = (await seat(stage, 'agent2', secondTone)).page
  await ready(second)
  await takes(other)
  await hearsTone(customer, 'the customer', secondTone)
  expect(await hearsMusic(customer)).toBe(false)
  await customer.getByRole('button', { name: '挂断' }).click()
  await overOf((await furnished()).admin, id)
})

test('a number that is switched on at a second telephone ends no call: the first has it until its call is over', async () => {
  await furnished()
  const first = await telephone(stage, '13800003317')
  await toTheQueue(first)
  const second = await telephone(stage, '13800003317')
  await sees(second, '也能接听打来的电话')
  await sees(first, '正在听等待音乐')
  await first.getByRole('button', { name: '挂断' }).click()
  await sees(first, '通话结束')
  await first.getByRole('button', { name: '再打一次' }).click()
  await sees(first, '这个号码在另一个页面开机了')
  // Whoever opens one anew begins as somebody whose telephone is off.
  const begins = async () => {
    const { page } = await stage.colleague('lead', '/phone', { size: phone })
    await sees(page, '也能接听打来的电话')
    return page.getByLabel('我的号码').inputValue()
  }
  expect(await begins()).not.toBe(await begins())
})

test('an agent calls out: the telephone of that number rings, and hears the agent', async () => {
  await furnished()
  const agent = await signIn(stage.url, 'agent', password)
  const desk = (await seat(stage, 'agent', agentTone)).page
  const customer = await telephone(stage, '13700007777')
  await sees(customer, '也能接听打来的电话')
  await agent.call(softphone.place, { body: { number: '13700007777', clientId: crypto.randomUUID() } })
  await customer.getByRole('button', { name: '接听' }).click()
  await Promise.all([hearsTone(customer, 'the customer', agentTone), hearsTone(desk, 'the agent', customerTone)])
  await customer.getByRole('button', { name: '挂断' }).click()
  await sees(customer, '通话结束')
})
