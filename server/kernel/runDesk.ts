import { sql } from 'kysely'
import * as z from 'zod'
import { isOpenRun, type Run, runCan, type runs } from '#contract/runs.ts'
import { asUser, scopeOf } from './access.ts'
import { dropFile, placeOf, send } from './files.ts'
import { isId } from './ids.ts'
import { type Page, pageRows, readCursor } from './paging.ts'
import { found, Refusal } from './refusal.ts'
import { begin, oneByOne, type RunRow, runCancelled, runColumns, runDownloaded } from './runs.ts'
import { clearWorkingPlaces, over } from './runTurns.ts'
import { admitted, type Door } from './serve.ts'
import { takenBackOf } from './takenBack.ts'
import type { Ctx } from './work.ts'

type Row = Omit<Run, 'file' | 'takenBack' | 'wrongRows'> & {
  fileName: string | null
  fileSize: number | null
  wrong: Run['wrongRows'] | null
}

/** What stands in a table is for whoever brought it. */
const shown = (
  ctx: Ctx,
) => sql`case when r.kind like 'import.%' and r.asked_by_id = ${asUser(ctx.actor).id} then r.cursor->'wrong' end as wrong, r.id, r.kind, r.facts, r.state, r.done, r.total, r.outcome, r.asked_by_id as "askedById", p.name as "askedByName", r.asked_at as "askedAt",
  r.started_at as "startedAt", r.ended_at as "endedAt", r.code, r.code_facts as "codeFacts", r.expires_at as "expiresAt", r.back_until as "backUntil", f.name as "fileName", f.size as "fileSize"`

const from = (ctx: Ctx) => sql`from kernel.run r left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = r.asked_by_id
  left join kernel.file f on f.tenant_id = ${ctx.tenantId} and f.id = r.file_id where r.tenant_id = ${ctx.tenantId}`

async function cards(ctx: Ctx, rows: readonly Row[]): Promise<Run[]> {
  const backs = await takenBackOf(
    ctx,
    rows.filter(row => row.kind.startsWith('import.')).map(row => row.id),
  )
  return rows.map(({ fileName, fileSize, wrong, ...row }) => ({
    ...row,
    file: fileName === null || fileSize === null ? null : { name: fileName, size: fileSize },
    takenBack: backs.get(row.id) ?? null,
    wrongRows: wrong ?? [],
  }))
}

async function pageOfRuns(
  ctx: Ctx,
  { after, size = 20 }: z.output<typeof runs.mine.query>,
  where: ReturnType<typeof sql>,
): Promise<Page<Run>> {
  const last = readCursor(after, z.tuple([z.uuid()]))
  const { rows } =
    await sql<Row>`select ${shown(ctx)} ${from(ctx)} ${where} ${last ? sql`and r.id < ${last[0]}` : sql``} order by r.id desc limit ${size + 1}`.execute(
      ctx.db,
    )
  const page = pageRows(rows, size, row => [row.id])
  return { rows: await cards(ctx, page.rows), next: page.next }
}

export const myRuns = (ctx: Ctx, query: z.output<typeof runs.mine.query>) =>
  pageOfRuns(ctx, query, sql`and r.asked_by_id = ${asUser(ctx.actor).id}`)

/** What, how far and for whom; never the result. */
export const allRuns = (ctx: Ctx, { state, ...query }: z.output<typeof runs.all.query>) =>
  pageOfRuns(ctx, query, state ? sql`and r.state = ${state}` : sql``)

export async function oneRun(ctx: Ctx, id: string): Promise<Run> {
  const { rows } = await sql<Row>`select ${shown(ctx)} ${from(ctx)} and r.id = ${id} and ${mine(ctx)}`.execute(ctx.db)
  const [card] = await cards(ctx, rows)
  return found(card, 'run', id)
}

/** Whoever operates the house sees everybody's. */
const mine = (ctx: Ctx) => (scopeOf(ctx.actor, 'house:operate') === null ? sql`r.asked_by_id = ${asUser(ctx.actor).id}` : sql`true`)

async function locked(ctx: Ctx, id: string): Promise<RunRow> {
  await oneByOne(ctx)
  const { rows } =
    await sql<RunRow>`select ${runColumns} from kernel.run r where tenant_id = ${ctx.tenantId} and id = ${id} and ${mine(ctx)} for update`.execute(
      ctx.db,
    )
  return found(rows[0], 'run', id)
}

export async function cancelRun(ctx: Ctx, id: string): Promise<Run> {
  const row = await locked(ctx, id)
  if (!isOpenRun(row)) throw new Refusal('conflict', 'run.is_over')
  if (!runCan.cancel(row)) throw new Refusal('conflict', 'run.carried_through')
  await sql`update kernel.run set state = 'cancelled', ended_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.db,
  )
  await ctx.emit(runCancelled, { id }, { kind: row.kind, facts: row.facts, done: row.done, outcome: row.outcome })
  await over(ctx, { ...row, state: 'cancelled' })
  return oneRun(ctx, id)
}

export async function retryRun(ctx: Ctx, id: string): Promise<Run> {
  const row = await locked(ctx, id)
  if (!runCan.retry(row)) throw new Refusal('conflict', 'run.not_failed')
  await sql`update kernel.run set state = 'waiting', code = null, code_facts = null, ended_at = null where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.db,
  )
  await begin(ctx)
  return oneRun(ctx, id)
}

/** The result goes to whoever asked for it and to nobody else; each time it goes is on record. */
export function runRoutes({ app, house }: Pick<Door, 'app' | 'house'>): void {
  app.get<{ Params: { id: string } }>('/api/runs/:id/file', async (request, reply) => {
    const { id } = request.params
    if (!isId(id)) throw new Refusal('not_found', 'run.not_found')
    const { place, card } = await admitted(house, request, 'signed-in', async ctx => {
      const { rows } = await sql<{ kind: string; facts: Record<string, unknown>; name: string | null; type: string | null }>`
        select r.kind, r.facts, f.name, f.type from kernel.run r left join kernel.file f on f.tenant_id = ${ctx.tenantId} and f.id = r.file_id
        where r.tenant_id = ${ctx.tenantId} and r.id = ${id} and r.state = 'done' and r.asked_by_id = ${asUser(ctx.actor).id}`.execute(
        ctx.db,
      )
      const { kind, facts, name, type } = found(rows[0], 'run', id)
      // What somebody may no longer take along they may not fetch either.
      const may = house.runs.get(kind)?.may
      if (may && scopeOf(ctx.actor, may) === null) throw new Refusal('forbidden', 'access.denied', { permission: may })
      if (name === null || type === null) throw new Refusal('gone', 'run.file_gone')
      await ctx.emit(runDownloaded, { id }, { kind, facts })
      return { place: placeOf(house, ctx.tenantId, id), card: { name, type } }
    })
    return send(request, reply, card, place, 'no-store')
  })
}

const rememberedMs = 90 * 86_400_000

/** Results go when their time is over, runs a season later; the audit keeps that they were. */
export async function forgetOldRuns(ctx: Ctx): Promise<void> {
  const { rows } = await sql<{ id: string }>`update kernel.run set file_id = null, expires_at = null, cursor = cursor - 'wrong'
    where tenant_id = ${ctx.tenantId} and expires_at <= ${ctx.now} returning id`.execute(ctx.db)
  for (const { id } of rows) await dropFile(ctx, id)
  const { rows: gone } = await sql<{ id: string }>`delete from kernel.run
    where tenant_id = ${ctx.tenantId} and asked_at < ${new Date(ctx.now.getTime() - rememberedMs)} and state in ('done', 'failed', 'cancelled') and file_id is null
    returning id`.execute(ctx.db)
  const { house, tenantId } = ctx
  ctx.afterCommit('remove what forgotten runs left', async () => {
    for (const { id } of gone) await clearWorkingPlaces(house, tenantId, id)
  })
}
