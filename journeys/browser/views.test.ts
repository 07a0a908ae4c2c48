import { expect, test } from 'vitest'
import { onStage, type Page, sees } from './stage.ts'

const stage = onStage()

const heads = (page: Page) => page.locator('table.rows thead th:not(.pick)').allInnerTexts()
const rows = (page: Page) => page.locator('table.rows tbody tr').count()

test('a view is saved with its columns, shared, opened by another by its name and by its link, and taken back when deleted', async () => {
  const { page } = await stage.colleague('supervisor', '/tickets?box=open&status=handling')
  await page.getByRole('button', { name: '列', exact: true }).click()
  await page.getByRole('checkbox', { name: '承办人' }).check()
  await page.getByRole('button', { name: '前移 承办人' }).click()
  await page.getByRole('checkbox', { name: '客户' }).uncheck()
  const kept = ['编号', '标题', '承办', '状态', '时限', '承办人', '变动']
  await expect.poll(() => heads(page)).toEqual([expect.any(String), ...kept])
  const held = await rows(page)
  await page.getByRole('heading', { level: 1 }).click()
  await page.getByRole('button', { name: '保存为视图' }).click()
  await page.getByLabel('名称').fill('处理中')
  await page.getByText('所有人', { exact: true }).click()
  await page.keyboard.press('Control+Enter')
  const line = page.getByRole('navigation').getByRole('button', { name: /^处理中/ })
  await expect.poll(() => line.getAttribute('aria-current')).toBe('page')
  // Counted a few seconds after: whatever is kept is as many as the list shows.
  await expect.poll(() => line.innerText(), { timeout: 20_000 }).toMatch(new RegExp(`处理中\\s*${held}$`))

  const { page: other } = await stage.colleague('lead', '/tickets', { language: 'en' })
  await other
    .getByRole('navigation')
    .getByRole('button', { name: /^处理中/ })
    .click()
  await expect.poll(() => heads(other)).toEqual([expect.any(String), 'No.', 'Title', 'Handled by', 'State', 'Due', 'Person', 'Changed'])
  await sees(other, 'In progress')
  await other.getByRole('button', { name: 'What to do with 处理中' }).click()
  await expect.poll(() => other.getByRole('menuitem').allInnerTexts()).toEqual(['Open the list with it', 'Copy for myself', 'Copy link'])
  await other.getByRole('menuitem', { name: 'Open the list with it' }).click()
  // By the bare address the list opens with it now.
  await expect
    .poll(
      async () =>
        (await (await other.context().request.get(`${stage.url}/api/views?list=tickets`)).json()).find(
          (v: { name: string }) => v.name === '处理中',
        )?.opens,
    )
    .toBe(true)
  await other.goto(`${stage.url}/tickets`)
  await other.waitForURL(/status=handling/)
  await sees(other.getByRole('navigation'), 'Saved views')

  // Deleted, it is gone for both; taken back, it is there again.
  await page.getByRole('button', { name: '视图 处理中 的操作' }).click()
  await page.getByRole('menuitem', { name: '删除' }).click()
  await sees(page, '已删除视图 处理中')
  await expect
    .poll(() =>
      other
        .getByRole('navigation')
        .getByRole('button', { name: /^处理中/ })
        .count(),
    )
    .toBe(0)
  await page.keyboard.press('Control+z')
  await expect.poll(() => line.getAttribute('aria-current')).toBe('page')
  await other
    .getByRole('navigation')
    .getByRole('button', { name: /^处理中/ })
    .waitFor()
  expect(stage.faults).toEqual([])
}, 120_000)

test('a list stands as the heads of its columns say, by click and by key, and a view keeps it', async () => {
  const { page } = await stage.colleague('supervisor', '/tickets?box=open')
  const due = page.getByRole('columnheader', { name: '时限' })
  await due.getByRole('button').click()
  await page.waitForURL(/sort=due/)
  await expect.poll(() => due.getAttribute('aria-sort')).toBe('ascending')
  const changed = page.getByRole('columnheader', { name: '变动' })
  expect(await changed.getAttribute('aria-sort')).toBeNull()
  // What the list has by itself needs no word in the address; the other way at the next press.
  await changed.getByRole('button').focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => changed.getAttribute('aria-sort')).toBe('descending')
  expect(page.url()).not.toContain('sort=')
  await page.keyboard.press('Enter')
  await page.waitForURL(/sort=changed/)
  await page.getByRole('button', { name: '保存为视图' }).click()
  await page.getByLabel('名称').fill('搁置最久')
  await page.keyboard.press('Control+Enter')
  const line = page.getByRole('navigation').getByRole('button', { name: /^搁置最久/ })
  await expect.poll(() => line.getAttribute('aria-current')).toBe('page')
  await page.goto(`${stage.url}/tickets?box=all`)
  await line.click()
  await page.waitForURL(/sort=changed/)
  await expect.poll(() => changed.getAttribute('aria-sort')).toBe('ascending')
  expect(stage.faults).toEqual([])
}, 120_000)

test('all contacts have a page: found by what became of them, opened to what was noted', async () => {
  const { page } = await stage.colleague('supervisor', '/desk')
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '联系' }).click()
  await page.waitForURL(/\/contacts/)
  await page.getByRole('combobox', { name: '状态' }).click()
  await page.getByTitle('已完成', { exact: true }).click()
  await page.waitForURL(/state=done/)
  const length = page.getByRole('columnheader', { name: '时长' })
  await length.getByRole('button').click()
  await page.waitForURL(/sort=-duration/)
  await expect.poll(() => length.getAttribute('aria-sort')).toBe('descending')
  await page.locator('.datatable tbody tr[tabindex="0"]').first().press('Enter')
  await sees(page.getByRole('dialog'), '已完成')
  expect(stage.faults).toEqual([])
}, 120_000)
