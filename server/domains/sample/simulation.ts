import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import type { simulation } from '#contract/insight.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Door } from '#kernel/serve.ts'
import type { Ctx } from '#kernel/work.ts'
import { hallWidgetKey, simulationWidgetKey, widgetKey } from './centre.ts'
import { throwing } from './dice.ts'
import { type Ask, visit } from './pretending.ts'

type State = z.output<typeof simulation.state.reply>
type Run = { endsAt: Date; arrived: number; over: AbortController }

/** Nobody hears more than so many at once, however long their patience. */
const mostAtOnce = 60
/** Whoever is still talking when the traffic ends may finish for so long. */
const graceMs = 120_000

/** Sample customers who come through the widget's own door, one run per tenant. */
export function newSimulation({ app, house }: Pick<Door, 'app' | 'house'>) {
  const runs = new Map<string, Run>()

  const ask: Ask = async (endpoint, path, { body, token } = {}) => {
    const reply = await app.inject({
      method: endpoint.method === 'GET' ? 'GET' : endpoint.method === 'PUT' ? 'PUT' : 'POST',
      url: `/api${path}`,
      remoteAddress: '127.0.0.2',
      ...(body === undefined
        ? {}
        : {
            payload: JSON.stringify(body),
            headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
          }),
      ...(body === undefined && token ? { headers: { authorization: `Bearer ${token}` } } : {}),
    })
    if (reply.statusCode >= 400) throw new Error(`${endpoint.method} ${path}: ${reply.body}`)
    const said = reply.statusCode === 204 ? undefined : reply.json()
    return z.decode(endpoint.reply, said)
  }

  const shown = (tenantId: string, now: Date): State => {
    const run = runs.get(tenantId)
    return run
      ? { running: run.endsAt > now && !run.over.signal.aborted, endsAt: run.endsAt, arrived: run.arrived }
      : { running: false, endsAt: null, arrived: 0 }
  }

  async function arrivals(run: Run, { key, language, perMinute }: { key: string; language: 'zh' | 'en'; perMinute: number }) {
    const dice = throwing(`${run.endsAt.toISOString()} ${key}`)
    const guests = new Set<Promise<void>>()
    const { signal } = run.over
    while (!signal.aborted && house.clock() < run.endsAt) {
      if (guests.size < mostAtOnce) {
        const n = ++run.arrived
        const guest: Promise<void> = visit({
          ask,
          key,
          language,
          name: language === 'zh' ? `模拟客户 ${n}` : `Simulated customer ${n}`,
          dice: throwing(`${key} ${run.endsAt.toISOString()} ${n}`),
          signal,
        })
          .catch(error => {
            if (!signal.aborted) house.log.warn({ err: error }, 'a simulated customer stumbled')
          })
          .finally(() => guests.delete(guest))
        guests.add(guest)
      }
      await pause(Math.min(dice.around(60_000 / perMinute), 180_000), undefined, { signal }).catch(() => {})
    }
    const grace = setTimeout(() => run.over.abort(), graceMs)
    await Promise.all(guests)
    clearTimeout(grace)
    run.over.abort()
  }

  app.addHook('preClose', async () => {
    for (const run of runs.values()) run.over.abort()
  })

  return {
    state: (ctx: Ctx): State => shown(ctx.tenantId, ctx.now),
    start: async (ctx: Ctx, { minutes, perMinute }: z.output<typeof simulation.start.body>): Promise<State> => {
      const [{ sample }, widgets, { language }] = await Promise.all([
        tenantCard(ctx),
        widgetsOf(ctx),
        ctx.db.selectFrom('identity.tenant').select('language').executeTakeFirstOrThrow(),
      ])
      if (!sample) throw new Refusal('conflict', 'simulation.not_a_sample')
      const key = [simulationWidgetKey, widgetKey, ...widgets].find(k => widgets.includes(k) && k !== hallWidgetKey)
      if (key === undefined) throw new Refusal('conflict', 'simulation.no_widget')
      if (shown(ctx.tenantId, ctx.now).running) throw new Refusal('conflict', 'simulation.running')
      const run: Run = { endsAt: new Date(ctx.now.getTime() + minutes * 60_000), arrived: 0, over: new AbortController() }
      runs.set(ctx.tenantId, run)
      // Not awaited by whoever waits for the house to come to rest: it goes on for minutes.
      ctx.afterCommit('simulated customers', () => {
        arrivals(run, { key, language, perMinute }).catch(error => house.log.error({ err: error }, 'simulated traffic failed'))
      })
      return shown(ctx.tenantId, ctx.now)
    },
    stop: (ctx: Ctx): State => {
      runs.get(ctx.tenantId)?.over.abort()
      return shown(ctx.tenantId, ctx.now)
    },
  }
}

const widgetsOf = async (ctx: Ctx): Promise<string[]> =>
  (await ctx.db.selectFrom('messaging.widget').select('key').where('retired', '=', false).orderBy('id').execute()).map(w => w.key)
