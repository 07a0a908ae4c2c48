import { expect, test } from 'vitest'
import { FlowBody, flows } from '#contract/flows.ts'
import { interactions } from '#contract/interactions.ts'
import { routing, waiting } from '#contract/routing.ts'
import { calls } from '#contract/voice.ts'
import { PhoneNumber, phoneNumbers } from '#contract/voiceSettings.ts'
import { until } from '../story/client.ts'
import { directNumber, furnishVoice } from '../voice/centre.ts'
import { hears } from '../voice/headset.ts'
import { agentTone, customerTone, dials, hearsTone, overOf, ready, seat, telephone, wholeOf } from './practiceCall.ts'
import { onStage, sees } from './stage.ts'

const stage = onStage()

test('whoever asks to be called back hangs up, keeps the place before those who came later, and is called when an agent has taken it', async () => {
  const { agents, admin, queueId } = await furnishVoice(stage.url, ['agent'], null)
  const [agent] = agents
  if (!agent) throw new Error('an agent')
  await agent.call(routing.setMine, { body: { state: 'offline', reasonId: null } })
  const number = `9557${String(Date.now()).slice(-6)}`
  const waits = { key: 'queue', name: '排队', kind: 'queue', queueId, tellEvery: 0, callBackAfter: 2 }
  const { id: flowId } = await admin.call(flows.add, {
    body: { name: number, nameEn: '', draft: FlowBody.parse({ first: 'queue', nodes: [waits] }) },
  })
  await admin.call(flows.publish, { params: { id: flowId }, body: { note: '' } })
  await admin.call(phoneNumbers.add, { body: PhoneNumber.parse({ number, name: number, flowId }) })

  const customer = await telephone(stage, '13800006021', { to: number })
  await dials(customer)
  await sees(customer, '按 1 挂断，位置保留，轮到您时回电')
  const later = await telephone(stage, '13800003317', { to: directNumber })
  await dials(later)
  await sees(later, '正在听等待音乐')
  await customer.keyboard.press('1')
  await sees(customer, '位置已保留，轮到您时回电')
  await sees(customer, '通话结束')
  const inTurn = async () => (await admin.call(waiting.list, { query: { queueId } })).rows
  const [first] = await inTurn()
  expect(first).toMatchObject({ customerName: '陈雨桐' })
  expect(await inTurn()).toHaveLength(2)

  const desk = (await seat(stage, 'agent', agentTone)).page
  await ready(agent)
  await desk.getByRole('alert', { name: '回拨 陈雨桐' }).waitFor({ timeout: 60_000 })
  // Nobody is rung before an agent is there.
  expect(await customer.getByRole('button', { name: '接听' }).count()).toBe(0)
  await desk.keyboard.press('Control+j')
  await customer.getByRole('button', { name: '接听' }).click()
  await Promise.all([hearsTone(customer, 'the customer', agentTone), hearsTone(desk, 'the agent', customerTone)])
  expect(await hears(later, agentTone)).toBe(0)
  await customer.getByRole('button', { name: '挂断' }).click()

  const contact = { params: { id: first?.id ?? '' } }
  const { id } = await until('the call of the contact', async () => (await admin.call(calls.ofInteraction, contact)).call)
  expect(await overOf(admin, id)).toMatchObject({ cause: 'normal', direction: 'in', agentId: agent.me.user.id })
  // It is one call: the customer came, went and was called.
  const customers = async () => (await wholeOf(admin, id)).legs.filter(l => l.party === 'customer').map(l => l.cause)
  await expect.poll(customers).toEqual(['normal', 'normal'])
  expect(await admin.call(interactions.one, contact)).toMatchObject({ answeredAt: expect.any(Date) })
  await later.getByRole('button', { name: '挂断' }).click()
}, 300_000)
