import { sql } from 'kysely'
import type * as z from 'zod'
import type { Absence, absences } from '#contract/tasks.ts'
import { actorId, asUser } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { absenceEnded, absenceSet } from '../events.ts'
import { mustBePeople } from '../matters.ts'
import { absenceById, mayAnswerFor } from '../standing.ts'

/** One's own, or that of somebody in reach. Of two that overlap the later one said counts: the earlier is cut where it begins. */
export async function setAbsence(ctx: Ctx, body: z.output<typeof absences.set.body>): Promise<Absence> {
  const personId = body.personId ?? asUser(ctx.actor).id
  const { deputyId, fromAt, untilAt, note } = body
  await mustBePeople(ctx, [personId, deputyId])
  await mustAnswerFor(ctx, personId)
  if (untilAt <= fromAt || untilAt <= ctx.now) throw new Refusal('invalid', 'absence.ends_before')
  if (deputyId === personId) throw new Refusal('invalid', 'absence.own_deputy')
  const id = newId()
  await sql`update tasks.absence set until_at = greatest(from_at, ${fromAt}) where tenant_id = ${ctx.tenantId} and person_id = ${personId}
    and from_at < ${untilAt} and until_at > ${fromAt}`.execute(ctx.db)
  await Promise.all([
    ctx.db
      .insertInto('tasks.absence')
      .values({ id, personId, deputyId, fromAt, untilAt, note, setById: actorId(ctx.actor) })
      .execute(),
    ctx.emit(absenceSet, { id }, { personId, deputyId }),
  ])
  return found(await absenceById(ctx, id), 'absence', id)
}

export async function endAbsence(ctx: Ctx, id: string): Promise<Absence> {
  const absence = found(await absenceById(ctx, id), 'absence', id)
  await mustAnswerFor(ctx, absence.personId).catch(() => found(undefined, 'absence', id))
  if (absence.untilAt <= ctx.now) return absence
  await Promise.all([
    sql`update tasks.absence set until_at = ${ctx.now}, from_at = least(from_at, ${ctx.now}) where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
      ctx.db,
    ),
    ctx.emit(absenceEnded, { id }, { personId: absence.personId, deputyId: absence.deputyId }),
  ])
  return found(await absenceById(ctx, id), 'absence', id)
}

async function mustAnswerFor(ctx: Ctx, personId: string): Promise<void> {
  const { rows } = await sql<{ may: boolean }>`select ${mayAnswerFor(ctx, sql`${personId}::uuid`, 'task:write')} as may`.execute(ctx.db)
  if (!rows[0]?.may) found(undefined, 'person', personId)
}
