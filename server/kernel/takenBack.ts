import { sql } from 'kysely'
import type { Run, TakenBack } from '#contract/runs.ts'
import { asUser } from './access.ts'
import type { Ctx } from './work.ts'

type Why = Record<string, TakenBack['why'][number]>
type Row = Omit<TakenBack, 'why'> & { runId: string; why: Why | null }

/** How imports are taken back, or were, by their ids. They began later than what they take back, so their ids are greater. */
export async function takenBackOf(ctx: Ctx, ids: readonly Run['id'][]): Promise<ReadonlyMap<string, TakenBack>> {
  const first = ids.toSorted()[0]
  if (first === undefined) return new Map()
  const { rows } =
    await sql<Row>`select r.facts->>'runId' as "runId", r.id, r.state, r.done, r.total, r.outcome, p.name as "byName", r.asked_at as "askedAt",
      r.ended_at as "endedAt", r.cursor->'why' as why, r.file_id is not null and r.asked_by_id = ${asUser(ctx.actor).id} as "hasFile"
    from kernel.run r left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = r.asked_by_id
    where r.tenant_id = ${ctx.tenantId} and r.id > ${first} and r.kind like 'taking_back.%' and r.facts->>'runId' = any(${[...ids]}::text[])
    order by r.id`.execute(ctx.db)
  const known = new Map<string, Omit<TakenBack, 'why'> & { why: Why }>()
  for (const { runId, why, ...row } of rows) {
    const before = known.get(runId)
    known.set(runId, { ...row, outcome: sum(before?.outcome ?? {}, row.outcome), why: together(before?.why ?? {}, why ?? {}) })
  }
  return new Map([...known].map(([id, { why, ...back }]) => [id, { ...back, why: Object.values(why).toSorted((a, b) => b.n - a.n) }]))
}

/** What was taken back before it was cancelled stays taken back. */
const sum = (a: Record<string, number>, b: Record<string, number>): Record<string, number> =>
  Object.fromEntries([...new Set([...Object.keys(a), ...Object.keys(b)])].map(key => [key, (a[key] ?? 0) + (b[key] ?? 0)]))
const together = (a: Why, b: Why): Why =>
  Object.fromEntries(Object.entries({ ...a, ...b }).map(([code, one]) => [code, { ...one, n: (a[code]?.n ?? 0) + (b[code]?.n ?? 0) }]))
