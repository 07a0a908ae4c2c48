import { expect, test } from 'vitest'
import { overOf, talking } from './practiceCall.ts'
import { onStage, sees } from './stage.ts'

const stage = onStage()

test('who calls is known before the first word; the file is found by initials, edited in the talk, and its history tells all of it', async () => {
  const { admin, desk, customer, both, call } = await talking(stage)
  await sees(desk.getByRole('complementary', { name: '客户与工单' }), '陈雨桐')

  // Found by initials while the talk goes on.
  await desk.keyboard.press('Control+k')
  const palette = desk.getByRole('dialog')
  await palette.getByRole('combobox').fill('chenyt')
  await palette.getByRole('option', { name: /陈雨桐/, selected: true }).waitFor()
  await desk.keyboard.press('Enter')
  await desk.waitForURL('**/customers/*')
  await desk.getByRole('heading', { level: 1, name: '陈雨桐' }).waitFor()

  const history = desk.getByRole('region', { name: '往来时间线' })
  await desk.keyboard.press('e')
  const form = desk.getByRole('dialog')
  await form.getByLabel('片区').fill('江北片区')
  await desk.keyboard.press('Control+Enter')
  await form.waitFor({ state: 'hidden' })
  await sees(history, /修改片区/)
  const words = `水表井盖在花坛里 ${crypto.randomUUID().slice(0, 6)}`
  await desk.getByRole('textbox', { name: '写一条备注' }).fill(words)
  await desk.keyboard.press('Control+Enter')
  await sees(desk.getByRole('region', { name: '备注' }), words)
  // Nobody was interrupted.
  await both()

  await customer.getByRole('button', { name: '挂断' }).click()
  await overOf(admin, call.id)

  // One sort at a time, and by what was written.
  await history.getByRole('tab', { name: /^接触/ }).click()
  await sees(history, '电话')
  await history.getByText(/修改片区/).waitFor({ state: 'hidden' })
  await history.getByRole('tab', { name: /^全部/ }).click()
  await history.getByRole('textbox', { name: '搜索往来' }).fill(words)
  await sees(history, words)
  await history.getByText(/修改片区/).waitFor({ state: 'hidden' })
  await history.getByRole('textbox', { name: '搜索往来' }).fill('从没说过的话')
  await sees(history, '没有提到“从没说过的话”的往来')
  expect(stage.faults).toEqual([])
}, 300_000)
