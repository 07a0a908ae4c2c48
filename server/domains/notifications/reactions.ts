import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Telling } from '#kernel/notices.ts'
import { every, type Reaction, when } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { tellPeople } from './actions.ts'
import { mailDue } from './events.ts'
import { registerKinds } from './kinds.ts'
import { mailUnread } from './mail.ts'

const day = 86_400_000
/** Read news is kept so long; what nobody read, so long. */
const keepRead = 90
const keepUnread = 400

const own: Reaction[] = [
  when(mailDue, 'mail what was not read', (ctx, { about, detail }) => mailUnread(ctx, about, detail.due)),
  // One part at a time, each a short transaction.
  every('*/2 17-20 * * *', 'forget what was told and read three months ago', ctx => forgetNews(ctx)),
]

const part = 20_000
export async function forgetNews(ctx: Ctx, most = part): Promise<void> {
  // The id is the time it was told.
  const before = (days: number) => v7({ msecs: ctx.now.getTime() - days * day })
  await sql`delete from notifications.notification where tenant_id = ${ctx.tenantId} and id in (select id from notifications.notification
    where tenant_id = ${ctx.tenantId} and id < ${before(keepRead)} and read_at is not null order by id limit ${most})`.execute(ctx.db)
  await sql`delete from notifications.notification where tenant_id = ${ctx.tenantId} and id in (select id from notifications.notification
    where tenant_id = ${ctx.tenantId} and id < ${before(keepUnread)} order by id limit ${most})`.execute(ctx.db)
}

/** One reaction per event that somebody has news of; each of its tellings in its order. */
export function bellReactions(tellings: readonly Telling[]): Reaction[] {
  registerKinds(tellings)
  const told = [...Map.groupBy(tellings, t => t.event.name).values()].flatMap(those => {
    const [first] = those
    if (!first) return []
    const wanted = (t: Telling, detail: unknown) => t.only === undefined || t.only(detail)
    return [
      when(
        first.event,
        'tell whom it concerns',
        async (ctx, said) => {
          for (const telling of those) {
            const notice = wanted(telling, said.detail) ? await telling.tell(ctx, said) : null
            if (notice) await tellPeople(ctx, said, telling.kind, notice)
          }
        },
        detail => those.some(t => wanted(t, detail)),
      ),
    ]
  })
  return [...told, ...own]
}
