import { expect, test } from 'vitest'
import { onStage, type Page, phone, sees, unprovoked } from './stage.ts'

const stage = onStage()

const csrfOf = async (page: Page) => (await page.context().cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
async function add(page: Page, data: Record<string, unknown>): Promise<string> {
  const reply = await page.request.post(`${stage.url}/api/customers`, { data, headers: { 'x-csrf': await csrfOf(page) } })
  expect(reply.status()).toBe(200)
  return (await reply.json()).id
}

test('whoever types initials, a part of the pinyin, the last four digits or a street in the palette opens the customer with Enter', async () => {
  const { page } = await stage.colleague('supervisor', '/desk')
  const id = await add(page, { name: '单雨桐', number: 'SY20557001', phone: '13977708642', district: '城东', address: '听涛巷 71 号' })
  const open = async (typed: string, name: string, reason: string | null) => {
    await page.goto(`${stage.url}/tickets`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog')
    await palette.getByRole('combobox').fill(typed)
    const hit = palette.getByRole('option', { name: new RegExp(name) }).first()
    await hit.waitFor()
    if (reason) await sees(hit, reason)
    expect(await hit.locator('mark').first().innerText()).not.toBe('')
    await palette.getByRole('option', { name: new RegExp(name), selected: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/customers/${id}`)
    await page.getByRole('heading', { level: 1, name }).waitFor()
  }
  await open('shanyt', '单雨桐', '拼音')
  await open('8642', '单雨桐', '电话尾号')
  await open('SY2055', '单雨桐', '户号')
  await open('听涛巷', '单雨桐', '地址')

  // Enter at once: the answer that is on its way is meant.
  await page.goto(`${stage.url}/desk`)
  await page.getByRole('main').waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('单雨桐')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/customers/${id}`)

  // Nobody: what else could be typed.
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('qqqvvv')
  await sees(page.getByRole('dialog'), '没有找到')
  await sees(page.getByRole('dialog'), /拼音首字母/)
  expect(unprovoked(stage.faults, [])).toEqual([])
})

test('the list and the form of a work order find by pinyin and say why, on a phone and in English, too', async () => {
  const { page } = await stage.colleague('supervisor', '/customers', { language: 'en' })
  await add(page, { name: '仇雪松', phone: '13977709753', district: '城西', address: '松涛里 9 号' })
  const box = page.getByRole('textbox', { name: /pinyin/ })
  await box.fill('qiuxs')
  const row = page.getByRole('row').filter({ hasText: '仇雪松' }).first()
  await row.waitFor()
  await sees(row, 'Pinyin')
  await box.fill('9753')
  await sees(row, 'Phone ends in')

  await page.goto(`${stage.url}/tickets`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('c')
  const form = page.getByRole('dialog')
  await form.getByRole('combobox', { name: /customer/i }).fill('qiux')
  await page
    .getByTitle(/仇雪松/)
    .first()
    .click()
  await expect
    .poll(() =>
      form
        .getByLabel(/^Place/)
        .first()
        .inputValue(),
    )
    .toBe('城西 松涛里 9 号')

  const { page: small } = await stage.colleague('supervisor', '/customers?q=qiuxs', { size: phone })
  await small.getByRole('row').filter({ hasText: '仇雪松' }).first().waitFor()
  expect(await small.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  expect(unprovoked(stage.faults, [])).toEqual([])
})

test('what was begun about one stranger at the desk does not stand beside the next', async () => {
  const { page } = await stage.colleague('agent', '/desk?box=queue')
  for (const asks of ['水表转得快', '水压太低']) {
    const { page: street } = await stage.somebody('stranger', { size: phone })
    await street.goto(`${stage.url}/widget/?key=qingyuan-site`)
    await street.getByLabel('您要咨询什么').fill(asks)
    await street.getByRole('button', { name: '开始对话' }).click()
    await sees(street, /排在第/)
  }
  const row = (asks: string) => page.locator('.inbox [data-id]').filter({ hasText: asks })
  const who = page.getByRole('complementary').getByRole('textbox', { name: '姓名、户号、电话或地址' })
  await row('水表转得快').click()
  await who.fill('一位打字打到一半的人')
  await row('水压太低').click()
  await sees(page.getByRole('log'), '水压太低')
  await expect.poll(() => who.inputValue()).toBe('')
  expect(unprovoked(stage.faults, [])).toEqual([])
}, 120_000)
