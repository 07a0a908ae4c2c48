import { readFileSync } from 'node:fs'
import { readSheet } from 'read-excel-file/node'
import { expect, test } from 'vitest'
import { onStage, type Page, phone, sees } from './stage.ts'

const stage = onStage()

/** What is downloaded when this is pressed. */
async function fetched(page: Page, name: string): Promise<Buffer> {
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name }).first().click()
  return readFileSync(await (await coming).path())
}

test('a supervisor takes the customers along as a workbook, and brings others in after a check', async () => {
  const { page } = await stage.colleague('supervisor', '/customers')
  await page.getByRole('button', { name: '导出' }).click()
  const panel = page.getByRole('dialog')
  await panel.getByRole('checkbox', { name: '地址' }).uncheck()
  // Not for everybody's eyes: left out until chosen, and said so.
  await sees(panel, '含敏感信息，选了才导出')
  const card = panel.getByRole('checkbox', { name: /身份证号.*含敏感信息/ })
  expect(await card.isChecked()).toBe(false)
  await card.check()
  await sees(panel, '文件将含敏感信息：身份证号')
  await card.uncheck()
  expect(await panel.getByRole('checkbox', { name: /电话.*遮住/ }).isChecked()).toBe(true)
  await panel.getByRole('button', { name: '开始导出' }).click()
  await sees(page, '正在导出')
  await sees(page, '导出客户：已完成')
  await page.getByRole('button', { name: /^进行中的工作/ }).click()
  const rows = await readSheet(await fetched(page, '下载'))
  expect(rows[0]?.slice(0, 3)).toEqual(['户号', '姓名', '类别'])
  expect(rows[0]).not.toContain('地址')
  expect(rows[0]).not.toContain('身份证号')
  expect(rows.length).toBeGreaterThan(20)
  expect(JSON.stringify(rows)).toContain('****')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: '导入', exact: true }).click()
  const drawer = page.getByRole('dialog')
  await page.locator('input[type=file]').setInputFiles({
    name: 'new.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('客户编号,姓名,手机号\nQ-1,顾新来,13712340001\nQ-2,,13712340002\nQ-3,=HYPERLINK(1),1370000\n'),
  })
  await sees(drawer, '例 顾新来')
  await drawer.getByRole('button', { name: '先检查' }).click()
  await sees(drawer, '新建 1，有问题 2')
  const problems = await readSheet(await fetched(page, '下载未导入的行和原因'))
  expect(problems.slice(1).map(row => row[1])).toEqual(['缺姓名', '电话号码不对'])
  await drawer.getByRole('button', { name: '开始导入' }).click()
  await sees(page, '导入客户：已完成')
  await sees(drawer, '新建 1，有问题 2')
  await drawer.getByRole('button', { name: '关闭' }).last().click()
  await page.getByPlaceholder('姓名').fill('顾新来')
  await sees(page, 'Q-1')
  expect(stage.faults).toEqual([])
})

test('an administrator sees the long work of everybody, in English and on a phone', async () => {
  const { page } = await stage.colleague('admin', '/ratings', { language: 'en', size: phone })
  await page.getByRole('button', { name: 'Export' }).click()
  const panel = page.getByRole('dialog')
  await panel.getByText('CSV', { exact: true }).click()
  await panel.getByRole('button', { name: 'Start' }).click()
  await sees(page, 'Export ratings: done')
  await page.getByRole('button', { name: /^Long work/ }).click()
  const text = (await fetched(page, 'Download')).toString('utf8')
  expect(text.startsWith('\ufeffRated,Score,Words')).toBe(true)
  await page.goto(`${stage.url}/settings/long-work`)
  await sees(page, 'Export ratings')
  expect(stage.faults).toEqual([])
})
