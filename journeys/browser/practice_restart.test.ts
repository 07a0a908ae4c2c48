import { expect, test } from 'vitest'
import { heard } from '../voice/tones.ts'
import { agentTone, customerTone, hearsNot, mine, overOf, recorded, talking, wholeOf } from './practiceCall.ts'
import { onStage, sees } from './stage.ts'

const stage = onStage()

test('the server is restarted in the middle of a practice call: both go on hearing each other, the buttons work again, the record is right', async () => {
  const { agent, admin, desk, customer, both, call } = await talking(stage)
  const { id } = call
  const before = await wholeOf(admin, id)

  await stage.restart()
  await both()
  // The house knows again who is there, and neither of them was taken for gone.
  await sees(desk, '实时')
  await sees(customer, '正在和坐席通话')
  await desk.keyboard.press('h')
  await hearsNot(customer, 'the customer', agentTone)
  await sees(customer, '正在听等待音乐')
  await desk.keyboard.press('h')
  await both()
  expect((await mine(agent)).id).toBe(id)

  await customer.getByRole('button', { name: '挂断' }).click()
  const whole = await overOf(admin, id)
  expect(whole).toMatchObject({ cause: 'normal', agentId: agent.me.user.id, startedAt: before.startedAt, answeredAt: before.answeredAt })
  expect(whole.legs.filter(l => l.party === 'agent').length).toBe(1)
  expect(whole.marks.map(m => m.what)).toEqual(['held', 'resumed'])
  const { left, right } = await recorded(admin, desk, id, 'talk')
  expect(heard(left, customerTone, 16_000)).toBeGreaterThan(0.3)
  expect(heard(right, agentTone, 16_000)).toBeGreaterThan(0.1)
}, 300_000)
