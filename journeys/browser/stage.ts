import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { startProduct } from '../../bench/product.ts'
import { openBrowser } from '../../tools/browser.ts'

export const wide = { width: 1280, height: 720 }
export const phone = { width: 390, height: 844 }
export const password = 'clearwater'

export type Stage = Awaited<ReturnType<typeof openStage>>
type Wish = { size?: typeof wide; language?: 'zh' | 'en'; dark?: boolean; still?: boolean }

/** The product as `npm start` runs it, on a folder of its own, and a browser before it. JOURNEY_URL names a product that runs already. */
export async function openStage(env: Record<string, string> = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-browser-'))
  const running = Object.keys(env).length === 0 ? process.env.JOURNEY_URL : undefined
  const [product, browser] = await Promise.all([
    running ? { url: running, stop: async () => {} } : startProduct(folder, env),
    openBrowser(),
  ])
  const faults: string[] = []

  /** A browser of somebody's own. Whatever goes wrong in it is written down with their name. */
  async function somebody(who: string, { size = wide, language = 'zh', dark = false, still = false }: Wish = {}) {
    const context = await browser.newContext({
      viewport: size,
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      timezoneId: 'Asia/Shanghai',
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: still ? 'reduce' : 'no-preference',
      ...(size === phone ? { hasTouch: true, isMobile: true } : {}),
    })
    context.setDefaultTimeout(15_000)
    context.on('page', page => watch(who, page, faults))
    const page = await context.newPage()
    return { who, context, page }
  }

  /** Somebody who has a session already: signing in has its own test. */
  async function colleague(login: string, address: string | null, wish: Wish = {}) {
    const them = await somebody(login, wish)
    const reply = await them.context.request.post(`${product.url}/api/session`, { data: { login, password } })
    expect(reply.status(), `${login} signs in`).toBe(200)
    if (address !== null) await them.page.goto(product.url + address)
    return them
  }

  /** Everybody goes home; what went wrong before counts no longer. */
  async function clear() {
    await Promise.all(browser.contexts().map(c => c.close()))
    faults.length = 0
  }
  async function close() {
    await clear()
    await browser.close()
    await product.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  /** What everybody saw last, for whoever looks into a failure. */
  async function pictures(name: string) {
    const place = process.env.JOURNEY_PICTURES
    if (!place) return
    for (const [n, page] of browser
      .contexts()
      .flatMap(c => c.pages())
      .entries())
      await page.screenshot({ path: path.join(place, `${name}-${n}.png`), timeout: 5_000 }).catch(() => {})
    console.log(faults.join('\n'))
  }
  return { url: product.url, browser, faults, somebody, colleague, pictures, clear, close }
}

/** Page errors, refused code, failed requests, refusals of the server and red lines of the console. */
function watch(who: string, page: Page, faults: string[]): void {
  const note = (what: string) => faults.push(`${who}: ${what}`)
  page.on('pageerror', error => note(`page error: ${error.message}`))
  page.on('console', message => {
    const text = message.text()
    // A refused answer is told below, with its address.
    if ((message.type() === 'error' && !text.startsWith('Failed to load resource')) || /content.security.policy|script-src/i.test(text))
      note(`console: ${text.slice(0, 300)}`)
  })
  page.on('response', response => {
    if (response.status() >= 400) note(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`)
  })
  page.on('requestfailed', request => {
    const why = request.failure()?.errorText ?? ''
    // What a page no longer wants when it is left is not a failure.
    if (why !== 'net::ERR_ABORTED') note(`${why} ${request.method()} ${new URL(request.url()).pathname}`)
  })
}

/** What went wrong, without what the story provoked. */
export const unprovoked = (faults: readonly string[], provoked: readonly RegExp[]): string[] =>
  faults.filter(fault => !provoked.some(known => known.test(fault)))

export const sees = async (where: Pick<Locator, 'getByText'>, words: string | RegExp, timeout = 15_000): Promise<void> => {
  await where.getByText(words).first().waitFor({ timeout })
}

/** A keyboard that counts. */
export function countedKeys(page: Page) {
  const counted = { keys: 0 }
  const press = async (key: string) => {
    counted.keys++
    await page.keyboard.press(key)
  }
  const type = async (text: string) => {
    counted.keys += [...text].length
    await page.keyboard.type(text)
  }
  /** Tab until the focus stands in one of these; what a person sees, too. */
  const tabTo = async (target: Locator, most = 20) => {
    for (let n = 0; n < most; n++) {
      if (await holdsFocus(target)) return
      await press('Tab')
    }
    throw new Error(`not reached with ${most} tabs: ${target}`)
  }
  return { counted, press, type, tabTo }
}
export const holdsFocus = (target: Locator): Promise<boolean> =>
  target.evaluateAll(found => found.some(element => element.contains(document.activeElement)))

export const focused = (target: Locator) => expect.poll(() => holdsFocus(target), { timeout: 15_000 }).toBe(true)

/** How long each step took, for whoever reads the run. */
export function newClock() {
  const began = performance.now()
  let last = began
  const lines: string[] = []
  return {
    mark: (what: string) => {
      const now = performance.now()
      lines.push(`${((now - last) / 1000).toFixed(1).padStart(6)} s  ${what}`)
      last = now
    },
    told: () => `${lines.join('\n')}\n${((last - began) / 1000).toFixed(1).padStart(6)} s  in all`,
  }
}

export type { BrowserContext, FrameLocator, Locator, Page }
