import { sql } from 'kysely'
import { addressOf, canSend, sendMessage } from '#domains/messaging/index.ts'
import type { Ctx } from '#kernel/work.ts'
import { settingsOf, titles } from './queries.ts'

type Person = { email: string | null; language: 'zh' | 'en' }

async function personOf(ctx: Ctx, id: string): Promise<Person | undefined> {
  const { rows } = await sql<Person>`select p.email, coalesce(p.language, t.language) as language
    from identity.fact_person p join identity.fact_tenant t on t.tenant_id = ${ctx.tenantId}
    where p.tenant_id = ${ctx.tenantId} and p.id = ${id} and not p.retired`.execute(ctx.db)
  return rows[0]
}

/** Whether mail can reach a colleague, and what is missing when not. */
export async function mailFor(ctx: Ctx, personId: string): Promise<'ready' | 'no_sender' | 'no_address'> {
  if (!(await canSend(ctx, 'mail'))) return 'no_sender'
  return (await personOf(ctx, personId))?.email ? 'ready' : 'no_address'
}

/** A mail of more is not read to its end. */
const mostLines = 20

/** What is due and was read nowhere yet, in one mail; whatever is due is due no more. */
export async function mailUnread(ctx: Ctx, personId: string, due: string): Promise<void> {
  const rows = await ctx.db
    .updateTable('notifications.notification')
    .set({ mailDueAt: null })
    .where('personId', '=', personId)
    .where('mailDueAt', '<=', ctx.now)
    .returning(['id', 'kind', 'facts', 'link', 'important', 'readAt'])
    .execute()
  const [person, settings, ready] = await Promise.all([personOf(ctx, personId), settingsOf(ctx, [personId]), canSend(ctx, 'mail')])
  if (!person?.email || !ready) return
  const ways = settings.get(personId)?.ways ?? {}
  // Wanted by mail when it was told; a person may have thought better of it since.
  const unread = rows.filter(n => n.readAt === null && ways[n.kind]?.mail !== false).sort((a, b) => (a.id < b.id ? -1 : 1))
  const [first] = unread
  if (!first) return
  const zh = person.language === 'zh'
  const at = async (path: string) => (await addressOf(ctx, path)) ?? path
  // What matters most first where not everything is said.
  const told = unread.length > mostLines ? unread.toSorted((a, b) => Number(b.important) - Number(a.important)).slice(0, mostLines) : unread
  const lines = await Promise.all(
    told.map(async n => {
      const { title, titleEn } = titles(n.kind, n.facts)
      return { title: zh ? title : titleEn, link: await at(n.link) }
    }),
  )
  const more = unread.length - told.length
  const rest = zh ? `还有 ${more} 条，在铃铛里` : `And ${more} more, in the bell`
  const alone = unread.length === 1
  const title = alone ? (lines[0]?.title ?? '') : zh ? `${unread.length} 条未读消息` : `${unread.length} unread notifications`
  await sendMessage(ctx, {
    channel: 'mail',
    purpose: 'notification',
    personId,
    template: 'notification',
    language: person.language,
    variables: {
      title,
      content: alone ? title : [...lines.map(line => `${line.title}\n${line.link}`), ...(more > 0 ? [rest] : [])].join('\n\n'),
      link: alone ? (lines[0]?.link ?? '') : await at('/'),
    },
    idempotencyKey: `notification ${personId} ${due}`,
  })
}
