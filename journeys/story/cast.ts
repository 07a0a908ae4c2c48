import { createHmac } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { identity } from '#contract/identity.ts'
import type { Wallboard } from '#contract/insight.ts'
import { insight } from '#contract/insight.ts'
import { type Presence, routing } from '#contract/routing.ts'
import { samplePassword, widgetKey, widgetSecret } from '#domains/sample/centre.ts'
import { type Client, type Live, newClient, type SignedIn, signIn } from './client.ts'

export type Language = 'zh' | 'en'
export type Step = { n: number; did: string; says: string; look: string }

/** Everybody who plays, and what they learn on the way. */
export type Stage = {
  base: string
  language: Language
  say: (zh: string, en: string) => string
  guest: Client
  agents: readonly [SignedIn, SignedIn]
  /** The consoles of the two agents and of the lead. */
  consoles: readonly [Live, Live]
  lead: SignedIn
  leadLive: Live
  field: SignedIn
  admin: SignedIn
  before: Wallboard
  /** Colleagues who stood ready and were asked to wait. */
  setAside: Presence[]
  states: Presence[]
}

/** Who writes in the story, as the sample utility's site signs its customers. */
export const customerNumber = '1024008735'

export function signedCustomer(): string {
  const text = Buffer.from(JSON.stringify({ number: customerNumber, exp: Math.floor(Date.now() / 1000) + 600 })).toString('base64url')
  return `${text}.${createHmac('sha256', widgetSecret).update(text).digest('base64url')}`
}

export { widgetKey }

/** Files for `curl -K`, so that tokens do not stand on the screen. */
export const keyFolder = path.join(tmpdir(), 'huiyin-story')
export const keyFile = (who: string) => path.join(keyFolder, who)

/** Everybody signs in and sits down. Nobody else stands ready while the story plays, so that it rings where the story says. */
export async function gather(base: string, language: Language, tenant?: string): Promise<Stage> {
  const guest = newClient(base)
  const [a, b, lead, field, admin] = await Promise.all(
    ['agent', 'agent2', 'supervisor', 'field', 'admin'].map(login => signIn(base, login, samplePassword, tenant)),
  )
  if (!a || !b || !lead || !field || !admin) throw new Error('somebody did not sign in')
  const { rows: team } = await lead.call(routing.team, { query: { size: 200 } })
  const ours = [a.me.user.id, b.me.user.id]
  const others = team.filter(p => p.state === 'ready' && !ours.includes(p.agentId))
  for (const p of others) await lead.call(routing.force, { params: { agentId: p.agentId }, body: { state: 'busy', reasonId: null } })
  const [first, second, leadLive] = await Promise.all([a.live(), b.live(), lead.live()])
  for (const agent of [a, b]) await agent.call(routing.setMine, { body: { state: 'busy', reasonId: null } })
  await leadLive.watch('wallboard')
  const before = await lead.call(insight.wallboard)
  const said = await guest.call(identity.welcome)
  const made = said.tenant?.sample === false
  if (made) throw new Error('the story needs the sample centre: start with SAMPLE=on on an empty data folder')
  return {
    base,
    language,
    say: (zh, en) => (language === 'zh' ? zh : en),
    guest,
    agents: [a, b],
    consoles: [first, second],
    lead,
    leadLive,
    field,
    admin,
    before,
    setAside: others,
    states: team.filter(p => ours.includes(p.agentId)),
  }
}

/** Everybody leaves the stage as they came. */
export async function disperse(stage: Stage): Promise<void> {
  for (const agent of stage.agents) {
    const was = stage.states.find(p => p.agentId === agent.me.user.id)
    const state = was?.chosen ?? 'offline'
    await agent.call(routing.setMine, { body: { state, reasonId: was?.reasonId ?? null } }).catch(() => {})
  }
  for (const p of stage.setAside)
    await stage.lead.call(routing.force, { params: { agentId: p.agentId }, body: { state: 'ready', reasonId: null } }).catch(() => {})
  for (const live of [...stage.consoles, stage.leadLive]) live.close()
}
