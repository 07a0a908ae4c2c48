import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { samplePassword, widgetKey } from '#domains/sample/centre.ts'
import { removeData } from '../server/boot/removeData.ts'
import { openBrowser } from './browser.ts'
import { helpAsked, helped, mistyped } from './options.ts'
import { startProduct } from './product.ts'
import { archive } from './screens/archive.ts'
import { instruments } from './screens/instruments.ts'
import { smaller } from './screens/png.ts'
import { type Language, type Scene, stage } from './screens/scene.ts'
import { sections } from './screens/sections.ts'
import { type Shot, type Size, sizes } from './screens/shot.ts'
import { calling, microphone, ofCall, telephone } from './screens/telephone.ts'

// npm run screens: a picture of every page, Chinese by day and English by night, into docs/screens.
// With words after it only pictures whose names begin so: npm run screens -- wallboard desk
const folder = fileURLToPath(new URL('../docs/screens', import.meta.url))
const wanted = process.argv.slice(2)
const usage = 'npm run screens [-- NAME …]   所有页面的截图，或名字以此开头的 / pictures of every page, or of those whose names begin so'
if (helpAsked()) helped(usage)
const odd = wanted.find(name => name.startsWith('-'))
if (odd !== undefined) mistyped(`Unknown option '${odd}'`, usage)

mkdirSync(folder, { recursive: true })
if (wanted.length === 0) for (const name of readdirSync(folder)) if (name.endsWith('.png')) rmSync(join(folder, name))
const browser = await openBrowser(microphone)
try {
  for (const language of ['zh', 'en'] as const) await picturesIn(browser, language)
} finally {
  await browser.close()
}
const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
console.log(`docs/screens: ${readdirSync(folder).length}, ${(bytes / 1e6).toFixed(1)} MB`)

async function picturesIn(browser: Browser, language: Language) {
  const data = mkdtempSync(join(tmpdir(), 'huiyin-screens-'))
  const product = await startProduct(data, { SAMPLE_LANGUAGE: language })
  const album = newAlbum(browser, product.url, language)
  try {
    const scene = await stage(product.url, language)
    album.remember(`huiyin:${widgetKey}`, JSON.stringify(scene.visit))
    try {
      for (const shot of early(scene)) await album.take(shot)
      if (ofCall.some(picked)) await calling(product.url, album).catch(album.lacks)
      await ringing(album, scene)
      await scene.crowd()
      for (const shot of [
        ...later(scene),
        ...(await archive(product.url)),
        ...(await instruments(product.url)),
        ...(await telephone(product.url)),
      ])
        await album.take(shot)
    } finally {
      scene.close()
    }
  } finally {
    await album.close()
    await product.stop()
    removeData(data)
  }
  if (!picked('setup')) return
  const empty = await startProduct(data, { SAMPLE: 'off' })
  const first = newAlbum(browser, empty.url, language)
  try {
    await first.take({ name: 'setup', path: '/setup', who: null })
  } finally {
    await first.close()
    await empty.stop()
    removeData(data)
  }
}

function early(scene: Scene): Shot[] {
  return [
    { name: 'login', path: '/login', who: null },
    { name: 'site', path: '/site', who: null, act: page => page.locator('[data-chat]').first().click() },
    { name: 'widget-phone', path: `/widget/?key=${widgetKey}`, who: null, size: 'phone' },
    { name: 'progress', path: scene.progressPath, who: null },
    { name: 'progress-phone', path: scene.progressPath, who: null, size: 'phone' },
    { name: 'desk', path: `/desk?c=${scene.conversationId}`, who: 'agent' },
    { name: 'desk-new-ticket', path: `/desk?c=${scene.conversationId}`, who: 'agent', act: newTicket },
    { name: 'desk-phone', path: '/desk', who: 'agent', size: 'phone' },
    { name: 'desk-talk-phone', path: `/desk?c=${scene.conversationId}`, who: 'agent', size: 'phone' },
    { name: 'palette', path: '/desk', who: 'agent', act: page => page.keyboard.press('Control+k') },
  ]
}

/** Single letters are words while the reply box has the focus. */
async function newTicket(page: Page) {
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
  await page.keyboard.press('c')
}

/** The page is open before it rings, as it is for an agent. */
async function ringing(album: Album, scene: Scene) {
  await album.take({ name: 'desk-ringing', path: `/desk?c=${scene.conversationId}`, who: 'agent', act: () => scene.arrive() })
}

function later(scene: Scene): Shot[] {
  return [
    { name: 'wallboard', path: '/wallboard', who: 'supervisor' },
    { name: 'wallboard-full', path: '/wallboard', who: 'supervisor', size: 'wall', act: page => page.keyboard.press('f') },
    { name: 'wallboard-phone', path: '/wallboard', who: 'supervisor', size: 'phone' },
    { name: 'team', path: '/team', who: 'supervisor' },
    { name: 'figures', path: '/figures', who: 'supervisor' },
    { name: 'desk-team', path: '/desk?box=team', who: 'supervisor' },
    { name: 'customers', path: '/customers', who: 'agent' },
    { name: 'customer', path: `/customers/${scene.customerId}`, who: 'agent' },
    { name: 'tickets', path: '/tickets', who: 'supervisor' },
    { name: 'ticket', path: `/tickets/${scene.ticketId}`, who: 'supervisor' },
    { name: 'ticket-field-phone', path: `/tickets/${scene.ticketId}`, who: 'field', size: 'phone' },
    { name: 'tickets-field-phone', path: '/tickets', who: 'field', size: 'phone' },
    { name: 'ratings', path: '/ratings', who: 'supervisor' },
    ...sections.map(key => ({ name: `settings-${key}`, path: `/settings/${key}`, who: 'admin' })),
    ...['queues', 'widgets', 'ticket-kinds'].map(key => ({
      name: `settings-${key}-form`,
      path: `/settings/${key}`,
      who: 'admin',
      act: (page: Page) => page.locator('tbody tr.ant-table-row').nth(1).locator('td').first().click(),
    })),
    { name: 'settings-phone', path: '/settings/queues', who: 'admin', size: 'phone' },
  ]
}

function picked(name: string) {
  return wanted.length === 0 || wanted.some(w => name.startsWith(w))
}

type Album = ReturnType<typeof newAlbum>
/** One signed-in context per person and size, opened when first needed. */
function newAlbum(browser: Browser, base: string, language: Language) {
  const shade = language === 'zh' ? 'light' : 'dark'
  const contexts = new Map<string, BrowserContext>()
  const storage: Record<string, string> = { 'huiyin.language': language, 'huiyin.theme': shade, 'huiyin:language': language }

  async function contextOf(who: string | null, size: Size): Promise<BrowserContext> {
    const key = `${who} ${size}`
    const known = contexts.get(key)
    if (known) return known
    const context = await browser.newContext({
      viewport: sizes[size],
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      timezoneId: 'Asia/Shanghai',
      colorScheme: shade,
      reducedMotion: 'reduce',
      ...(size === 'phone' ? { hasTouch: true, isMobile: true } : {}),
    })
    contexts.set(key, context)
    await context.addInitScript(kept => {
      for (const [name, value] of Object.entries(kept)) localStorage.setItem(name, value)
    }, storage)
    if (who) {
      const reply = await context.request.post(`${base}/api/session`, { data: { login: who, password: samplePassword } })
      if (!reply.ok()) throw new Error(`${who} could not sign in: ${await reply.text()}`)
    }
    return context
  }

  async function open(who: string | null, path: string, size?: Size): Promise<Page> {
    const page = await (await contextOf(who, size ?? 'window')).newPage()
    page.on('pageerror', error => console.error(`${path}: ${error.message}`))
    await page.goto(base + path)
    await settled(page)
    return page
  }
  async function keep(name: string, page: Page): Promise<void> {
    await settled(page)
    if (!picked(name)) return
    const file = `${name}.${language}-${shade}.png`
    writeFileSync(join(folder, file), smaller(await page.screenshot()))
    console.log(file)
  }
  /** One picture less; the others are worth taking. */
  function lacks(error: unknown): void {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }

  return {
    remember: (name: string, value: string) => {
      storage[name] = value
    },
    open,
    keep,
    lacks,
    take: async ({ name, path, who, size, act }: Shot) => {
      // What an act changes in the product is needed by later pictures too.
      if (!picked(name) && name !== 'desk-ringing') return
      const page = await open(who, path, size).catch(lacks)
      if (!page) return
      try {
        await act?.(page)
        await keep(name, page)
      } catch (error) {
        console.error(name)
        lacks(error)
      } finally {
        await page.close()
      }
    },
    close: async () => {
      for (const context of contexts.values()) await context.close()
    },
  }
}

/** Nothing loads, no skeleton stands, and the letters have their font. */
async function settled(page: Page) {
  await page.waitForLoadState('networkidle', { timeout: 8_000 }).catch(() => {})
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'), undefined, { timeout: 8_000 }).catch(() => {})
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.waitForTimeout(600)
}
