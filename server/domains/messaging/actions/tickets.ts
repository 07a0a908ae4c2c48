import { sql } from 'kysely'
import type { Said } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { say } from './say.ts'

type Step = { number: string; conversationId: string | null; status: string; departmentId: string | null; late: boolean }

/** A step of the ticket that came out of this talk, as a card with the way to its progress. Also when the talk is over: the widget shows it to whoever comes back. */
export async function tellTicket(ctx: Ctx, code: string, { id: eventId, about, detail, personal }: Said<Step>): Promise<void> {
  if (!detail.conversationId) return
  const c = await ctx.db
    .selectFrom('messaging.conversation')
    .selectAll()
    .where('id', '=', detail.conversationId)
    .forUpdate()
    .executeTakeFirst()
  if (!c || (await laterTold(ctx, c.id, about, eventId))) return
  const { number, status } = detail
  const { link, text } = personal
  await say(ctx, c, {
    author: 'system',
    authorId: null,
    authorName: '',
    kind: 'card',
    code,
    text: text ?? '',
    facts: { ticketId: about, eventId, number, status, ...(link ? { link } : {}) },
  })
}

/** Reactions run side by side: an earlier step that comes late would only take the customer back. Event ids are in the order of time. */
async function laterTold(ctx: Ctx, conversationId: string, ticketId: string, eventId: string): Promise<boolean> {
  const { rows } =
    await sql`select 1 from messaging.message where tenant_id = ${ctx.tenantId} and conversation_id = ${conversationId} and kind = 'card'
    and facts->>'ticketId' = ${ticketId} and facts->>'eventId' > ${eventId} limit 1`.execute(ctx.db)
  return rows.length > 0
}
