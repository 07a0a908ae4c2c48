import { readFileSync } from 'node:fs'
import { readSheet } from 'read-excel-file/node'
import { expect, test } from 'vitest'
import { onStage, type Page, sees } from './stage.ts'

const stage = onStage()

/** What is downloaded when this is pressed. */
async function fetched(page: Page, name: string): Promise<Buffer> {
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name }).first().click()
  return readFileSync(await (await coming).path())
}
const table = (text: string) => ({ name: 'billing.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })

test('a supervisor brings customers in by the keys they choose, and takes the whole import back', async () => {
  const { page } = await stage.colleague('supervisor', '/customers')
  const bring = async (text: string) => {
    await page.getByRole('button', { name: '导入' }).click()
    await page.locator('input[type=file]').setInputFiles(table(text))
    return page.getByRole('dialog')
  }
  const heading = '系统编号,户名,手机号码,地址,开户日期,备注'
  const first = await bring(`${heading}\nZ-901,龚往来,13712347001,柳林路 9 号,2026年1月5日,\n`)
  await sees(first, '例 龚往来')
  await sees(first, '怎样算同一位')
  await first.getByRole('button', { name: '开始导入' }).click()
  await sees(first, '新建 1')
  await first.getByRole('button', { name: '关闭' }).last().click()

  const drawer = await bring(
    `${heading}\nZ-901,龚往来,13712347009,柳林路 9 号,,换了号码\nZ-902,龚新来,13712347002,柳林路 10 号,03/04/2026,\nZ-903,龚又来,13712347003,柳林路 11 号,20260105,\n`,
  )
  // Telephone and e-mail decide nothing here: the other system's number does.
  for (const key of ['户号', '电话', '邮箱'])
    await drawer.locator('.ant-select-selection-item', { hasText: key }).locator('.ant-select-selection-item-remove').click()
  await drawer.getByText('更新', { exact: true }).click()
  await drawer.getByRole('button', { name: '先检查' }).click()
  await sees(drawer, '新建 1，有问题 1，更新 1')
  // What is wrong stands where one looks, not under all the columns.
  const wrong1 = drawer.locator('.wrongrows li')
  expect(await wrong1.allInnerTexts()).toEqual([
    expect.stringMatching(/第 3 行\s+开户日期 03\/04\/2026\s+建档日期可以是两天，请选日期的写法/),
  ])
  expect(await wrong1.evaluate(seen => seen.getBoundingClientRect().bottom <= innerHeight && document.activeElement?.contains(seen))).toBe(
    true,
  )
  const problems = await readSheet(await fetched(page, '下载未导入的行和原因'))
  expect(problems.slice(1).map(row => row.slice(0, 2))).toEqual([[3, '建档日期可以是两天，请选日期的写法']])
  await drawer.getByText('4 月 3 日').click()
  await drawer.getByRole('button', { name: '开始导入' }).click()
  await sees(drawer, '新建 2，更新 1')

  await drawer.getByRole('button', { name: '撤销导入' }).click()
  await sees(page, '撤销整个导入？')
  await page.getByRole('tooltip').getByRole('button', { name: '撤销导入' }).click()
  await sees(page, '正在撤销')
  await sees(page, '撤销导入客户：已完成')
  // The import itself says that it was taken back, by whom and how far.
  await sees(drawer, '已撤销')
  await sees(drawer, /由温言撤销/)
  await sees(drawer, '撤销了 3 行：删除 2，恢复 1')
  expect(await drawer.getByRole('button', { name: '撤销导入' }).count()).toBe(0)
  await drawer.getByText('已完成').waitFor({ state: 'detached' })
  await drawer.getByRole('button', { name: '关闭' }).last().click()
  await page.getByPlaceholder('姓名').fill('龚')
  await sees(page, '龚往来')
  await page.getByText('龚新来').waitFor({ state: 'detached' })
  await page.getByText('龚又来').waitFor({ state: 'detached' })
  await page.goto(`${stage.url}/runs`)
  await sees(page.locator('.runline', { hasText: '新建 2，更新 1' }), '撤销了 3 行：删除 2，恢复 1')
  await page.goto(`${stage.url}/customers`)

  const again = await bring(`${heading}\nZ-901,龚往来,13712347009,,,\n`)
  await sees(again, '例 龚往来')
  // As it was chosen the last time.
  await again.getByText('外部编号').first().waitFor()
  expect(await again.locator('.ant-select-selection-item', { hasText: '邮箱' }).count()).toBe(0)
  await again.getByRole('button', { name: '关闭' }).last().click()

  const own = await bring('户名,系统编号,家庭人口,用水性质\n龚再来,Z-904,三口,居民\n龚还来,Z-905,3,Trade\n')
  await sees(own, '例 居民')
  await own.getByRole('button', { name: '先检查' }).click()
  await sees(own, '新建 1，有问题 1')
  const wrong = await readSheet(await fetched(page, '下载未导入的行和原因'))
  expect(wrong.slice(1).map(row => row.slice(0, 2))).toEqual([[2, '家庭人口：不是数字']])
  expect(stage.faults).toEqual([])
})

test('numbers leave in full only with a reason, and for how long imports can be taken back is a setting', async () => {
  const { page } = await stage.colleague('admin', '/customers', { language: 'en' })
  await page.getByRole('button', { name: 'Export' }).click()
  const panel = page.getByRole('dialog')
  await panel.getByText('CSV', { exact: true }).click()
  await panel.getByRole('checkbox', { name: 'Numbers in full' }).check()
  await panel.getByRole('button', { name: 'Start' }).click()
  await panel.getByLabel('What for').fill('Letters to all')
  await panel.getByRole('button', { name: 'Start' }).click()
  await sees(page, 'Export customers (numbers in full): done')
  await page.getByRole('button', { name: /^Long work/ }).click()
  const text = (await fetched(page, 'Download')).toString('utf8')
  expect(text).toMatch(/\+861\d{10}/)
  expect(text).not.toContain('****')
  await page.goto(`${stage.url}/settings/long-work`)
  await page.getByRole('combobox', { name: 'Imports can be taken back for' }).click()
  await page.getByTitle('60 days').click()
  await page.reload()
  await sees(page, '60 days')
  expect(stage.faults).toEqual([])
})
