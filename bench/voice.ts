import { fork } from 'node:child_process'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { asteriskDir } from '#testing/asterisk.ts'
import { embeddedOf } from '../journeys/faults/centre.ts'
import { startExchange } from '../journeys/voice/exchange.ts'
import { furnishCentre, headlessNumber, ready } from '../journeys/voice/headless.ts'
import { call, freeUdp, phones } from '../journeys/voice/sipp.ts'
import { startProduct } from '../tools/product.ts'
import { tell } from './live.ts'
import { dropFolder, type Figure, freshFolder, memoryOf, percentile, round } from './measure.ts'
import { ownQueue, theirNumber } from './voiceCentre.ts'
import { costOf } from './voiceCost.ts'

const members = 250
const rates = [5, 10, 15, 20, 25, 30, 35, 40, 50, 60, 75, 90, 105]
const rounds = 5
const secondsEach = 6
const stayMs = 2_000
/** Slower than this a caller waits, though an agent is free. */
const waitedMs = 500
const inAll = 5_000
const costSeconds = 15
type Say = (words: string) => void
type Way = 'ours' | 'theirs'
/** `lost`: never with an agent, turned away, or, with us, answered by an agent and never joined. */
type Trial = { lost: number; p50: number; p95: number; safe: boolean }

/**
 * Callers who are queued, answered by the agent who waits longest and stay two seconds: through us and through Asterisk's own `app_queue`, in turns on the same Asterisk.
 * Set-up is from the caller's INVITE until the agent's phone has its ACK, by SIPp's clock. Signalling alone: nobody speaks.
 */
export async function voice(say: Say): Promise<Figure[]> {
  if (!asteriskDir) {
    say('  left out: ASTERISK_DIR names no Asterisk (tools/asterisk/install.sh DIR)')
    return []
  }
  const folder = freshFolder()
  const endings: (() => unknown)[] = [() => dropFolder(folder)]
  try {
    const place = { host: '127.0.0.3', port: await freeUdp('127.0.0.3') }
    const exchange = await startExchange({ more: ownQueue(members, place), trunk: true })
    endings.push(exchange.stop)
    const answering = await phones({ ...place, quiet: true })
    endings.push(answering.drop)
    const product = await startProduct(folder, {
      SAMPLE: 'off',
      ASTERISK_ARI_URL: exchange.url,
      COUNTED: path.join(folder, 'counted'),
      NODE_OPTIONS: `--import=${new URL('./voiceCounting.ts', import.meta.url)}`,
    })
    endings.push(product.stop)
    say(`  ${members} agents sign in`)
    const { agents } = await furnishCentre(product.url, members, exchange, place)
    const hands = fork(path.join(import.meta.dirname, 'voiceHands.ts'), { serialization: 'json' })
    endings.push(() => hands.kill())
    await tell(hands, { url: product.url, bearers: agents.map(a => a.bearer) })
    await ready(product.url, agents)
    const database = new pg.Pool({ connectionString: embeddedOf(folder).url, max: 1 })
    endings.push(() => database.end())

    let called = 0
    const trial = async (way: Way, rate: number, seconds = secondsEach): Promise<Trial> => {
      const began = new Date()
      const calls = rate * seconds
      const callers = Array.from({ length: calls }, (_, n) => String(13_800_000_000 + called + n))
      called += calls
      const number = way === 'ours' ? headlessNumber : theirNumber
      const crowd = await call({ to: exchange.sip, called: number, callers, calls, perSecond: rate, stayMs, quiet: true })
      await crowd.ended
      const from = crowd.times()
      const until = way === 'ours' ? await byCaller(database, began, answering.times()) : answering.times()
      const ms = [...from].flatMap(([caller, at]) => until.has(caller) ? [(until.get(caller) ?? 0) - at] : []).sort((a, b) => a - b) // biome-ignore format: one line
      const refused = Number(crowd.counts()['FailedCall(C)'] ?? calls)
      await crowd.drop()
      const unjoined = way === 'ours' ? await neverJoined(database, began) : 0
      const lost = Math.max(calls - ms.length, refused) + unjoined
      const p95 = percentile(ms, 0.95)
      return { lost, p50: percentile(ms, 0.5), p95, safe: lost === 0 && p95 <= waitedMs }
    }

    const safest: Record<Way, number[]> = { ours: [], theirs: [] }
    const lost: Record<Way, number> = { ours: 0, theirs: 0 }
    for (let n = 0; n < rounds; n++)
      for (const way of n % 2 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const)) {
        let at = Math.max(0, rates.indexOf(safest[way].at(-1) ?? 0))
        let best = 0
        for (let up: boolean | null = null; at >= 0 && at < rates.length; ) {
          const rate = rates[at] ?? 0
          const { safe, p95, lost: missed } = await trial(way, rate)
          say(`  round ${n + 1}, ${way === 'ours' ? 'through us' : 'app_queue '}, ${rate} calls/s: ${missed} lost, set-up p95 ${p95} ms`)
          if (safe) best = Math.max(best, rate)
          else lost[way] += missed
          if (up !== null && up !== safe) break
          up = safe
          at += safe ? 1 : -1
          await wait(500)
        }
        safest[way].push(best)
      }
    const [ours, theirs] = [median(safest.ours), median(safest.theirs)]
    const same = rates.filter(rate => rate <= Math.min(ours, theirs)).at(-1) ?? rates[0] ?? 1
    const paces: Record<Way, Trial[]> = { ours: [], theirs: [] }
    for (let n = 0; n < rounds; n++) for (const way of ['theirs', 'ours'] as const) paces[way].push(await trial(way, same))
    const p95 = { ours: median(paces.ours.map(t => t.p95)), theirs: median(paces.theirs.map(t => t.p95)) }
    const failures = paces.ours.reduce((sum, t) => sum + t.lost, 0)

    const slow = Math.max(1, Math.floor(ours / 2))
    const costs = await costOf(
      { product, folder, counted: path.join(folder, 'counted'), database, asterisk: exchange.pid },
      slow * costSeconds,
      () => trial('ours', slow, costSeconds),
    )

    const weights: { calls: number; node: number; asterisk: number }[] = []
    const weigh = (calls: number) => weights.push({ calls, node: memoryOf(product.pid), asterisk: memoryOf(exchange.pid()) })
    weigh(0)
    say(`  ${inAll} calls at ${slow}/s for memory`)
    for (let done = 0; done < inAll; ) {
      const seconds = Math.ceil(inAll / 5 / slow)
      await trial('ours', slow, seconds)
      done += seconds * slow
      weigh(done)
      const last = weights.at(-1)
      say(`  after ${done} calls: Node ${round(last?.node ?? 0)} MB, Asterisk ${round(last?.asterisk ?? 0)} MB`)
    }
    const growth = (of: 'node' | 'asterisk') => ((weights.at(-1)?.[of] ?? 0) / (weights.at(-3)?.[of] ?? 1)) * 100 - 100
    const { taken, refused } = await tell<{ taken: number; refused: number }>(hands, { report: true })
    say(`  offers taken ${taken}, refused ${refused}`)
    return [
      { metric: 'safe calls through us', value: ours, unit: '/s', goal: null, met: null },
      { metric: 'safe calls through app_queue', value: theirs, unit: '/s', goal: null, met: null },
      { metric: 'through us against app_queue', value: round(ours / theirs, 2), unit: 'x', goal: '>= 0.95', met: ours >= 0.95 * theirs },
      { metric: `set-up p95 through us, ${same} calls/s`, value: p95.ours, unit: 'ms', goal: `<= ${p95.theirs + 10}`, met: p95.ours <= p95.theirs + 10 },
      { metric: `set-up p95 through app_queue, ${same} calls/s`, value: p95.theirs, unit: 'ms', goal: null, met: null },
      { metric: `calls lost through us, ${same} calls/s`, value: failures, unit: '', goal: '0', met: failures === 0 },
      { metric: 'calls lost through us where it broke', value: lost.ours, unit: '', goal: null, met: null },
      { metric: 'calls lost through app_queue where it broke', value: lost.theirs, unit: '', goal: null, met: null },
      ...costs,
      ...(['node', 'asterisk'] as const).flatMap(of => {
        const name = of === 'node' ? 'Node' : 'Asterisk'
        return [
          { metric: `memory of ${name} after ${inAll} calls`, value: round(weights.at(-1)?.[of] ?? 0), unit: 'MB', goal: null, met: null },
          { metric: `growth of ${name}, the last 2,000 of them`, value: round(growth(of)), unit: '%', goal: '<= 10', met: growth(of) <= 10 },
        ]
      }),
    ] // biome-ignore format: figures by line
  } finally {
    for (const end of endings.reverse()) await end()
  }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Our agents' phones are told our own number: which caller they answered is known by the leg. */
async function byCaller(database: pg.Pool, since: Date, legs: ReadonlyMap<string, number>): Promise<Map<string, number>> {
  const { rows } = await database.query<{ leg: string; caller: string }>(
    `select l.id as leg, c.caller from voice.leg l join voice.call c on c.tenant_id = l.tenant_id and c.id = l.call_id and c.started_at >= $1 where l.party = 'agent'`,
    [since],
  )
  return new Map(rows.flatMap(({ leg, caller }) => (legs.has(leg) ? [[caller, legs.get(leg) ?? 0]] : [])))
}

/** Taken by an agent, and the two never talked; or left behind as if they still did. */
async function neverJoined(database: pg.Pool, since: Date): Promise<number> {
  for (let tries = 0; ; tries++) {
    const { rows } = await database.query<{ open: number; unjoined: number }>(
      `select count(*) filter (where stage <> 'over')::int as open,
        count(*) filter (where agent_id is not null and answered_at is null)::int as unjoined from voice.call where started_at >= $1`,
      [since],
    )
    const { open = 0, unjoined = 0 } = rows[0] ?? {}
    if (open === 0 || tries === 50) return open + unjoined
    await wait(100)
  }
}
