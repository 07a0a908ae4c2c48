import { expect, test } from 'vitest'
import { onStage, sees } from './stage.ts'

const stage = onStage()

const said = {
  zh: {
    capture: /^记下需求/, what: /^需求/, words: '客户原话', save: /^保存/, similar: '可能已经有人提过', same: '就是这一条', panel: '需求', two: '2 人提出', three: '3 人提出',
    answer: '答复', text: '怎么答复', send: /^答复/, title: '管网地图给物业看', near: '把管网地图给物业看看', mine: '我们物业也想看管网图', reply: '物业可以在网上看到本小区的管网', planned: '已列计划',
    other: '管网图在线查看', into: '合并到', merge: '合并', apart: '拆开', parts: '并入的需求', course: '经过', tookIn: '并入“管网图在线查看”', history: '往来时间线', unreached: /^未告知 [1-9]/, inPerson: '已当面或电话告知',
  },
  en: {
    capture: /^Write down a need/, what: /^What is wanted/, words: 'In the customer’s words', save: /^Save/, similar: 'Somebody may have said it already', same: 'It is this one', panel: 'Needs', two: '2 voices', three: '3 voices',
    answer: 'Answer', text: 'What is said to them', send: /^Answer/, title: 'Leak alarms in the app', near: 'Leak alarms in the app please', mine: 'We would like alarms, too', reply: 'Alarms come with the next release', planned: 'Planned',
    other: 'Warn of leaks by app', into: 'Merge into', merge: 'Merge', apart: 'Take apart', parts: 'Merged into it', course: 'Course', tookIn: 'Took in “Warn of leaks by app”', history: 'Time line', unreached: /^Not reached [1-9]/, inPerson: 'I told them',
  },
} // biome-ignore format: a table

for (const language of ['zh', 'en'] as const)
  test(`a need is written down, said again, merged by a person, and answered to whoever said it (${language})`, async () => {
    const t = said[language]
    const { page } = await stage.colleague('supervisor', '/needs', { language })
    const form = page.getByRole('dialog')
    const writeDown = async (title: string) => {
      await page.getByRole('button', { name: t.capture }).click()
      await form.getByLabel(t.what).fill(title)
      await form.getByRole('button', { name: t.save }).click()
      await form.waitFor({ state: 'hidden' })
    }
    await writeDown(t.title)
    await writeDown(t.other)

    // Another says nearly the same from the customer's page: one voice more, no second need.
    const csrf = (await page.context().cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
    const added = await page.request.post(`${stage.url}/api/customers`, {
      data: { name: language === 'zh' ? '桂园物业' : 'Laurel Estates' },
      headers: { 'x-csrf': csrf },
    })
    const customer = await added.json()
    await page.goto(`${stage.url}/customers/${customer.id}`)
    const panel = page.getByRole('region', { name: t.panel, exact: true })
    await panel.getByRole('button', { name: t.capture }).click()
    await form.getByLabel(t.what).fill(t.near)
    await form.getByLabel(t.words).fill(t.mine)
    const similar = form.getByRole('region', { name: t.similar })
    await similar.locator('.row').filter({ hasText: t.title }).getByRole('button', { name: t.same }).first().click()
    await form.waitFor({ state: 'hidden' })
    // It stands on the time line, and opens from there.
    await page.getByRole('region', { name: t.history }).getByRole('button', { name: t.title }).click()
    const drawer = page.getByRole('dialog').filter({ has: page.getByRole('tab', { name: t.course }) })
    await sees(drawer, t.two)
    await sees(drawer, t.mine)
    // What it was called where it was heard stands with the words.
    await sees(drawer, t.near)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })

    // The other one says the same, says a person: read as one, and its course tells so.
    await page.goto(`${stage.url}/needs`)
    await page.getByRole('row').filter({ hasText: t.other }).click()
    await drawer.getByRole('combobox', { name: t.into }).fill(t.title)
    await page.getByRole('option', { name: new RegExp(t.title) }).waitFor({ state: 'attached' })
    await page.locator('.ant-select-item-option').filter({ hasText: t.title }).click()
    await drawer.getByRole('button', { name: t.merge, exact: true }).click()
    await sees(drawer, t.three)
    await sees(drawer.getByRole('region', { name: t.parts }), t.other)
    await drawer.getByRole('tab', { name: t.course }).click()
    await sees(drawer, t.tookIn)
    await drawer.getByRole('region', { name: t.parts }).getByRole('button', { name: t.apart }).click()
    await sees(drawer, t.two)
    await drawer.getByRole('tab').first().click()

    // Answered: the words stand there; whom no message reaches is seen, and told in person.
    await drawer.getByRole('button', { name: t.answer, exact: true }).click()
    const answer = page.getByRole('dialog').filter({ has: page.getByLabel(t.text) })
    await answer.getByText(t.planned, { exact: true }).click()
    await answer.getByLabel(t.text).fill(t.reply)
    await answer.getByRole('button', { name: t.send }).click()
    await sees(drawer, t.reply)
    await drawer.getByText(t.unreached).click()
    await drawer.getByRole('button', { name: t.inPerson }).click()
    await drawer.getByRole('button', { name: t.inPerson }).waitFor({ state: 'hidden' })
    expect(stage.faults).toEqual([])
  })

test('a need heard in a talk is written down at the desk, and stands beside the talk and in its contact', async () => {
  const t = said.zh
  const { page } = await stage.colleague('agent', '/desk')
  const [talk] = (await (await page.request.get(`${stage.url}/api/conversations?box=done&size=1`)).json()).rows
  await page.goto(`${stage.url}/desk?c=${talk.id}`)
  const beside = page.getByRole('region', { name: t.panel, exact: true })
  await beside.getByRole('button', { name: t.capture }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel(t.what).fill('周末也能办过户')
  await form.getByRole('button', { name: t.save }).click()
  await form.waitFor({ state: 'hidden' })
  await sees(beside, '周末也能办过户')
  await page.goto(`${stage.url}/contacts?contact=${talk.interactionId}`)
  await sees(page.getByRole('dialog').getByRole('region', { name: t.panel, exact: true }), '周末也能办过户')

  // A filter that finds nothing says so, and is cleared there.
  await page.goto(`${stage.url}/needs?q=${encodeURIComponent('周末过户以外')}&state=declined`)
  await sees(page, '没有符合条件的')
  await page.getByRole('button', { name: '清除筛选' }).click()
  await page.getByRole('row').filter({ hasText: '周末也能办过户' }).waitFor()
  expect(stage.faults).toEqual([])
})
