import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { calls, softphone } from '#contract/voice.ts'
import { asteriskDir } from '#testing/asterisk.ts'
import { removeData } from '../../server/boot/removeData.ts'
import { type Product, startProduct } from '../../tools/product.ts'
import { signIn, until } from '../story/client.ts'
import { type Exchange, startExchange } from '../voice/exchange.ts'
import { furnishCentre, headlessNumber, password, plainPhone, ready, sit } from '../voice/headless.ts'
import { onTheLine } from '../voice/onTheLine.ts'
import { call, freeUdp, phones } from '../voice/sipp.ts'
import { directNumber, lineOf, openStage, take } from '../voice/stage.ts'
import { openTelephone } from '../voice/telephone.ts'
import { embeddedOf } from './centre.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
}, 60_000)

type Seen = { stage: string; cause: string | null; agentId: string | null; answeredAt: Date | null; endedAt: Date | null }
const callerTone = 1_000

/** An exchange, the product with a database of its own, and so many agents with telephones of SIPp who take what rings. */
async function open(agents: number) {
  const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-voice-'))
  endings.push(() => removeData(folder))
  const exchange = await startExchange({ trunk: true })
  endings.push(exchange.stop)
  // All of them at one address; what they are told comes to one ear.
  const ear = await openTelephone('127.0.0.3')
  const place = { host: '127.0.0.3', port: await freeUdp('127.0.0.3') }
  const answering = await phones({ ...place, telephone: ear, quiet: true })
  endings.push(ear.hangUp, answering.drop)
  const env = { SAMPLE: 'off', ASTERISK_ARI_URL: exchange.url }
  let product: Product = await startProduct(folder, env)
  endings.push(() => product.stop())
  const { url } = product
  const centre = await furnishCentre(url, agents, exchange, place)
  const seated = await sit(url, centre.agents.map(a => a.bearer)) // biome-ignore format: one line
  endings.push(seated.rise)
  await ready(url, centre.agents)
  const pool = new pg.Pool({ connectionString: embeddedOf(folder).url, max: 1 })
  pool.on('error', () => {})
  endings.push(() => pool.end())
  const rows = async <T extends pg.QueryResultRow>(statement: string) => (await pool.query<T>(statement)).rows
  return {
    ...{ exchange, ear },
    /** As the service manager of the machine does it. */
    killed: async (meanwhile: () => Promise<void>) => {
      process.kill(product.pid, 'SIGKILL')
      await meanwhile()
      product = await startProduct(folder, env, Number(new URL(url).port))
    },
    /** The exchange is there again where it was, and what it forgot was told to it anew. */
    restored: async () => {
      await exchange.start()
      const admin = await signIn(url, 'bench', password)
      await until('the line is ready again', async () => (await lineOf(admin)).state === 'ready', 60_000)
      for (const { agentId } of centre.agents) await plainPhone(exchange, agentId, place)
    },
    calls: () =>
      rows<Seen>(
        `select stage, cause, agent_id as "agentId", answered_at as "answeredAt", ended_at as "endedAt" from voice.call order by started_at, id`,
      ),
    /** Contacts that an agent holds or that wait. */
    held: async () =>
      (await rows<{ n: number }>('select ((select count(*) from routing.handling) + (select count(*) from routing.waiting))::int as n'))[0]
        ?.n,
    presences: async () => (await rows<{ state: string }>("select state from routing.presence where state <> 'offline'")).map(p => p.state),
  }
}
const counted = (seen: readonly Seen[]) =>
  seen.reduce<Record<string, number>>((sum, { stage }) => Object.assign(sum, { [stage]: (sum[stage] ?? 0) + 1 }), {})
const channelsOf = async ({ ask }: Exchange): Promise<number> => {
  const found: unknown = await (await ask('/channels')).json()
  return Array.isArray(found) ? found.length : -1
}
const numbers = (count: number) => Array.from({ length: count }, (_, n) => String(13_800_010_000 + n))

onTheLine('calls when something is killed', () => {
  test('the server during fifty calls: they go on, are taken up again, and end with right records', {
    timeout: 240_000,
  }, async () => {
    const [callers, agents] = [50, 8]
    const here = await open(agents)
    const mouth = await openTelephone()
    const one = await call({ to: here.exchange.sip, called: headlessNumber, telephone: mouth })
    endings.push(mouth.hangUp, one.drop)
    await one.answered()
    mouth.say(callerTone)
    const crowd = await call({
      ...{ to: here.exchange.sip, called: headlessNumber, callers: numbers(callers - 1), calls: callers - 1, perSecond: 20 },
    })
    endings.push(crowd.drop)
    await expect.poll(async () => counted(await here.calls())).toEqual({ talking: agents, waiting: callers - agents })
    await expect.poll(() => channelsOf(here.exchange)).toBe(callers + agents)
    await expect.poll(() => here.ear.hears(callerTone, 1)).toBeGreaterThan(0.4)

    await here.killed(async () => {
      here.ear.rest()
      await expect.poll(() => here.ear.hears(callerTone, 2)).toBeGreaterThan(0.4)
      expect(await channelsOf(here.exchange)).toBe(callers + agents)
    })
    await expect.poll(async () => counted(await here.calls())).toEqual({ talking: agents, waiting: callers - agents })
    expect(await channelsOf(here.exchange)).toBe(callers + agents)

    // Whoever hangs up makes room for the next: the first is the one who speaks.
    await one.hangUp()
    await expect.poll(async () => counted(await here.calls())).toEqual({ over: 1, talking: agents, waiting: callers - agents - 1 })
    const hungUp = Date.now()
    expect(await crowd.hangUp()).toBe(0)
    await expect.poll(async () => counted(await here.calls())).toEqual({ over: callers })
    await expect.poll(here.held).toBe(0)
    await expect.poll(() => channelsOf(here.exchange)).toBe(0)
    for (const { cause, answeredAt, endedAt } of await here.calls()) {
      expect(cause).toBe(answeredAt ? 'normal' : 'abandoned')
      expect(endedAt?.getTime()).toBeLessThan(hungUp + 15_000)
    }
  })

  test('the exchange: its calls are closed with a cause, agents are free within five seconds, the next call is answered and heard', {
    timeout: 180_000,
  }, async () => {
    const [callers, agents] = [12, 4]
    const here = await open(agents)
    const crowd = await call({
      ...{ to: here.exchange.sip, called: headlessNumber, callers: numbers(callers), calls: callers, perSecond: 20 },
    })
    endings.push(crowd.drop)
    await expect.poll(async () => counted(await here.calls())).toEqual({ talking: agents, waiting: callers - agents })

    await here.exchange.kill()
    const died = Date.now()
    await expect.poll(async () => [counted(await here.calls()), await here.held()], { interval: 50 }).toEqual([{ over: callers }, 0])
    expect(Date.now() - died).toBeLessThan(5_000)
    expect(new Set((await here.calls()).map(c => c.cause))).toEqual(new Set(['switch_down']))
    expect(await here.presences()).toEqual(Array.from({ length: agents }, () => 'ready'))

    await here.restored()
    here.ear.rest()
    const mouth = await openTelephone()
    const next = await call({ to: here.exchange.sip, called: headlessNumber, telephone: mouth, callers: ['13800020001'] })
    endings.push(mouth.hangUp, next.drop)
    await next.answered()
    mouth.say(callerTone)
    await expect.poll(async () => counted(await here.calls())).toEqual({ over: callers, talking: 1 })
    await expect.poll(() => here.ear.hears(callerTone, 1)).toBeGreaterThan(0.4)
    expect(await next.hangUp()).toBe(0)
    await expect.poll(async () => (await here.calls()).at(-1)).toMatchObject({ stage: 'over', cause: 'normal' })
    await expect.poll(() => channelsOf(here.exchange)).toBe(0)
  })

  test('an exchange of ours: it is started again by itself, phones come back to it, the next call is answered and heard', {
    timeout: 240_000,
  }, async () => {
    const stage = await openStage(['agent'])
    endings.push(stage.close)
    const agent = await stage.seat('agent', 620)
    await agent.ready()
    const pid = () => Number(readFileSync(path.join(stage.product.folder, 'asterisk/pid'), 'utf8'))
    const cut = await stage.dial(directNumber, { caller: '13800030003' })
    await cut.answered()
    cut.telephone.say(callerTone)
    const lost = { params: { id: (await take(agent)).id } }
    await agent.hears(callerTone)

    const before = pid()
    process.kill(before, 'SIGKILL')
    const died = Date.now()
    const closed = await until('its call is closed', async () => {
      const seen = await stage.admin.call(calls.one, lost)
      return seen.stage === 'over' && seen
    })
    expect(closed.cause).toBe('switch_down')
    expect((closed.endedAt?.getTime() ?? 0) - died, 'milliseconds until the agent was free').toBeLessThan(5_000)
    await until('the line is ready again', async () => (await lineOf(stage.admin)).state === 'ready' && pid() !== before, 60_000)
    await until('the phone is back', async () => (await lineOf(stage.admin)).phones === 1, 60_000)
    expect(Date.now() - died, 'milliseconds until calls could be taken again').toBeLessThan(30_000)

    const next = await stage.dial(directNumber, { caller: '13800030004' })
    await next.answered()
    next.telephone.say(callerTone)
    const taken = await take(agent)
    await Promise.all([next.hears(620), agent.hears(callerTone)])
    await next.hangUp()
    await until('the next call ends', async () => (await stage.admin.call(calls.one, { params: { id: taken.id } })).cause === 'normal')
  })

  test('the server beside an exchange of ours: the next one takes it over, and where none comes, none is left behind', {
    timeout: 240_000,
  }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-voice-'))
    endings.push(() => removeData(folder))
    const sip = await freeUdp('127.0.0.1')
    const env = { SAMPLE: 'off', ASTERISK_DIR: asteriskDir ?? '', ASTERISK_SIP: `127.0.0.1:${sip}` }
    const pid = () => Number(readFileSync(path.join(folder, 'asterisk/pid'), 'utf8'))
    const lives = (id: number) => existsSync(`/proc/${id}/cmdline`) && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(folder)
    const started = async () => {
      const product = await startProduct(folder, env)
      endings.push(product.stop)
      return product
    }
    const first = await started()
    const exchange = pid()
    process.kill(first.pid, 'SIGKILL')
    await expect.poll(() => existsSync(`/proc/${first.pid}/cmdline`) && readFileSync(`/proc/${first.pid}/cmdline`, 'utf8')).toBeFalsy()
    expect(lives(exchange), 'its calls go on').toBe(true)

    const second = await started()
    expect([pid(), lives(exchange)]).toEqual([exchange, true])
    process.kill(second.pid, 'SIGKILL')
    await second.stop()
    expect(lives(exchange)).toBe(false)
  })

  test("an agent's browser: the caller is not left in silence and is the first to be taken by the next", { timeout: 180_000 }, async () => {
    const stage = await openStage(['agent', 'agent2'])
    endings.push(stage.close)
    const first = await stage.seat('agent', 620)
    await first.ready()
    const cut = await stage.dial(directNumber, { caller: '13800030001' })
    await cut.answered()
    const mine = await take(first)
    await cut.hears(620)
    const later = await stage.dial(directNumber, { caller: '13800030002' })
    await later.answered()

    await first.crash()
    await cut.hearsSomething()
    await until('the phone is missed', async () => (await lineOf(stage.admin)).phones === 0, 30_000)
    const one = { params: { id: mine.id } }
    await until('the caller waits again', async () => (await stage.admin.call(calls.one, one)).stage === 'waiting', 60_000)
    const second = await stage.seat('agent2', 1_430)
    await second.ready()
    const taken = await take(second)
    expect(taken.id).toBe(mine.id)
    await cut.hears(1_430)
    const whole = await stage.admin.call(calls.one, one)
    expect(whole.legs.filter(l => l.party === 'agent').map(l => l.cause)).toContain('lost')
    await second.api.call(softphone.end, one)
  })
})
