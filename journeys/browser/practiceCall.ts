import { expect } from 'vitest'
import { routing } from '#contract/routing.ts'
import { calls, softphone } from '#contract/voice.ts'
import { type SignedIn, until } from '../story/client.ts'
import { directNumber, furnishVoice, number } from '../voice/centre.ts'
import { hears, played } from '../voice/headset.ts'
import { type BrowserContext, type onStage, type Page, phone, sees } from './stage.ts'

/** Whoever speaks is known by a tone; together with another it must still be told apart. */
export const [customerTone, agentTone, secondTone] = [1_000, 620, 1_430] as const

export const hearsTone = (page: Page, who: string, hertz: number) =>
  expect.poll(() => hears(page, hertz), { message: `${who} hears ${hertz}` }).toBeGreaterThan(0.4)
export const hearsNot = (page: Page, who: string, hertz: number) =>
  expect.poll(() => hears(page, hertz), { message: `${who} does not hear ${hertz}` }).toBe(0)

export const ready = (agent: SignedIn) => agent.call(routing.setMine, { body: { state: 'ready', reasonId: null } })
export const mine = (agent: SignedIn) =>
  until('the call is mine', async () => (await agent.call(softphone.mine)).calls.find(c => c.stage === 'talking' && c.legState === 'up'))
export const wholeOf = (admin: SignedIn, id: string) => admin.call(calls.one, { params: { id } })
export const overOf = (admin: SignedIn, id: string) =>
  until(
    'the call is over',
    async () => {
      const found = await wholeOf(admin, id)
      return found.stage === 'over' && found
    },
    30_000,
  )

type Stage = ReturnType<typeof onStage>
/** Somebody of the house plays the customer on a telephone in the pocket. */
export async function telephone(stage: Stage, from: string, { to = number, tone = customerTone as number | null } = {}): Promise<Page> {
  const { page, context } = await stage.colleague('lead', null, { size: phone, ...(tone === null ? {} : { tone }) })
  if (tone === null) await noMicrophone(context)
  await keepSounds(context)
  await page.goto(`${stage.url}/phone`)
  await page.getByLabel('拨打', { exact: true }).selectOption(to)
  await page.getByLabel('我的号码').fill(from)
  await page.getByLabel('我的号码').press('Tab')
  return page
}
export async function dials(page: Page): Promise<void> {
  await page.getByRole('button', { name: '拨打电话' }).click()
  await page.getByRole('group', { name: '按键' }).getByRole('button', { name: '1', exact: true }).and(page.locator(':enabled')).waitFor()
}
export async function toTheQueue(page: Page): Promise<void> {
  await dials(page)
  await sees(page, '欢迎')
  await page.keyboard.press('1')
  await sees(page, '已按 1')
  await page.keyboard.type('1024')
  await sees(page, '正在听等待音乐')
}
declare global {
  interface Window {
    /** What the page plays beside voices. */
    sounds?: HTMLAudioElement[]
  }
}
const keepSounds = (context: BrowserContext) =>
  context.addInitScript(() => {
    const kept: HTMLAudioElement[] = []
    const Original = window.Audio
    window.sounds = kept
    window.Audio = class extends Original {
      constructor(address?: string) {
        super(address)
        if (address !== undefined) kept.push(this)
      }
    }
  })
/** Music, or somebody's words, loud enough to be heard. */
export const hearsMusic = (page: Page): Promise<boolean> =>
  page.evaluate(() => window.sounds?.some(one => one.loop && !one.paused && one.currentTime > 0 && one.volume > 0) === true)
/** As a browser answers where none is plugged in. */
export const noMicrophone = (context: BrowserContext) =>
  context.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'))
  })
/** An agent before a desk whose telephone is there. */
export async function seat(stage: Stage, login: string, tone: number) {
  const at = await stage.colleague(login, null, { tone })
  const here = at.page.waitForResponse(reply => /\/api\/softphone\/lines\//.test(reply.url()), { timeout: 60_000 })
  await at.page.goto(`${stage.url}/desk`)
  await here
  return at
}
export async function takes(desk: Page): Promise<void> {
  await desk.getByRole('alert', { name: /来电/ }).waitFor({ timeout: 60_000 })
  await desk.keyboard.press('Control+j')
}

/** The sides of a recording as a browser plays it, once it is kept. */
export async function recorded(by: SignedIn, on: Page, callId: string, kind: 'talk' | 'voicemail') {
  const kept = await until(
    'the recording is kept',
    async () => (await wholeOf(by, callId)).recordings.find(r => r.kind === kind && r.state === 'kept'),
    60_000,
  )
  const { url } = await by.call(calls.play, { params: { id: kept.id } })
  const file = await fetch(new URL(url, on.url()))
  const [left = new Int16Array(), right = new Int16Array()] = await played(on, new Uint8Array(await file.arrayBuffer()), 16_000)
  return { recording: kept, left, right }
}

/** An agent and a customer of the house on the direct number who hear one another. */
export async function talking(stage: Stage) {
  const { agents, admin, queueId } = await furnishVoice(stage.url, ['agent'], null)
  const [agent] = agents
  if (!agent) throw new Error('an agent')
  const desk = (await seat(stage, 'agent', agentTone)).page
  await ready(agent)
  const customer = await telephone(stage, '13800006021', { to: directNumber })
  await dials(customer)
  await takes(desk)
  const both = () => Promise.all([hearsTone(customer, 'the customer', agentTone), hearsTone(desk, 'the agent', customerTone)])
  await both()
  return { agent, admin, queueId, desk, customer, both, call: await mine(agent) }
}
