import type { Page } from 'playwright-core'
import { flows } from '#contract/flows.ts'
import { routing } from '#contract/routing.ts'
import { calls } from '#contract/voice.ts'
import { samplePassword } from '#domains/sample/centre.ts'
import { signIn, until } from '../../journeys/story/client.ts'
import type { Shot } from './shot.ts'

/** What a browser that plays both sides of a call needs: a microphone that nobody asks for. */
export const microphone = [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
]

/** Short lists that look like their neighbours are left out. */
const sections = ['lines', 'announcements', 'speech']

/** Records of calls, what callers hear, and how the telephone is set. */
export async function telephone(base: string): Promise<Shot[]> {
  const admin = await signIn(base, 'admin', samplePassword)
  const [flow] = await admin.call(flows.list)
  if (!flow) throw new Error('the sample centre has no flow')
  const recorded = (await admin.call(calls.list, { query: { size: 50 } })).rows.find(c => c.recorded)
  const open = (page: Page) =>
    page
      .locator('tr', { hasText: recorded?.customerName || recorded?.caller || '' })
      .first()
      .locator('td')
      .last()
      .click()
  return [
    { name: 'calls', path: '/calls', who: 'supervisor' },
    { name: 'call', path: '/calls', who: 'supervisor', act: open },
    { name: 'calls-phone', path: '/calls', who: 'supervisor', size: 'phone' },
    { name: 'call-flow', path: `/call-flows/${flow.id}`, who: 'admin', act: page => page.locator('.editorline').nth(3).click() },
    {
      name: 'call-flow-trial',
      path: `/call-flows/${flow.id}`,
      who: 'admin',
      act: page =>
        page
          .getByText(/^(模拟拨打|Dry run)$/)
          .first()
          .click(),
    },
    ...sections.map(key => ({ name: `settings-${key}`, path: `/settings/${key}`, who: 'admin' })),
    { name: 'settings-lines-phone', path: '/settings/lines', who: 'admin', size: 'phone' },
  ]
}

type Album = { open: (who: string, path: string, size?: 'phone') => Promise<Page>; keep: (name: string, page: Page) => Promise<void> }

/** The pictures of one call. */
export const ofCall = ['practice-phone', 'practice-phone-talking', 'desk-call-ringing', 'desk-call', 'team-call', 'desk-call-wrap-up']

/** One call on the practice line, from dialling to the note after it. */
export async function calling(base: string, album: Album): Promise<void> {
  const agent = await signIn(base, 'agent2', samplePassword)
  const desk = await album.open('agent2', '/desk')
  const customer = await album.open('lead', '/phone', 'phone')
  const team = await album.open('supervisor', '/team')
  try {
    await agent.call(routing.setMine, { body: { state: 'ready', reasonId: null } })
    await customer.locator('.person').first().click()
    await album.keep('practice-phone', customer)
    await customer.locator('button.go').click()
    await customer.locator('#key-1:enabled').waitFor()
    const rings = desk.locator('.ringing[role="alert"]')
    await until(
      'the call rings',
      async () => {
        if (await rings.isVisible()) return true
        await customer.locator('#key-1:enabled').click()
        await rings.waitFor({ timeout: 4_000 }).catch(() => {})
        return rings.isVisible()
      },
      90_000,
    )
    await album.keep('desk-call-ringing', desk)
    await desk.keyboard.press('Control+j')
    await rings.waitFor({ state: 'hidden' })
    await until('they talk', async () => (await agent.call(routing.mine)).presence.state === 'call', 20_000)
    // The bar and the history of whoever calls come a moment later.
    for (const part of ['.callacts .callact', '.callpane .lines li', '#summary-reason', '.side .figures dd'])
      await desk.locator(part).first().waitFor()
    await album.keep('desk-call', desk)
    await album.keep('practice-phone-talking', customer)
    await album.keep('team-call', team)
    await desk.keyboard.press('Control+e')
    await until('they have talked', async () => (await agent.call(routing.mine)).presence.state === 'wrap', 20_000)
    await desk.locator('.callbar.wrap').waitFor()
    await album.keep('desk-call-wrap-up', desk)
  } finally {
    // Chats are for the others.
    await agent.call(routing.setMine, { body: { state: 'busy', reasonId: null } })
    for (const page of [desk, customer, team]) await page.close()
  }
}
