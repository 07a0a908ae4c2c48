import { sql } from 'kysely'
import type * as z from 'zod'
import type { WidgetSettings } from '#contract/messaging.ts'
import { calendarOf } from '#domains/identity/index.ts'
import { nameQueues } from '#domains/routing/index.ts'
import { newSecret } from '#kernel/access.ts'
import { differenceOf } from '#kernel/difference.ts'
import { enter, strike } from '#kernel/directory.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { seal } from '#kernel/secrets.ts'
import type { Ctx } from '#kernel/work.ts'
import { widgetChanged } from './events.ts'
import { siteOf } from './sites.ts'
import type { Choice } from './tables.ts'

type Settings = z.output<typeof WidgetSettings>
type Row = Settings & { id: string; retired: boolean }

const columns = [
  'id',
  'retired',
  'key',
  'name',
  'brand',
  'greeting',
  'greetingEn',
  'closedText',
  'closedTextEn',
  'choices',
  'calendarId',
  'queueId',
  'sites',
] as const

const told = columns.filter(column => column !== 'id' && column !== 'retired')

export const listWidgets = (ctx: Ctx, retired: boolean): Promise<Row[]> => {
  const all = ctx.db.selectFrom('messaging.widget').select(columns).orderBy('id')
  return (retired ? all : all.where('retired', '=', false)).execute()
}

const oneWidget = async (ctx: Ctx, id: string): Promise<Row> =>
  found(await ctx.db.selectFrom('messaging.widget').select(columns).where('id', '=', id).forUpdate().executeTakeFirst(), 'widget', id)

/** The key stands in pages of other sites: it is unique over all tenants, and the directory says whose it is. */
export async function addWidget(ctx: Ctx, { choices, sites, ...settings }: Settings): Promise<Row> {
  const id = newId()
  checkBrand(settings.brand)
  await checkChoices(ctx, settings.queueId, choices)
  if (settings.calendarId) await calendarOf(ctx, settings.calendarId)
  await claim(ctx, settings.key)
  await ctx.db
    .insertInto('messaging.widget')
    .values({ id, ...settings, choices: JSON.stringify(choices), sites: sitesOf(sites), secret: null })
    .execute()
  const added = await oneWidget(ctx, id)
  await ctx.emit(widgetChanged, { id }, { key: settings.key, act: 'added', changes: differenceOf({}, added, told) })
  return added
}

export async function changeWidget(ctx: Ctx, id: string, { choices, sites, ...settings }: Partial<Settings>): Promise<Row> {
  const before = await oneWidget(ctx, id)
  if (settings.brand !== undefined) checkBrand(settings.brand)
  if (settings.calendarId) await calendarOf(ctx, settings.calendarId)
  if (choices || settings.queueId) await checkChoices(ctx, settings.queueId ?? before.queueId, choices ?? before.choices)
  if (settings.key !== undefined && settings.key !== before.key) {
    await claim(ctx, settings.key)
    await strike(ctx, 'widget', before.key)
  }
  if (choices || sites || Object.keys(settings).length > 0)
    await ctx.db
      .updateTable('messaging.widget')
      .set({ ...settings, ...(choices ? { choices: JSON.stringify(choices) } : {}), ...(sites ? { sites: sitesOf(sites) } : {}) })
      .where('id', '=', id)
      .execute()
  const after = await oneWidget(ctx, id)
  await ctx.emit(widgetChanged, { id }, { key: after.key, act: 'changed', changes: differenceOf(before, after, told) })
  return after
}

export async function retireWidget(ctx: Ctx, id: string, retired: boolean): Promise<Row> {
  const { key, queueId, choices } = await oneWidget(ctx, id)
  if (!retired) await checkChoices(ctx, queueId, choices)
  await ctx.db.updateTable('messaging.widget').set({ retired }).where('id', '=', id).execute()
  await ctx.emit(widgetChanged, { id }, { key, act: retired ? 'retired' : 'restored' })
  return oneWidget(ctx, id)
}

/** Shown this once; what was signed with the old one means nothing any more. */
export async function renewSecret(ctx: Ctx, id: string): Promise<{ secret: string }> {
  const { key } = await oneWidget(ctx, id)
  const secret = newSecret()
  await ctx.db
    .updateTable('messaging.widget')
    .set({ secret: seal(ctx.house.key, secret) })
    .where('id', '=', id)
    .execute()
  await ctx.emit(widgetChanged, { id }, { key, act: 'secret_changed' })
  return { secret }
}

const taken = (error: unknown) => error instanceof Error && 'code' in error && error.code === '23505'

async function claim(ctx: Ctx, key: string): Promise<void> {
  await enter(ctx, 'widget', key).catch((error: unknown) => {
    if (taken(error)) throw new Refusal('conflict', 'widget.key_taken', { key })
    throw error
  })
}

const sitesOf = (typed: readonly string[]) => JSON.stringify([...new Set(typed.filter(site => site.trim() !== '').map(siteOf))])

/** Queues of chats that are in use, known reasons, and no choice twice. */
async function checkChoices(ctx: Ctx, queueId: string, choices: readonly Pick<Choice, 'key' | 'queueId' | 'reasonId'>[]): Promise<void> {
  if (new Set(choices.map(c => c.key)).size < choices.length) throw new Refusal('invalid', 'widget.choice_twice')
  await nameQueues(ctx, [queueId, ...choices.map(c => c.queueId)], ['chat'])
  const reasons = [...new Set(choices.flatMap(c => (c.reasonId === null ? [] : [c.reasonId])))]
  const { rows } = await sql<{ id: string }>`
    select id from interactions.fact_reason where tenant_id = ${ctx.tenantId} and id = any(${reasons}::uuid[])`.execute(ctx.db)
  const known = new Set(rows.map(row => row.id))
  for (const id of reasons) if (!known.has(id)) found(undefined, 'contact_reason', id)
}

/** White words stand on it: WCAG AA asks for 4.5 to 1. */
function checkBrand(brand: string): void {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(brand)
  if (!hex) throw new Refusal('invalid', 'widget.brand_invalid')
  const [r = 0, g = 0, b = 0] = hex.slice(1).map(part => {
    const share = Number.parseInt(part, 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  const ratio = 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)
  if (ratio < 4.5) throw new Refusal('invalid', 'widget.brand_too_light', { ratio: Math.round(ratio * 10) / 10 })
}
