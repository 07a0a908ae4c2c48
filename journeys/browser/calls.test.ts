import { expect, test } from 'vitest'
import { onStage, type Page, phone, sees } from './stage.ts'

const stage = onStage()

const said = {
  zh: {
    calls: '通话', details: '录音', play: '播放', pause: '暂停', position: '播放位置', legs: '线路经过', gap: '这里没有录', speed: '1.5×', gaveUp: '排队中放弃', quality: '音质', poor: '音质差',
    bad: '差', customer: '客户', agent: '坐席', removed: '没有通话', seek: '号码末几位', cause: '结束原因',
  },
  en: {
    calls: 'Calls', details: 'Recordings', play: 'Play', pause: 'Pause', position: 'Position', legs: 'Legs', gap: 'Not recorded here', speed: '1.5×', gaveUp: 'Gave up waiting', quality: 'Quality', poor: 'Poor quality',
    bad: 'Poor', customer: 'Customer', agent: 'Agent', removed: 'No calls', seek: 'Last digits of a number', cause: 'How it ended',
  },
} as const // biome-ignore format: a table of words

/** Where the sound stands, and how fast it runs. */
const sound = (page: Page) =>
  page
    .locator('audio')
    .first()
    .evaluate((a: HTMLAudioElement) => ({ at: a.currentTime, speed: a.playbackRate, paused: a.paused, length: a.duration }))
const recordedRow = (page: Page) =>
  page.locator('.datatable tbody tr[tabindex="0"]').filter({ has: page.locator('[title="有录音"], [title="Recorded"]') })

for (const language of ['zh', 'en'] as const) {
  const t = said[language]
  test(`calls are found, read leg by leg, and a recording is heard from where one points (${language})`, async () => {
    const { page } = await stage.colleague('supervisor', '/calls', { language })
    await page.getByRole('heading', { level: 1, name: t.calls }).waitFor()
    const rows = page.locator('.datatable tbody tr[tabindex="0"]')
    await expect.poll(() => rows.count()).toBeGreaterThan(20)
    // Nobody's whole number stands in the list.
    expect(await rows.allInnerTexts()).toSatisfy((all: string[]) => all.every(text => !/1\d{10}/.test(text)))

    await rows.filter({ hasText: t.gaveUp }).first().waitFor()
    await page.getByRole('combobox', { name: t.quality }).click()
    await page.getByTitle(t.poor, { exact: true }).click()
    await page.waitForURL(/mosBelow=36/)
    await expect.poll(async () => (await rows.allInnerTexts()).every(text => /[123]\.\d/.test(text))).toBe(true)
    const worst = /\b[123]\.\d\b/.exec(await rows.first().innerText())?.[0]
    if (!worst) throw new Error('a call of poor quality without its figure')
    await rows.first().click()
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('region', { name: t.legs }).waitFor()
    await sees(drawer, `MOS ${worst}`)
    await page.keyboard.press('Escape')
    await page.goto(`${stage.url}/calls`)

    await recordedRow(page).first().click()
    const wave = drawer.getByRole('slider', { name: t.position }).first()
    await wave.waitFor()
    await sees(drawer.locator('.lanes').first(), t.customer)
    await sees(drawer.locator('.lanes').first(), t.agent)
    await drawer.getByRole('button', { name: t.play, exact: true }).first().click()
    await expect.poll(async () => (await sound(page)).at).toBeGreaterThan(0.3)
    await drawer.getByText(t.speed, { exact: true }).first().click()
    await expect.poll(async () => (await sound(page)).speed).toBe(1.5)
    // By keys: it stops, and stands where it is told to.
    await wave.focus()
    await page.keyboard.press('Space')
    await expect.poll(async () => (await sound(page)).paused).toBe(true)
    await page.keyboard.press('Home')
    await expect.poll(async () => (await sound(page)).at).toBeLessThan(0.1)
    await page.keyboard.press('ArrowRight')
    await expect.poll(async () => (await sound(page)).at).toBeCloseTo(5, 0)
    // By pointing: past the middle, without the first half having been played.
    const box = await wave.boundingBox()
    if (!box) throw new Error('no wave')
    await page.mouse.click(box.x + box.width * 0.75, box.y + box.height / 2)
    await expect.poll(async () => (await sound(page)).at / 14).toBeCloseTo(0.75, 1)
    await drawer.getByRole('button', { name: t.play, exact: true }).first().click()
    await expect.poll(async () => (await sound(page)).at).toBeGreaterThan(10.8)
    // What was paused is a mark that leads there.
    await drawer.getByRole('button', { name: t.gap }).first().click()
    await expect.poll(async () => Number(await wave.getAttribute('aria-valuenow'))).toBeLessThan(10)
    expect(stage.faults).toEqual([])
  }, 120_000)
}

test('who may not listen sees that there is a recording, and on a phone it is heard as well', async () => {
  const { page: lead } = await stage.colleague('supervisor', '/calls', { size: phone })
  const { page: agent } = await stage.colleague('agent', '/calls')
  await agent.getByRole('heading', { level: 1, name: said.zh.calls }).waitFor()
  await lead.getByRole('heading', { level: 1, name: said.zh.calls }).waitFor()
  const { rows } = await (await lead.context().request.get(`${stage.url}/api/calls?size=10`)).json()
  const me = await (await agent.context().request.get(`${stage.url}/api/me`)).json()
  const recorded = rows.find((c: { recorded: boolean; agentId: string | null }) => c.recorded && c.agentId !== me.user.id)
  const { recordings } = await (await lead.context().request.get(`${stage.url}/api/calls/${recorded.id}`)).json()
  const { page: field } = await stage.colleague('field', null)
  const asks = async (page: Page) => {
    const csrf = (await page.context().cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
    const answer = await page
      .context()
      .request.post(`${stage.url}/api/recordings/${recordings[0].id}/listening`, { headers: { 'x-csrf': csrf } })
    return answer.status()
  }
  // Agents hear their own talks; this one is a colleague's. Whoever works outside hears none at all.
  expect(await asks(agent)).toBe(404)
  expect(await asks(field)).toBe(403)

  await lead.locator('.datatable tbody tr[tabindex="0"]').filter({ hasText: recorded.customerName }).first().click()
  const drawer = lead.getByRole('dialog')
  await drawer.getByRole('button', { name: said.zh.play, exact: true }).first().click()
  await expect.poll(async () => (await sound(lead)).at).toBeGreaterThan(0.3)
  expect(await lead.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
}, 120_000)
