import { sql } from 'kysely'
import * as z from 'zod'
import { mostUnread, type NoticeSettings, type Notification, type notifications } from '#contract/notifications.ts'
import { asUser, scopeOf } from '#kernel/access.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import type { Ctx } from '#kernel/work.ts'
import { allKinds, kindOf } from './kinds.ts'
import { mailFor } from './mail.ts'
import { filled, houseSettings, waysOf } from './rules.ts'

/** Everybody's own, nobody else's. */
const visibleNotifications = (ctx: Ctx) =>
  ctx.db.selectFrom('notifications.notification').where('personId', '=', asUser(ctx.actor).id).where(sql<boolean>`bell`)

export async function listNotifications(ctx: Ctx, query: z.output<typeof notifications.list.query>): Promise<Page<Notification>> {
  const size = query.size ?? 30
  const after = readCursor(query.after, z.tuple([z.uuid()]))
  let rows = visibleNotifications(ctx)
    .select(['id', 'kind', 'facts', 'link', 'important', 'at', 'readAt'])
    .orderBy('id', 'desc')
    .limit(size + 1)
  if (query.box === 'unread') rows = rows.where(sql<boolean>`read_at is null`)
  if (query.kind) rows = rows.where('kind', '=', query.kind)
  if (after) rows = rows.where('id', '<', after[0])
  const page = pageRows(await rows.execute(), size, n => [n.id])
  return { rows: page.rows.map(({ facts, ...n }) => ({ ...n, ...titles(n.kind, facts) })), next: page.next }
}

export async function countUnread(ctx: Ctx): Promise<{ unread: number }> {
  const rows = await visibleNotifications(ctx).select('id').where(sql<boolean>`read_at is null`).limit(mostUnread).execute()
  return { unread: rows.length }
}

/** A kind that is no more leaves its name: what was told is still there. */
export function titles(key: string, facts: Record<string, string | number>): { title: string; titleEn: string } {
  const [zh, en] = kindOf(key)?.says ?? [key, key]
  return { title: filled(zh, facts), titleEn: filled(en, facts) }
}

export async function settingsOf(ctx: Ctx, people: readonly string[]): Promise<Map<string, NoticeSettings>> {
  const rows = await ctx.db
    .selectFrom('notifications.preference')
    .selectAll()
    .where('id', 'in', [...people])
    .execute()
  return new Map(
    rows.map(({ id, ways, quietFrom, quietTo, digest, dailyAt }) => [
      id,
      { ways, quiet: quietFrom === null || quietTo === null ? null : { from: quietFrom, to: quietTo }, digest, dailyAt },
    ]),
  )
}

export async function mySettings(ctx: Ctx): Promise<z.output<typeof notifications.settings.reply>> {
  const { id } = asUser(ctx.actor)
  const settings = (await settingsOf(ctx, [id])).get(id) ?? houseSettings
  const kinds = allKinds()
    .filter(kind => kind.may === undefined || scopeOf(ctx.actor, kind.may) !== null)
    .map(kind => ({
      key: kind.key,
      name: kind.name[0],
      nameEn: kind.name[1],
      group: kind.group[0],
      groupEn: kind.group[1],
      ways: waysOf(kind, settings),
    }))
  return { settings, kinds, mail: await mailFor(ctx, id) }
}
