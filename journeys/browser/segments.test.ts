import { expect, test } from 'vitest'
import { speaksEnglish } from './moves.ts'
import { focused, onStage, type Page, phone, sees, unprovoked } from './stage.ts'

const stage = onStage()
/** A product that runs already keeps what earlier runs left. */
const mark = `云顶${String(Date.now()).slice(-6)}`

/** Long lists draw what is near: a field is sought by its name. */
async function pick(page: Page, box: ReturnType<Page['getByRole']>, title: string, sought = true) {
  if (sought) await box.fill(title)
  else await box.click()
  await page.locator('.ant-select-dropdown:visible').getByTitle(title, { exact: true }).click()
}

test('a segment is built under its own count, its customers are opened and can be taken along; a tier by that segment is tried, applied and told', async () => {
  const { page, context } = await stage.colleague('supervisor', null)
  const ids: string[] = []
  const csrf = (await context.cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
  for (const n of [1, 2, 3]) {
    const made = await context.request.post(`${stage.url}/api/customers`, {
      data: { name: `${mark}客户${n}`, tags: [mark] },
      headers: { 'x-csrf': csrf },
    })
    expect(made.status()).toBe(200)
    ids.push((await made.json()).id)
  }

  await page.goto(`${stage.url}/customers`)
  const tab = page.getByRole('link', { name: '客户分群' })
  const aboveTheList = await tab.boundingBox()
  await tab.click()
  await page.getByRole('button', { name: '新建分群' }).waitFor()
  // From one page of the archive to the next the tabs stay where they are.
  const aboveCards = await tab.boundingBox()
  expect([aboveCards?.x, aboveCards?.y]).toEqual([aboveTheList?.x, aboveTheList?.y])
  await page.getByRole('button', { name: '新建分群' }).click()
  await page.getByRole('textbox', { name: '名称', exact: true }).fill(`${mark}小区`)
  const conditions = page.getByRole('region', { name: '条件' })
  await conditions.getByRole('button', { name: '加条件' }).click()
  await pick(page, conditions.getByRole('combobox', { name: '哪一项' }), '标签')
  await conditions.getByRole('combobox', { name: '标签' }).fill(mark)
  await page.keyboard.press('Enter')
  const live = page.getByRole('region', { name: '客户', exact: true })
  await sees(live, '3 位客户')
  await sees(live, `${mark}客户2`)
  // Behaviour within a period: nobody of them was ever in touch.
  await conditions.getByRole('button', { name: '加条件' }).click()
  await pick(page, conditions.getByRole('combobox', { name: '哪一项' }).last(), '接触次数')
  await conditions.getByRole('spinbutton', { name: '近' }).fill('60')
  // Of half a condition there is no number, and saving it leads to what is missing.
  await sees(live, '填完条件即显示人数')
  expect(await live.getByText('3 位客户').count()).toBe(0)
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await sees(conditions, '「接触次数」还没选值')
  await focused(conditions.getByRole('spinbutton', { name: '接触次数' }))
  // The last count stays, grey, until the next is there.
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
  await page.route('**/api/segments/count', async route => {
    await held
    await route.continue()
  })
  await conditions.getByRole('spinbutton', { name: '接触次数' }).fill('1')
  await sees(live, '统计中')
  await sees(live.locator('b.t3'), '3 位客户')
  letGo()
  await sees(live, '现在没有客户符合')
  await page.unroute('**/api/segments/count')
  await conditions.getByRole('button', { name: '去掉' }).last().click()
  await sees(live, '3 位客户')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.getByRole('heading', { name: `${mark}小区` }).waitFor()

  await live.getByRole('link', { name: '查看客户' }).click()
  await expect.poll(() => page.locator('table.rows tbody tr').count()).toBe(3)
  await page.getByRole('button', { name: /导出/ }).first().waitFor()

  await page.goto(`${stage.url}/settings/ladders`)
  const gold = page.getByRole('region', { name: '金卡' })
  await gold.getByText('按条件', { exact: true }).click()
  await gold.getByRole('button', { name: '加条件' }).click()
  await pick(page, gold.getByRole('combobox', { name: '哪一项' }).last(), '所在分群')
  await gold.getByRole('combobox', { name: '所在分群' }).last().fill(mark)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '试算' }).click()
  const preview = page.getByRole('region', { name: '试算' })
  await sees(preview, '普通 → 金卡')
  await sees(preview, '3 位客户')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.getByRole('button', { name: '立即应用' }).click()
  await sees(page, '已开始')

  await page.goto(`${stage.url}/customers/${ids[0]}`)
  await sees(page.getByRole('region', { name: '标签与分群' }), `${mark}小区`)
  const standing = page.getByRole('region', { name: '价值与阶段' })
  await sees(standing, '普通 → 金卡')
  await sees(standing, '按规则')
  await standing.getByRole('button', { name: '设定 价值等级' }).click()
  await pick(page, page.getByRole('combobox', { name: '设为' }), '重点', false)
  await page.getByRole('textbox', { name: '原因' }).fill('供水协议单位')
  await page.keyboard.press('Enter')
  await sees(standing, '金卡 → 重点')
  await sees(standing, /手工设定.*供水协议单位/)
  await standing.getByRole('button', { name: '交还规则' }).click()
  await standing.getByRole('button', { name: '交还规则' }).waitFor({ state: 'hidden' })

  await page.goto(`${stage.url}/notices`)
  await page.getByRole('button', { name: '新建群发通知' }).click()
  const notice = page.getByRole('dialog')
  await notice.getByRole('textbox', { name: '名称' }).fill(`${mark}停水`)
  await notice.getByText('按分群', { exact: true }).click()
  await pick(page, notice.getByRole('combobox', { name: '客户分群' }), `${mark}小区`)
  await notice.getByRole('textbox', { name: '标题' }).fill('停水')
  await notice.getByRole('textbox', { name: '内容' }).fill('明天八点到十点')
  await notice.getByRole('button', { name: '查看能发给多少人' }).click()
  await sees(notice, '选中 3 位')
  expect(unprovoked(stage.faults, [])).toEqual([])
}, 120_000)

test('the same pages in English and on a phone, without a Chinese word of ours', async () => {
  const { page } = await stage.colleague('supervisor', '/segments/new', { language: 'en', size: phone })
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await pick(page, page.getByRole('combobox', { name: 'Which field' }), 'Contacts')
  await page.getByRole('spinbutton', { name: 'Contacts' }).fill('9999')
  await sees(page.getByRole('region', { name: 'Customers' }), 'Nobody fits at present')
  await speaksEnglish(page, 'a new segment')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width)
  await page.goto(`${stage.url}/settings/ladders`)
  await page.getByRole('button', { name: 'Preview' }).waitFor()
  await speaksEnglish(page, 'the ladders', ['云顶', '小区'])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width)
  expect(unprovoked(stage.faults, [])).toEqual([])
}, 90_000)

test('money is typed and told in yuan, and either of two conditions is told as such', async () => {
  const { page } = await stage.colleague('supervisor', '/segments/new', { language: 'en' })
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(`${mark} owes`)
  const conditions = page.getByRole('region', { name: 'Condition' })
  const ask = async (field: string, value: string) => {
    await conditions.getByRole('button', { name: 'Add a condition' }).click()
    await pick(page, conditions.getByRole('combobox', { name: 'Which field' }).last(), field)
    await conditions.getByRole('spinbutton', { name: field, exact: true }).fill(value)
  }
  await ask('Balance due', '100.5')
  await ask('Amount billed', '2000')
  await conditions.getByRole('combobox', { name: 'If' }).click()
  await page.locator('.ant-select-dropdown:visible').getByText('any holds', { exact: true }).click()
  await sees(page.getByRole('region', { name: 'Customers' }), /customers$|Nobody fits/)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('heading', { name: `${mark} owes` }).waitFor()
  await page.getByRole('link', { name: 'Segments' }).first().click()
  await sees(page, 'Balance due is at least ¥100.50 or Amount billed in 30 days is at least ¥2,000')
  expect(unprovoked(stage.faults, [])).toEqual([])
}, 90_000)
