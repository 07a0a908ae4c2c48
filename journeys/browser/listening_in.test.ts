import { expect, test } from 'vitest'
import { routing } from '#contract/routing.ts'
import { calls } from '#contract/voice.ts'
import { until } from '../story/client.ts'
import { furnishVoice, number } from '../voice/centre.ts'
import { hears } from '../voice/headset.ts'
import { agentTone, customerTone, hearsNot, hearsTone, secondTone } from './practiceCall.ts'
import { onStage, phone, sees } from './stage.ts'

const stage = onStage()
const leaderTone = secondTone

test('a leader sees who is on the phone, listens unheard, whispers to the agent alone, barges in, and takes over', async () => {
  const { agents, admin } = await furnishVoice(stage.url, ['agent'], null)
  const [first] = agents
  if (!first) throw new Error('an agent')
  const desk = (await stage.colleague('agent', '/desk', { tone: agentTone })).page
  await desk.locator('.bell').waitFor()
  await first.call(routing.setMine, { body: { state: 'ready', reasonId: null } })
  const team = (await stage.colleague('lead', '/team', { tone: leaderTone })).page
  await team.locator('.bell').waitFor()
  const { page: customer } = await stage.colleague('supervisor', '/phone', { tone: customerTone, size: phone })
  await customer.getByLabel('拨打', { exact: true }).selectOption(number)
  await customer.getByLabel('我的号码').fill('13800006021')
  await customer.getByLabel('我的号码').press('Tab')
  await customer.getByRole('button', { name: '拨打电话' }).click()
  await customer
    .getByRole('group', { name: '按键' })
    .getByRole('button', { name: '1', exact: true })
    .and(customer.locator(':enabled'))
    .waitFor()
  await sees(customer, '欢迎')
  await customer.keyboard.press('1')
  await sees(customer, '已按 1')
  await customer.keyboard.type('1024')
  await desk.getByRole('alert', { name: '来电 陈雨桐' }).waitFor()
  await desk.keyboard.press('Control+j')
  await hearsTone(customer, 'the customer', agentTone)

  const now = team.getByRole('region', { name: '正在通话' })
  await sees(now, '陈雨桐')
  const act = (name: string) => now.getByRole('button', { name, exact: true }).click()
  /** Which of the three is on, as the leader sees it. */
  const on = (name: string) =>
    now
      .locator('[aria-pressed=true]')
      .and(now.getByRole('button', { name, exact: true }))
      .waitFor()
  await act('监听')
  await on('监听')
  await Promise.all([hearsTone(team, 'the leader', customerTone), hearsTone(team, 'the leader', agentTone)])
  await Promise.all([hearsNot(customer, 'the customer', leaderTone), hearsNot(desk, 'the agent', leaderTone)])
  await act('耳语')
  await on('耳语')
  await hearsTone(desk, 'the agent', leaderTone)
  expect(await hears(customer, leaderTone)).toBe(0)
  await act('强插')
  await on('强插')
  await Promise.all([hearsTone(desk, 'the agent', leaderTone), hearsTone(customer, 'the customer', leaderTone)])
  // Leaving ends nobody's call, and is one touch in the list as in the bar.
  await team.getByRole('region', { name: '通话中' }).getByRole('button', { name: '退出' }).waitFor()
  await act('退出')
  await Promise.all([hearsNot(desk, 'the agent', leaderTone), hearsNot(customer, 'the customer', leaderTone)])
  await now.getByRole('button', { name: '退出' }).waitFor({ state: 'detached' })
  expect(await now.locator('[aria-pressed=true]').count()).toBe(0)
  await hearsTone(customer, 'the customer', agentTone)
  await act('强插')
  await hearsTone(customer, 'the customer', leaderTone)
  await act('接管')
  await team.getByRole('dialog').getByRole('button', { name: '接管', exact: true }).click()
  await hearsNot(desk, 'the agent', customerTone)
  await Promise.all([hearsTone(team, 'the leader', customerTone), hearsTone(customer, 'the customer', leaderTone)])
  await customer.getByRole('button', { name: '挂断' }).click()

  // Each of it stands in the audit under the leader's name.
  const lead = await (await team.context().request.get(`${stage.url}/api/me`)).json()
  const [call] = (await admin.call(calls.list, { query: { size: 1 } })).rows
  const whole = await until('the call is over', async () => {
    const found = await admin.call(calls.one, { params: { id: call?.id ?? '' } })
    return found.stage === 'over' && found
  })
  const attended = whole.marks.filter(m => m.what === 'attended')
  expect(attended.length).toBe(5)
  expect(new Set(attended.map(m => m.by))).toEqual(new Set([lead.user.id]))
  expect(whole.agentId).toBe(lead.user.id)
  expect(stage.faults).toEqual([])
}, 240_000)
