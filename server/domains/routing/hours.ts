import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

/** The calendar by which a queue serves; null when it has none of its own. */
export async function queueCalendar(ctx: Ctx, id: string): Promise<string | null> {
  return found(await ctx.db.selectFrom('routing.queue').select('calendarId').where('id', '=', id).executeTakeFirst(), 'queue', id)
    .calendarId
}
