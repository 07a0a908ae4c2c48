import { expect, test } from 'vitest'
import { speaksEnglish } from './moves.ts'
import { onStage, type Page, phone, sees } from './stage.ts'

const stage = onStage()

const badge = (page: Page) => page.locator('.bell .badge')
const rings = (page: Page, n: string) =>
  expect.poll(async () => ((await badge(page).count()) > 0 ? badge(page).textContent() : ''), { timeout: 15_000 }).toBe(n)

/** What somebody has in hand says who they are. */
async function asking(login: string) {
  const { context } = await stage.colleague(login, null)
  const csrf = (await context.cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
  return async (method: 'GET' | 'POST', path: string, data?: object) => {
    const reply = await context.request.fetch(`${stage.url}/api${path}`, { method, headers: { 'x-csrf': csrf }, ...(data ? { data } : {}) })
    expect(reply.ok(), `${method} ${path}: ${reply.status()}`).toBe(true)
    return reply.status() === 204 ? null : reply.json()
  }
}

/** The sample begins with news of its own: read before, so that one is one. */
async function readsAll(page: Page) {
  const listed = page.waitForResponse(r => /\/api\/notifications(\?|$)/.test(r.url()))
  await page.keyboard.press('b')
  await listed
  const all = page.getByRole('dialog').locator('button:has(.tabler-icon-checks)')
  await all.waitFor()
  // What was answered is on the page a moment later.
  await page.waitForTimeout(500)
  if (await all.isEnabled()) await all.click()
  await rings(page, '')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}

test.each(['zh', 'en'] as const)(
  'one person at two devices (%s): what is given rings at both, read at one it is read at both',
  async language => {
    const zh = language === 'zh'
    const [desk, pocket, lead] = await Promise.all([
      stage.colleague('agent2', '/settings/account', { language }),
      stage.colleague('agent2', '/settings/account', { language, size: phone }),
      asking('supervisor'),
    ])
    await desk.page.locator('.bell').waitFor()
    await readsAll(desk.page)
    await rings(pocket.page, '')

    const me = await (await asking('agent2'))('GET', '/me')
    const title = zh ? '回访：水压恢复了吗' : 'Call back about the pressure'
    const task = await lead('POST', '/tasks', { title, ownerId: me.user.id })
    await Promise.all([rings(desk.page, '1'), rings(pocket.page, '1')])
    await expect.poll(() => desk.page.title()).toMatch(/^\(1\) /)

    // One key opens the bell; the line leads to the task and is read, here and in the pocket.
    await desk.page.keyboard.press('b')
    const panel = desk.page.getByRole('dialog')
    await sees(panel, zh ? `有新的待办：${title}` : `A task for you: ${title}`)
    await sees(panel, zh ? '今天' : 'Today')
    if (!zh) await speaksEnglish(desk.page, 'the bell')
    await panel.getByRole('button', { name: title }).click()
    await desk.page.waitForURL(url => url.search.includes(task.id))
    await Promise.all([rings(desk.page, ''), rings(pocket.page, '')])
    await expect.poll(() => desk.page.title()).not.toMatch(/^\(/)

    // Opening the thing by another way reads it, too.
    const other = await lead('POST', '/tasks', { title: `${title} 2`, ownerId: me.user.id })
    await Promise.all([rings(desk.page, '1'), rings(pocket.page, '1')])
    await pocket.page.goto(`${stage.url}/tasks?t=${other.id}`)
    await Promise.all([rings(desk.page, ''), rings(pocket.page, '')])

    // Chosen away by kind: the next one rings nowhere.
    await desk.page.goto(`${stage.url}/settings/notifications`)
    const off = desk.page.getByRole('switch', { name: zh ? '待办交给我: 铃铛' : 'Task given to me: Bell' })
    await off.click()
    await expect.poll(() => off.getAttribute('aria-checked')).toBe('false')
    if (!zh) await speaksEnglish(desk.page, 'my notifications')
    await lead('POST', '/tasks', { title: `${title} 3`, ownerId: me.user.id })
    await desk.page.reload()
    await off.waitFor()
    await desk.page.waitForTimeout(1_500)
    await rings(desk.page, '')
    await off.click()
    await expect.poll(() => off.getAttribute('aria-checked')).toBe('true')
    expect(stage.faults).toEqual([])
  },
  120_000,
)
