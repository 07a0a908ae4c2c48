import type { Said } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { say } from './say.ts'

type Step = { number: string; conversationId: string | null; status: string; departmentId: string | null; late: boolean }

/** A step of the ticket that came out of this talk, as a card with the way to its progress. Also when the talk is over: the widget shows it to whoever comes back. */
export async function tellTicket(ctx: Ctx, code: string, { about, detail, personal }: Said<Step>): Promise<void> {
  if (!detail.conversationId) return
  const c = await ctx.db
    .selectFrom('messaging.conversation')
    .selectAll()
    .where('id', '=', detail.conversationId)
    .forUpdate()
    .executeTakeFirst()
  if (!c) return
  const { number, status } = detail
  const { link, text } = personal
  await say(ctx, c, {
    author: 'system',
    authorId: null,
    authorName: '',
    kind: 'card',
    code,
    text: text ?? '',
    facts: { ticketId: about, number, status, ...(link ? { link } : {}) },
  })
}
