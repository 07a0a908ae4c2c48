import { expect } from 'vitest'
import { routing } from '#contract/routing.ts'
import { type MyCall, softphone } from '#contract/voice.ts'
import { lines } from '#contract/voiceSettings.ts'
import { asteriskDir } from '#testing/asterisk.ts'
import type { Product } from '../../tools/product.ts'
import { startFurnished } from '../furnished.ts'
import { type SignedIn, signIn, until } from '../story/client.ts'
import { directNumber, furnishVoice, number, password } from './centre.ts'
import { hears, openHeadset, wearHeadset } from './headset.ts'
import { call, freeUdp, type Place } from './sipp.ts'
import { openTelephone } from './telephone.ts'
import { loudness } from './tones.ts'

export { directNumber, number }
export type Stage = Awaited<ReturnType<typeof openStage>>
export type Seat = Awaited<ReturnType<Stage['seat']>>

/** The product with an Asterisk that it starts, and a centre whose agents are these. */
export async function openStage(logins: readonly string[]) {
  const endings: (() => unknown)[] = []
  const close = async () => {
    for (const end of endings.splice(0).reverse()) await end()
  }
  try {
    const sip: Place = { host: '127.0.0.1', port: await freeUdp('127.0.0.1') }
    const product: Product = await startFurnished({ ASTERISK_DIR: asteriskDir ?? '', ASTERISK_SIP: `${sip.host}:${sip.port}` })
    endings.push(product.stop)
    const centre = await furnishVoice(product.url, logins)
    await until('the line is ready', async () => (await lineOf(centre.admin)).state === 'ready', 30_000)

    /** Somebody outside takes up a telephone and calls. */
    const dial = async (called: string, more: { caller?: string; stayMs?: number } = {}) => {
      const telephone = await openTelephone()
      const { caller = '13800001111', ...rest } = more
      const line = await call({ to: sip, called, telephone, callers: [caller], ...rest })
      endings.push(telephone.hangUp, line.drop)
      const hearsTone = (hertz: number) =>
        expect.poll(() => telephone.hears(hertz, 1), { message: `the caller hears ${hertz}` }).toBeGreaterThan(0.4)
      const hearsNot = (hertz: number) =>
        expect.poll(() => telephone.hears(hertz, 1), { message: `the caller does not hear ${hertz}` }).toBe(0)
      const hearsSomething = () =>
        expect.poll(() => loudness(telephone.lately(1)), { message: 'the caller hears something' }).toBeGreaterThan(200)
      return { ...line, telephone, hearsSomething, hears: hearsTone, hearsNot }
    }

    /** An agent before a browser whose microphone says a tone; the phone is connected. */
    const seat = async (login: string, hertz: number) => {
      const headset = await openHeadset(hertz)
      endings.push(headset.close)
      const context = await headset.browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 720 } })
      await wearHeadset(context)
      const answer = await context.request.post(`${product.url}/api/session`, { data: { login, password } })
      expect(answer.status(), `${login} signs in`).toBe(200)
      const page = await context.newPage()
      const { phones } = await lineOf(centre.admin)
      await page.goto(product.url)
      await until(`the phone of ${login} is connected`, async () => (await lineOf(centre.admin)).phones > phones, 30_000)
      const api = await signIn(product.url, login, password)
      return {
        ...{ login, hertz, page, api, close: headset.close, crash: headset.crash, sleep: headset.sleep, wake: headset.wake },
        /** What rings in the browser is taken there. */
        answer: () => page.getByRole('button', { name: '接听' }).first().click({ timeout: 30_000 }),
        ready: () => api.call(routing.setMine, { body: { state: 'ready', reasonId: null } }),
        hears: (other: number) => expect.poll(() => hears(page, other), { message: `${login} hears ${other}` }).toBeGreaterThan(0.4),
        hearsNot: (other: number) => expect.poll(() => hears(page, other), { message: `${login} does not hear ${other}` }).toBe(0),
      }
    }
    return { ...centre, sip, product, dial, seat, close }
  } catch (error) {
    await close()
    throw error
  }
}

export async function lineOf(admin: SignedIn) {
  const line = (await admin.call(lines.list)).find(l => l.kind === 'asterisk')
  if (!line) throw new Error('the product has no exchange')
  return line
}

/** What rings for an agent is taken in the browser; returns the call. */
export async function take({ answer, api }: Seat): Promise<MyCall> {
  await answer()
  return until('the call is mine', async () => (await api.call(softphone.mine)).calls.find(c => c.stage === 'talking'), 20_000)
}
