import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { Staffing, staffing } from '#contract/routing.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { numberedOf } from './lanes.ts'
import { named, within } from './queries.ts'
import { needsAfter } from './rules.ts'

type Row = Staffing & { agentName: string }

/** Over `f` and `p`: the page is chosen before anything is read about it. */
async function staffingWhere(ctx: Ctx, which: RawBuilder<unknown>, limit: number): Promise<Row[]> {
  const { rows } = await sql<Row>`select p.id as "agentId", p.name as "agentName", p.misses_allowed as "missesAllowed",
      (select coalesce(json_agg(json_strip_nulls(json_build_object('channel', l.channel, 'capacity', l.capacity, 'weight', l.weight, 'beside', nullif(l.beside, 0))) order by l.channel), '[]')
        from routing.load l where l.tenant_id = ${ctx.tenantId} and l.agent_id = p.id) as channels,
      (select coalesce(json_agg(json_build_object('skillId', s.skill_id, 'level', s.level) order by s.skill_id), '[]')
        from routing.agent_skill s where s.tenant_id = ${ctx.tenantId} and s.agent_id = p.id) as skills,
      (select coalesce(json_agg(m.queue_id order by m.queue_id), '[]')
        from routing.agent_queue m where m.tenant_id = ${ctx.tenantId} and m.agent_id = p.id) as "queueIds"
    from (select p.id, f.name, p.misses_allowed from identity.fact_person f join routing.presence p on p.tenant_id = ${ctx.tenantId} and p.id = f.id
      where f.tenant_id = ${ctx.tenantId} and ${which} order by f.name, f.id limit ${limit}) p
    order by p.name, p.id`.execute(ctx.db)
  return rows
}

export async function listStaffing(ctx: Ctx, query: z.output<typeof staffing.list.query>): Promise<Page<Row>> {
  const { q, queueId, after, size = 50 } = query
  const cursor = readCursor(after, z.tuple([z.string(), z.uuid()]))
  const works = sql`exists (select 1 from routing.agent_queue m where m.tenant_id = ${ctx.tenantId} and m.agent_id = p.id and m.queue_id = ${queueId ?? null})`
  const which = sql`${within(ctx, 'routing:supervise')} and ${named(q)} and ${queueId ? works : sql`true`}
    and ${cursor ? sql`(f.name, f.id) > (${cursor[0]}, ${cursor[1]}::uuid)` : sql`true`}`
  return pageRows(await staffingWhere(ctx, which, size + 1), size, row => [row.agentName, row.agentId])
}

export const staffingOf = async (ctx: Ctx, agentId: string): Promise<Row> =>
  found((await staffingWhere(ctx, sql`f.id = ${agentId}`, 1))[0], 'agent', agentId)

type Count = z.output<typeof staffing.queues.reply>[number]
export async function staffedQueues(ctx: Ctx): Promise<Count[]> {
  const { rows } = await sql<Count>`select m.queue_id as "queueId", count(*)::int as agents from routing.agent_queue m
    join identity.fact_person f on f.tenant_id = ${ctx.tenantId} and f.id = m.agent_id
    where m.tenant_id = ${ctx.tenantId} and ${within(ctx, 'routing:supervise')} group by m.queue_id`.execute(ctx.db)
  return rows
}

/** How many agents in scope meet each stage of a queue's demands. */
export async function fitting(ctx: Ctx, { stages }: z.output<typeof staffing.fitting.body>): Promise<number[]> {
  const counts: number[] = []
  for (const stage of stages) {
    const numbered = await numberedOf(ctx, stage.map(need => ({ ...need, relaxAfter: 0 }))) // biome-ignore format: one line reads better
    const needs = needsAfter(numbered, 0)
    const { rows } = await sql<{ agents: number }>`select count(*)::int as agents from routing.presence p
      join identity.fact_person f on f.tenant_id = ${ctx.tenantId} and f.id = p.id
      where p.tenant_id = ${ctx.tenantId} and ${needs}::int[] <@ p.has and ${within(ctx, 'routing:supervise')}`.execute(ctx.db)
    counts.push(rows[0]?.agents ?? 0)
  }
  return counts
}
