import { expect, test } from 'vitest'
import { tickets } from '#contract/tickets.ts'
import { until } from '../story/client.ts'
import { mine, overOf, talking } from './practiceCall.ts'
import { focused, onStage, sees } from './stage.ts'

const stage = onStage()

test('in a call one key opens a ticket that knows customer, contact and call; the talk goes on, and all lead to one another', async () => {
  const { agent, admin, desk, customer, both, call } = await talking(stage)
  const { id, interactionId, customerId } = call
  await sees(desk.getByRole('complementary', { name: '客户与工单' }), '陈雨桐')

  await desk.keyboard.press('c')
  const form = desk.getByRole('dialog', { name: '新建工单' })
  await focused(form.getByRole('radio', { checked: true }))
  await sees(form, '陈雨桐')
  await sees(form, /呼入 \d\d:\d\d 138\*{4}6021/)
  await form.getByText('投诉', { exact: true }).click()
  await form.getByText('服务', { exact: true }).click()
  const title = `总阀关不上 ${crypto.randomUUID().slice(0, 8)}`
  await form.getByLabel('标题').fill(title)
  await both()
  await desk.keyboard.press('Control+Enter')
  await form.waitFor({ state: 'hidden' })
  await sees(desk.getByRole('complementary', { name: '客户与工单' }), title)
  // It was opened in the middle of the talk, which nobody interrupted.
  await both()
  expect((await mine(agent)).id).toBe(id)

  const [line] = (await admin.call(tickets.list, { query: { box: 'all', interactionId: interactionId ?? '' } })).rows
  expect(line).toMatchObject({ title, customerId, openedById: agent.me.user.id })
  await customer.getByRole('button', { name: '挂断' }).click()
  await overOf(admin, id)
  await until(
    'the ticket knows its call',
    async () => (await admin.call(tickets.one, { params: { id: line?.id ?? '' } })).interactionId === interactionId,
  )

  // From the record of the call to its contact, to the ticket, and back to the call.
  const record = (await stage.colleague('supervisor', '/calls')).page
  await record.locator('.datatable tbody tr[tabindex="0"]').filter({ hasText: '陈雨桐' }).first().click()
  const drawer = record.getByRole('dialog')
  await sees(drawer.getByRole('region', { name: '由此建的工单' }), title)
  await drawer.getByRole('link', { name: '看联系记录' }).click()
  await record.waitForURL(/\/contacts\?contact=/)
  await drawer.getByRole('link', { name: '陈雨桐' }).waitFor()
  await drawer
    .getByRole('region', { name: '由此建的工单' })
    .getByRole('link', { name: new RegExp(title) })
    .click()
  await record.waitForURL(/\/tickets\//)
  await record.getByRole('region', { name: '这通电话' }).getByRole('button', { name: /呼入/ }).click()
  await sees(drawer, '看联系记录')
  expect(stage.faults).toEqual([])
}, 300_000)
