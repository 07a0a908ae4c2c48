import path from 'node:path'
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { openBrowser } from '../../tools/browser.ts'
import { startFurnished } from '../furnished.ts'
import { openHeadset, wearHeadset } from '../voice/headset.ts'

export const wide = { width: 1280, height: 720 }
export const phone = { width: 390, height: 844 }
export const password = 'clearwater'
/** A page on a machine that does other things besides. */
const patience = 30_000

type Stage = Awaited<ReturnType<typeof openStage>>
type Wish = {
  size?: typeof wide
  language?: 'zh' | 'en'
  dark?: boolean
  still?: boolean /** What the microphone says, over and over. */
  tone?: number
}

/** The stage of a file of journeys: opened before the first, cleared after each, and what everybody saw last is told when one failed. */
export function onStage(env: Record<string, string> = {}): Stage {
  let open: Stage | undefined
  const here = () => {
    if (!open) throw new Error('the stage is not open yet')
    return open
  }
  beforeAll(async () => {
    open = await openStage(env)
  }, 240_000)
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await open?.tellAll(task.name)
    await open?.clear()
  }, 60_000)
  afterAll(() => open?.close(), 60_000)
  return {
    get url() {
      return here().url
    },
    get browser() {
      return here().browser
    },
    get faults() {
      return here().faults
    },
    somebody: (...given) => here().somebody(...given),
    colleague: (...given) => here().colleague(...given),
    tellAll: (...given) => here().tellAll(...given),
    clear: () => here().clear(),
    restart: () => here().restart(),
    machineOf: tone => here().machineOf(tone),
    close: () => here().close(),
  }
}

/** The product in a process of its own over a sample centre of its own, and a browser before it. JOURNEY_URL names a product that runs already. */
async function openStage(env: Record<string, string>) {
  const running = Object.keys(env).length === 0 ? process.env.JOURNEY_URL : undefined
  const [product, browser] = await Promise.all([
    running ? { url: running, stop: async () => {}, restart: async () => {} } : startFurnished(env),
    openBrowser(),
  ])
  const faults: string[] = []
  /** By tone: a microphone belongs to a whole browser. */
  const headsets = new Map<number, ReturnType<typeof openHeadset>>()
  const headset = (tone: number) => {
    const worn = headsets.get(tone) ?? openHeadset(tone)
    headsets.set(tone, worn)
    return worn
  }
  const browsers = async () => [browser, ...(await Promise.all(headsets.values())).map(h => h.browser)]

  /** A browser of somebody's own. Whatever goes wrong in it is written down with their name. */
  async function somebody(who: string, { size = wide, language = 'zh', dark = false, still = false, tone }: Wish = {}) {
    const own = tone === undefined ? browser : (await headset(tone)).browser
    const context = await own.newContext({
      viewport: size,
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      timezoneId: 'Asia/Shanghai',
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: still ? 'reduce' : 'no-preference',
      ...(size === phone ? { hasTouch: true, isMobile: true } : {}),
    })
    context.setDefaultTimeout(patience)
    if (tone !== undefined) await wearHeadset(context)
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
    for (const worn of headsets.values()) await (await worn).close()
    headsets.clear()
    faults.length = 0
  }
  async function close() {
    await clear()
    await browser.close()
    await product.stop()
  }
  /** What everybody saw last, for whoever looks into a failure: in words, and as pictures where JOURNEY_PICTURES names a folder. */
  async function tellAll(name: string) {
    const place = process.env.JOURNEY_PICTURES
    const pages = (await browsers()).flatMap(b => b.contexts()).flatMap(c => c.pages())
    for (const [n, page] of pages.entries()) {
      const words = await page
        .locator('body')
        .innerText({ timeout: 3_000 })
        .catch(() => '')
      console.error(`${name}: page ${n} ${page.url()}\n  ${words.replace(/\s+/g, ' ').slice(0, 5_000)}`)
      if (place) await page.screenshot({ path: path.join(place, `${name.slice(0, 40)}-${n}.png`), timeout: 5_000 }).catch(() => {})
    }
    if (faults.length > 0) console.error(faults.join('\n'))
  }
  /** What the browser of this tone runs on: it can sleep, or lose its network. */
  const machineOf = (tone: number) => headset(tone)
  return { url: product.url, browser, faults, somebody, colleague, tellAll, clear, close, restart: product.restart, machineOf }
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

export const sees = async (where: Pick<Locator, 'getByText'>, words: string | RegExp, timeout = patience): Promise<void> => {
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

/** Adds a customer by the page and opens them. */
export async function newcomer(page: Page, name: string, mobile: string) {
  await page
    .getByRole('button', { name: /新建客户|New customer/ })
    .first()
    .click()
  const form = page.getByRole('dialog')
  await form.getByLabel(/^(姓名|Name)/).fill(name)
  await form.getByLabel(/^(电话|Phone)/).fill(mobile)
  await page.keyboard.press('Control+Enter')
  await form.waitFor({ state: 'hidden' })
  if (!/customers\/.+/.test(page.url())) await page.getByText(name).first().click()
  await page.getByRole('heading', { name }).waitFor()
}
