import type * as z from 'zod'
import type { Evidence, tasks } from '#contract/tasks.ts'
import { actorId } from '#kernel/access.ts'
import { bindFile } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { taskProven } from '../events.ts'
import { mustBeThere } from '../matters.ts'
import { evidenceOf, lockTask } from '../queries.ts'
import { about } from './tasks.ts'

export async function addEvidence(ctx: Ctx, id: string, given: z.output<typeof tasks.addEvidence.body>): Promise<Evidence> {
  const task = await lockTask(ctx, id)
  const before = 'fileId' in given ? (await evidenceOf(ctx, id)).find(e => e.file?.id === given.fileId) : undefined
  // Sent again after a lost answer: it is there.
  if (before) return before
  const added = await keep(ctx, 'task', id, given)
  await ctx.emit(
    taskProven,
    { id, customerId: task.customerId },
    { ...about(task), act: 'added', what: added.matter?.noun ?? 'file' },
    added.file ? { file: added.file.name } : {},
  )
  return added
}

/** The row and the file of it: of a task or of an approval. */
export async function keep(
  ctx: Ctx,
  noun: 'task' | 'approval',
  aboutId: string,
  given: z.output<typeof tasks.addEvidence.body>,
): Promise<Evidence> {
  const file = 'fileId' in given ? await bindFile(ctx, given.fileId, noun, aboutId) : null
  const matter = 'matter' in given ? given.matter : null
  if (matter) await mustBeThere(ctx, matter)
  const row = { id: newId(), note: given.note, addedById: actorId(ctx.actor), addedAt: ctx.now }
  await ctx.db
    .insertInto('tasks.evidence')
    .values({ ...row, aboutId, fileId: file?.id ?? null, noun: matter?.noun ?? null, matterId: matter?.id ?? null })
    .execute()
  return { ...row, file, matter }
}

/** The file itself stays: that it was there is part of the course. */
export async function removeEvidence(ctx: Ctx, id: string, evidenceId: string): Promise<void> {
  const task = await lockTask(ctx, id)
  const gone = found(
    (await evidenceOf(ctx, id)).find(e => e.id === evidenceId),
    'evidence',
    evidenceId,
  )
  await Promise.all([
    ctx.db.deleteFrom('tasks.evidence').where('id', '=', evidenceId).execute(),
    ctx.emit(
      taskProven,
      { id, customerId: task.customerId },
      { ...about(task), act: 'removed', what: gone.matter?.noun ?? 'file' },
      gone.file ? { file: gone.file.name } : {},
    ),
  ])
}
