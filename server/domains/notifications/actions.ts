import { sql } from 'kysely'
import type * as z from 'zod'
import type { NoticeSettings, notifications } from '#contract/notifications.ts'
import { calendarOf, peopleReached } from '#domains/identity/index.ts'
import { asUser } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import type { Notice, NoticeKind } from '#kernel/notices.ts'
import type { Said } from '#kernel/react.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { mailDue, noticesChosen } from './events.ts'
import { settingsOf, titles } from './queries.ts'
import { houseSettings, isQuiet, mailAt, waysOf } from './rules.ts'

/** Writes it once for everybody it concerns; who is told twice of one event is told the first. */
export async function tellPeople(
  ctx: Ctx,
  said: Pick<Said, 'id' | 'at' | 'actorId'>,
  kind: NoticeKind,
  { to, link, facts = {} }: Notice,
): Promise<void> {
  const wanted = {
    people: (to.people ?? []).filter(id => id !== null),
    departmentId: to.departmentId ?? null,
    leads: to.leads ?? null,
    holders: to.holders === true || to.over !== undefined,
    over: to.over?.filter(id => id !== null) ?? null,
  }
  if (wanted.people.length === 0 && !wanted.departmentId && !wanted.leads && !wanted.holders) return
  const all = await peopleReached(ctx, wanted, kind.may ?? null)
  const people = all.filter(id => kind.toDoer || id !== said.actorId)
  if (people.length === 0) return
  const [chosen, calendar] = await Promise.all([settingsOf(ctx, people), calendarOf(ctx, null)])
  const important = kind.important === true
  const told = people.flatMap(personId => {
    const settings = chosen.get(personId) ?? houseSettings
    const { bell, mail } = waysOf(kind, settings)
    const mailDueAt = mail ? mailAt(ctx.now, important, settings, calendar) : null
    return bell || mail ? [{ id: newId(), personId, bell, mailDueAt, calm: isQuiet(ctx.now, settings.quiet, calendar.timezone) }] : []
  })
  if (told.length === 0) return
  const { rows } = await sql<{
    id: string
  }>`insert into notifications.notification (tenant_id, id, person_id, event_id, kind, facts, link, important, bell, mail_due_at, at)
    select ${ctx.tenantId}::uuid, n.id, n.person_id, ${said.id}::uuid, ${kind.key}, ${JSON.stringify(facts)}::jsonb, ${link}, ${important}, n.bell, n.mail_due_at, ${said.at}::timestamptz
    from unnest(${told.map(n => n.id)}::uuid[], ${told.map(n => n.personId)}::uuid[], ${told.map(n => n.bell)}::boolean[], ${told.map(n => n.mailDueAt)}::timestamptz[])
      as n (id, person_id, bell, mail_due_at)
    on conflict (tenant_id, person_id, event_id) do nothing returning id`.execute(ctx.db)
  const written = new Set(rows.map(r => r.id))
  for (const { id, personId, bell, mailDueAt, calm } of told) {
    if (!written.has(id)) continue
    if (bell) ctx.tell(`user:${personId}`, 'bell', { id, ...titles(kind.key, facts), link, calm })
    if (mailDueAt) {
      // A clock per minute: what is due together goes together, and no later news moves an earlier mail.
      const due = mailDueAt.toISOString()
      await ctx.at(mailDueAt, mailDue, { id: personId, clock: `mail ${due}` }, { due })
    }
  }
}

/** Every device of the person asks again. */
const changed = (ctx: Ctx) => ctx.tell(`user:${asUser(ctx.actor).id}`, 'bell.read', {})

export async function markNotification(ctx: Ctx, id: string, read: boolean): Promise<void> {
  const rows = await ctx.db
    .updateTable('notifications.notification')
    .set({ readAt: read ? ctx.now : null })
    .where('id', '=', id)
    .where('personId', '=', asUser(ctx.actor).id)
    .returning('id')
    .execute()
  found(rows[0], 'notification', id)
  changed(ctx)
}

export async function markAll(ctx: Ctx, { upTo, kind }: z.output<typeof notifications.markAll.body>): Promise<void> {
  let rows = ctx.db
    .updateTable('notifications.notification')
    .set({ readAt: ctx.now })
    .where('personId', '=', asUser(ctx.actor).id)
    .where('id', '<=', upTo)
    .where(sql<boolean>`bell and read_at is null`)
  if (kind !== undefined) rows = rows.where('kind', '=', kind)
  if ((await rows.returning('id').execute()).length > 0) changed(ctx)
}

export async function markSeen(ctx: Ctx, links: readonly string[]): Promise<void> {
  const rows = await ctx.db
    .updateTable('notifications.notification')
    .set({ readAt: ctx.now })
    .where('personId', '=', asUser(ctx.actor).id)
    .where('link', 'in', [...links])
    .where(sql<boolean>`read_at is null`)
    .returning('id')
    .execute()
  if (rows.length > 0) changed(ctx)
}

export async function chooseNotices(ctx: Ctx, { ways, quiet, digest, dailyAt }: NoticeSettings): Promise<void> {
  const { id } = asUser(ctx.actor)
  const chosen = { ways: JSON.stringify(ways), quietFrom: quiet?.from ?? null, quietTo: quiet?.to ?? null, digest, dailyAt }
  await ctx.db
    .insertInto('notifications.preference')
    .values({ id, ...chosen })
    .onConflict(conflict => conflict.columns(['id']).doUpdateSet(chosen))
    .execute()
  await ctx.emit(noticesChosen, { id }, {})
}
