import { expect, test } from 'vitest'
import { write } from './moves.ts'
import { onStage, phone, sees } from './stage.ts'

const stage = onStage()

test('words of a past talk are found on the time line and read there, from the last contacts as well, and on a phone', async () => {
  const mark = crypto.randomUUID().slice(0, 6)
  const { page: street } = await stage.somebody('customer')
  await street.goto(`${stage.url}/site`)
  await street.getByRole('button', { name: '登录网上营业厅' }).click()
  await street.getByLabel('用户号').fill('1024008735')
  await street.getByRole('dialog').getByRole('button', { name: '登录', exact: true }).click()
  await street.getByRole('button', { name: '在线客服' }).click()
  const widget = street.frameLocator('iframe[title="在线客服"]')
  await widget.getByLabel('您要咨询什么').fill(`问一件事 ${mark}`)
  await widget.getByRole('button', { name: '其他' }).click()
  await sees(widget, '您排在第')
  await write(widget, `楼道里的阀门 ${mark} 锈住了`)
  await write(widget, '别的都好')

  const { page, context } = await stage.colleague('supervisor', null)
  const found = await (await context.request.get(`${stage.url}/api/customers?q=1024008735`)).json()
  await page.goto(`${stage.url}/customers/${found.rows[0].id}`)
  const history = page.getByRole('region', { name: '往来时间线' })
  await history.getByRole('textbox', { name: '搜索往来' }).fill(`阀门 ${mark}`)
  await sees(history.locator('q'), `楼道里的阀门 ${mark} 锈住了`)
  await history.getByRole('button', { name: '看内容' }).click()
  const talk = page.getByRole('dialog').getByRole('region', { name: '对话内容' })
  await sees(talk, `问一件事 ${mark}`)
  await sees(talk, '别的都好')
  expect(await talk.locator('.sought').innerText()).toContain(`阀门 ${mark}`)
  if (process.env.JOURNEY_PICTURES) await page.screenshot({ path: `${process.env.JOURNEY_PICTURES}/talk.png` })
  await page.setViewportSize(phone)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
  if (process.env.JOURNEY_PICTURES) await page.screenshot({ path: `${process.env.JOURNEY_PICTURES}/talk-phone.png` })
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })

  await page.getByRole('region', { name: '最近接触' }).locator('.opens').first().click()
  await sees(talk, `楼道里的阀门 ${mark} 锈住了`)
  if (process.env.JOURNEY_PICTURES) {
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.getByRole('region', { name: '最近接触' }).scrollIntoViewIfNeeded()
    await page.screenshot({ path: `${process.env.JOURNEY_PICTURES}/talk-page.png` })
  }
  expect(stage.faults).toEqual([])
}, 120_000)
