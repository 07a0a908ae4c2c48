import { expect, test } from 'vitest'
import { customers } from '#contract/customers.ts'
import { picture } from './moves.ts'
import { onStage, type Page, sees, unprovoked } from './stage.ts'

const stage = onStage()

async function added(page: Page, name: string) {
  const csrf = (await page.context().cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
  const reply = await page.request.post(`${stage.url}/api/customers`, { data: { name }, headers: { 'x-csrf': csrf } })
  expect(reply.status(), await reply.text()).toBe(200)
  return customers.add.reply.parse(await reply.json())
}
const contract = (name: string) => ({ name, mimeType: 'image/png', buffer: picture })
/** Holds what goes to an address until it is let go. */
async function held(page: Page, address: string) {
  let release = () => {}
  const free = new Promise<void>(done => {
    release = done
  })
  await page.route(address, async route => {
    await free
    await route.continue()
  })
  return () => release()
}

test('a file that travels while one goes elsewhere is kept; one that is not kept stays and is kept once', async () => {
  const { page } = await stage.colleague('agent', null)
  const stamp = String(Date.now()).slice(-6)
  const him = await added(page, `文件人${stamp}`)
  const files = page.getByRole('region', { name: '文件', exact: true })
  const pick = (name: string) => page.getByLabel('上传文件').first().setInputFiles(contract(name))
  const home = () => page.locator(`a[href="/customers/${him.id}"]`).first().click()

  // Left for the list while it travels.
  await page.goto(`${stage.url}/customers?q=${encodeURIComponent(him.name)}`)
  await home()
  const release = await held(page, '**/api/files')
  await pick('合同.png')
  await sees(files, /合同\.png 0 %|合同\.png 100 %/)
  await page.goBack()
  await page.getByRole('heading', { level: 1, name: '客户' }).waitFor()
  const kept = page.waitForResponse(r => r.request().method() === 'POST' && r.url().endsWith(`/customers/${him.id}/files`))
  release()
  expect((await kept).status()).toBe(200)
  await home()
  await files.getByRole('link', { name: /合同\.png/ }).waitFor()

  // The server is away when it should be kept: it stays, and comes in once.
  let away = true
  await page.route(`**/api/customers/${him.id}/files`, route =>
    away && route.request().method() === 'POST' ? route.fulfill({ status: 503, body: '' }) : route.continue(),
  )
  await pick('照片.png')
  await files.getByRole('button', { name: '重试' }).waitFor()
  away = false
  await files.getByRole('button', { name: '重试' }).click()
  await files.getByRole('link', { name: /照片\.png/ }).waitFor()
  await page.unroute(`**/api/customers/${him.id}/files`)

  // Gone and back while it is being kept: once.
  const keep = await held(page, `**/api/customers/${him.id}/files`)
  const asked = page.waitForRequest(r => r.method() === 'POST' && r.url().endsWith(`/customers/${him.id}/files`))
  await pick('回单.png')
  await asked
  await page.goBack()
  await page.getByRole('heading', { level: 1, name: '客户' }).waitFor()
  await home()
  await files.waitFor()
  keep()
  await files.getByRole('link', { name: /回单\.png/ }).waitFor()
  const all = await (await page.request.get(`${stage.url}/api/customers/${him.id}/files`)).json()
  expect(all.rows.map((f: { file: { name: string } }) => f.file.name)).toEqual(['回单.png', '照片.png', '合同.png'])
  expect(unprovoked(stage.faults, [/503 POST .*\/files$/])).toEqual([])
}, 120_000)

test('a note and a customer whose answers were lost are sent again and are one', async () => {
  const { page } = await stage.colleague('agent', null)
  const stamp = String(Date.now()).slice(-6)
  const her = await added(page, `备注人${stamp}`)
  /** The server hears it once and nobody hears the server. */
  const loseOne = (address: RegExp) => {
    let lost = false
    return page.route(address, async route => {
      if (lost || route.request().method() !== 'POST') return route.continue()
      lost = true
      await route.fetch()
      await route.abort('connectionreset')
    })
  }
  await loseOne(/\/notes$/)
  await page.goto(`${stage.url}/customers/${her.id}`)
  const notes = page.getByRole('region', { name: '备注' })
  await notes.getByRole('textbox', { name: '写一条备注' }).fill('只在晚上接电话')
  const gone = page.waitForEvent('requestfailed', r => r.url().endsWith('/notes'))
  await page.keyboard.press('Control+Enter')
  await gone
  await page.keyboard.press('Control+Enter')
  await sees(notes.getByRole('list'), '只在晚上接电话')
  const all = await (await page.request.get(`${stage.url}/api/customers/${her.id}/notes`)).json()
  expect(all.rows.map((n: { text: string }) => n.text)).toEqual(['只在晚上接电话'])

  await loseOne(/\/customers$/)
  await page.goto(`${stage.url}/customers`)
  await page.getByRole('button', { name: '新建客户' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('姓名').fill(`再送${stamp}`)
  const lost = page.waitForEvent('requestfailed', r => r.url().endsWith('/customers'))
  await page.keyboard.press('Control+Enter')
  await lost
  await sees(form, '连不上服务器')
  await page.keyboard.press('Control+Enter')
  await form.waitFor({ state: 'hidden' })
  const found = await (await page.request.get(`${stage.url}/api/customers?q=${encodeURIComponent(`再送${stamp}`)}`)).json()
  expect(found.rows).toHaveLength(1)
  expect(unprovoked(stage.faults, [/ERR_CONNECTION_RESET POST/])).toEqual([])
}, 120_000)
