import { sql } from 'kysely'
import { asUser } from '#kernel/access.ts'
import type { Ctx } from '#kernel/work.ts'
import { taskWatched } from '../events.ts'
import { mustBePeople } from '../matters.ts'
import { type Held, lockTask, watchersOf } from '../queries.ts'
import { about } from './tasks.ts'

/** Of a task or an approval. */
export async function addWatchers(ctx: Ctx, aboutId: string, personIds: readonly string[]): Promise<void> {
  if (personIds.length === 0) return
  await sql`insert into tasks.watcher (tenant_id, about_id, person_id)
    select ${ctx.tenantId}::uuid, ${aboutId}::uuid, unnest(${[...new Set(personIds)]}::uuid[]) on conflict do nothing`.execute(ctx.db)
}

export async function watchTask(ctx: Ctx, id: string, on: boolean): Promise<{ watcherIds: string[] }> {
  const me = asUser(ctx.actor).id
  const task = await lockTask(ctx, id, 'task:read')
  const before = await watchersOf(ctx, id)
  return write(ctx, task, on ? [...before, me] : before.filter(p => p !== me), before)
}

export async function setWatchers(ctx: Ctx, id: string, personIds: readonly string[]): Promise<{ watcherIds: string[] }> {
  const task = await lockTask(ctx, id)
  const before = await watchersOf(ctx, id)
  await mustBePeople(
    ctx,
    personIds.filter(p => !before.includes(p)),
  )
  return write(ctx, task, personIds, before)
}

async function write(ctx: Ctx, task: Held, wanted: readonly string[], before: readonly string[]): Promise<{ watcherIds: string[] }> {
  const watcherIds = [...new Set(wanted)].sort()
  if (watcherIds.join() === before.join()) return { watcherIds }
  const gone = before.filter(p => !watcherIds.includes(p))
  if (gone.length > 0) await ctx.db.deleteFrom('tasks.watcher').where('aboutId', '=', task.id).where('personId', 'in', gone).execute()
  await addWatchers(ctx, task.id, watcherIds)
  await ctx.emit(taskWatched, { id: task.id, customerId: task.customerId }, { ...about(task), watcherIds })
  return { watcherIds }
}
