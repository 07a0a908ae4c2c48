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
