import { expect, test } from 'vitest'
import { type Locator, onStage, type Page, phone, sees, wide } from './stage.ts'

const stage = onStage()

const boxOf = async (of: Locator) => {
  const box = await of.boundingBox()
  if (!box) throw new Error('nothing to be seen')
  return box
}

test.each([
  ['a window', wide],
  ['a phone', phone],
])('what is said stands in nobody’s way in %s, and what opens at the edge keeps its distance', async (_, size) => {
  const { page } = await stage.colleague('supervisor', '/customers', { size })
  await page.locator('table.rows tbody tr').first().click()
  await page.locator('.top-of-customer').waitFor()
  await page.getByRole('button', { name: /^新建待办/ }).click()
  await page.getByLabel('要做什么').fill('回访一次')
  await page.keyboard.press('Control+Enter')
  // It leaves by itself: looked at in one go.
  const { top, bottom, head, foot, meets } = await page
    .getByRole('status')
    .filter({ hasText: '已新建待办' })
    .evaluate((said, inHand) => {
      const edge = (of: string) => document.querySelector(of)?.getBoundingClientRect()
      const { left, top, bottom } = said.getBoundingClientRect()
      const foot = inHand ? edge('.rail')?.top : innerHeight
      return {
        top,
        bottom,
        head: edge('.top-of-customer')?.bottom,
        foot,
        meets: said.contains(document.elementFromPoint(left + 30, top + 8)),
      }
    }, size === phone)
  expect(top).toBeGreaterThan(head ?? Number.POSITIVE_INFINITY)
  expect(bottom).toBeLessThanOrEqual(foot ?? 0)
  // Whoever clicks there meets the page below.
  expect(meets).toBe(false)

  await page.getByRole('button', { name: '登记免打扰' }).first().click()
  const beside = page.locator('.ant-popover-container').filter({ hasText: '免打扰到' })
  await beside.waitFor()
  await expect.poll(() => airOf(page, beside), { timeout: 5_000 }).toBeGreaterThanOrEqual(8)
})

/** How far it stands from the nearer side of the window. */
async function airOf(page: Page, of: Locator): Promise<number> {
  const [{ x, width }, all] = [await boxOf(of), page.viewportSize()?.width ?? 0]
  return Math.round(Math.min(x, all - x - width))
}

test('settings begin with what everybody may change, and what counts there says what it is', async () => {
  const [{ page: admin }, { page: agent }] = await Promise.all([
    stage.colleague('admin', '/settings'),
    stage.colleague('agent', '/settings'),
  ])
  for (const page of [admin, agent]) await page.getByRole('heading', { name: '账号与登录' }).waitFor()
  const counting = admin.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /设置/ })
  await expect.poll(() => counting.getAttribute('title'), { timeout: 15_000 }).toMatch(/项后续未完成/)
  await sees(admin.getByRole('navigation', { name: '设置' }).getByRole('link', { name: /未完成的后续/ }), '项后续未完成')
})
