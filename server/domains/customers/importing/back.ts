import { sql } from 'kysely'
import * as z from 'zod'
import { FormValues } from '#contract/forms.ts'
import { customerTakingBack } from '#contract/imports.ts'
import { newId } from '#kernel/ids.ts'
import type { Changed } from '#kernel/importMemory.ts'
import type { Back, Kept, TakenBack } from '#kernel/takingBack.ts'
import type { Ctx } from '#kernel/work.ts'
import { customersTakenBack } from '../events.ts'
import { visibleCustomers } from '../queries.ts'
import { writeMoves } from '../segments/moves.ts'
import { putPins } from '../segments/pins.ts'
import { carerTurn, dropIdentities, hold, type Row, type Turn, type Was, writeAll } from './change.ts'
import { each, keepAddresses } from './insert.ts'
import { dropCarers } from './team.ts'
import { untouched } from './untouched.ts'

/** Where something can hang on a customer, by the reason for which they are kept then. Own tables first, then what other domains publish. */
export const hanging = [
  ['customers.record', 'customer_id', 'has_things'],
  ['customers.relation', 'customer_id', 'has_relations'],
  ['customers.relation', 'to_id', 'has_relations'],
  ['customers.note', 'customer_id', 'has_notes'],
  ['customers.file', 'customer_id', 'has_notes'],
  ['customers.receivable', 'customer_id', 'has_account'],
  ['customers.account', 'customer_id', 'has_account'],
  ['customers.flag', 'customer_id', 'has_account'],
  ['customers.care_plan', 'customer_id', 'has_care'],
  ['customers.care_round', 'customer_id', 'has_care'],
  ['customers.hold', 'customer_id', 'has_history'],
  ['customers.merge', 'kept_id', 'merged'],
  ['customers.merge', 'gone_id', 'merged'],
  ['customers.erasure', 'customer_id', 'has_history'],
  ['sales.fact_opportunity', 'customer_id', 'has_history'],
  ['customers.consent', 'customer_id', 'has_wishes'],
  ['customers.consent_word', 'customer_id', 'has_wishes'],
  ['customers.undisturbed', 'customer_id', 'has_wishes'],
  ['interactions.fact_interaction', 'customer_id', 'has_contacts'],
  ['messaging.fact_conversation', 'customer_id', 'has_contacts'],
  ['tickets.fact_ticket', 'customer_id', 'has_tickets'],
  ['tasks.fact_task', 'customer_id', 'has_tasks'],
  ['surveys.fact_rating', 'customer_id', 'has_contacts'],
  ['messaging.fact_outgoing', 'customer_id', 'has_contacts'],
  ['voice.fact_call', 'customer_id', 'has_contacts'],
  ['surveys.fact_invitation', 'customer_id', 'has_contacts'],
  ['tasks.fact_approval', 'customer_id', 'has_tasks'],
  ['documents.fact_document', 'customer_id', 'has_notes'],
  ['needs.fact_voice', 'customer_id', 'has_history'],
] as const
/** What belongs to the customer alone and goes along. Whoever was given a team since is of a later version. */
export const goingAlong = [
  'customers.customer_identity',
  'customers.address',
  'customers.carer',
  'customers.match_key',
  'customers.match_look',
  'customers.ladder_step',
  'customers.ladder_pin',
  'customers.segment_held',
] as const

const reasons = {
  gone: ['已经不在了', 'Is no longer there'],
  changed: ['导入后改过', 'Changed since'],
  changed_partly: ['有的内容导入后改过，其余已撤销', 'Partly changed since; the rest is as it was'],
  merged: ['已与另一位客户合并', 'Merged with another customer since'],
  not_yours: ['不在您的权限内', 'Beyond your reach'],
  has_contacts: ['有联系记录', 'Has been in contact'],
  has_tickets: ['有工单', 'Has tickets'],
  has_tasks: ['有待办', 'Has tasks'],
  has_things: ['有设备或合同等', 'Has things on file'],
  has_relations: ['与别的客户有关系', 'Is related to other customers'],
  has_notes: ['有备注或文件', 'Has notes or files'],
  has_account: ['有账务或标记', 'Has an account or marks'],
  has_care: ['有关怀计划', 'Has a plan of care'],
  has_wishes: ['留有同意或勿扰', 'Has said what they wish'],
  has_history: ['导入后有别的记录', 'Something else is on record since'],
  ext_taken: ['外部编号已给了别的客户', 'Another customer has the external id now'],
} as const

/** Nobody brings customers while these go: a row is made or not when the other looks. */
const alone = (ctx: Ctx) => sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} customers.import`}, 0))`.execute(ctx.db)

type Seen = { id: string; number: string; name: string; version: number; mergedInto: string | null; why: string | null }

async function remove(ctx: Ctx, made: readonly { id: string; version: number }[]): Promise<TakenBack> {
  await alone(ctx)
  const ids = made.map(one => one.id)
  const isLeft = new Map(made.map(one => [one.id, one.version]))
  ctx.write`set local enable_seqscan = off`
  await sql`select 1 from customers.customer where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[]) order by id for update`.execute(
    ctx.db,
  )
  const hangs = hanging.map(
    ([table, column, why]) =>
      sql`when exists (select 1 from ${sql.table(table)} h where h.tenant_id = ${ctx.tenantId} and ${sql.ref(`h.${column}`)} = c.id) then ${sql.lit(why)}`,
  )
  const { rows } = await sql<Seen>`select c.id, c.number, c.name,
      c.version - (select count(*) from customers.ladder_step s where s.tenant_id = ${ctx.tenantId} and s.customer_id = c.id and s.way = 'rule')::int as version, c.merged_into as "mergedInto", case ${sql.join(hangs, sql` `)}
      when exists (select 1 from customers.customer m where m.tenant_id = ${ctx.tenantId} and m.merged_into = c.id) then 'merged'
      when exists (select 1 from kernel.event e where e.tenant_id = ${ctx.tenantId} and e.customer_id = c.id and e.name not in ('customer.revealed', 'duplicate.found', 'customer.moved')) then 'has_history'
      when c.last_contact_at is not null then 'has_contacts' end as why
    from customers.customer c where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[])`.execute(ctx.db)
  const mine = await within(ctx, ids)
  const kept: Kept[] = []
  const free: string[] = []
  for (const row of rows) {
    const code = !mine.has(row.id) ? 'not_yours' : row.mergedInto ? 'merged' : row.version !== isLeft.get(row.id) ? 'changed' : row.why
    if (code === null) free.push(row.id)
    else kept.push({ known: [row.number, row.name], code })
  }
  for (const table of [...goingAlong, 'customers.customer'] as const)
    await sql`delete from ${sql.table(table)} where tenant_id = ${ctx.tenantId} and ${sql.ref(table === 'customers.customer' ? 'id' : 'customer_id')} = any(${free}::uuid[])`.execute(
      ctx.db,
    )
  await sql`insert into customers.gone (tenant_id, id) select ${ctx.tenantId}, x.id from unnest(${free}::uuid[]) as x(id)`.execute(ctx.db)
  await sql`delete from customers.duplicate where tenant_id = ${ctx.tenantId} and (a_id = any(${free}::uuid[]) or b_id = any(${free}::uuid[]))`.execute(
    ctx.db,
  )
  return { removed: free.length, restored: 0, kept }
}

const within = async (ctx: Ctx, ids: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set(
    (await visibleCustomers(ctx, 'customer:write').select('id').where(sql<boolean>`id = any(${ids}::uuid[])`).execute()).map(row => row.id),
  )

async function restore(ctx: Ctx, changed: readonly Changed[]): Promise<TakenBack> {
  if (changed.length === 0) return { removed: 0, restored: 0, kept: [] }
  await alone(ctx)
  const ids = changed.map(one => one.id)
  const held = new Map((await hold(ctx, ids)).map(row => [row.id, row]))
  const mine = await within(ctx, ids)
  const { rows: named } = await sql<{
    id: string
    number: string
    mergedInto: string | null
  }>`select id, number, merged_into as "mergedInto"
    from customers.customer where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[])`.execute(ctx.db)
  const cards = new Map(named.map(row => [row.id, row]))
  const taken = await extIdsTaken(ctx, changed)
  const kept: Kept[] = []
  const back: { id: string; was: Was; tier: Row['tier']; row: Row; turns: Turn[] }[] = []
  for (const { id, version, was: remembered, became, beside } of changed) {
    const row = held.get(id)
    const card = cards.get(id)
    if (!row || !card) {
      kept.push({ known: ['', ''], code: 'gone' })
      continue
    }
    const before: Was = Remembered.parse(remembered)
    const { was, stays } = untouched(row, before, became === null ? row : Remembered.parse(became))
    const turns = firstOf(Turns.parse(beside)).filter(turn => !stays.has(turn.kind))
    const isWhole = became !== null || row.version === version
    const goes = isWhole && (Object.keys(was).length > 0 || turns.length > 0)
    const code = !mine.has(id)
      ? 'not_yours'
      : card.mergedInto
        ? 'merged'
        : !goes
          ? 'changed'
          : was.extId && taken.has(was.extId)
            ? 'ext_taken'
            : null
    if (code !== null) kept.push({ known: [card.number, row.name], code })
    else {
      back.push({ id, was, tier: row.tier, row: { ...row, ...was }, turns })
      if (stays.size > 0) kept.push({ known: [card.number, row.name], code: 'changed_partly' })
    }
  }
  const turns = back.flatMap(({ id, turns }) => turns.map(turn => ({ ...turn, id })))
  const isCarer = (turn: Turn) => turn.kind === carerTurn
  await dropCarers(
    ctx,
    // Who looks after them again is no carer besides.
    [
      ...turns.filter(isCarer).map(({ id, value }) => ({ id, userId: value })),
      ...back.flatMap(({ id, was: { ownerId } }) => (ownerId ? [{ id, userId: ownerId }] : [])),
    ],
  )
  await dropIdentities(
    ctx,
    turns.filter(turn => turn.come && !isCarer(turn)),
  )
  await bringIdentities(
    ctx,
    turns.filter(turn => !turn.come),
  )
  await writeAll(
    ctx,
    back.map(({ row }) => row),
  )
  await putPins(
    ctx,
    'tier',
    back.flatMap(({ id, was: { pin } }) => (pin === undefined ? [] : [{ id, pin }])),
  )
  await writeMoves(
    ctx,
    'tier',
    'taken_back',
    back.flatMap(({ id, tier, row }) => (tier === row.tier ? [] : [{ id, was: tier, becomes: row.tier }])),
  )
  const placed = back.flatMap(({ id, was, row }) => (was.place ? [{ ...was.place, id, postCode: row.postCode }] : []))
  await keepAddresses(ctx, placed)
  const unplaced = back.flatMap(({ id, was }) => (was.place === null ? [id] : []))
  if (unplaced.length > 0)
    await sql`delete from customers.address where tenant_id = ${ctx.tenantId} and main and customer_id = any(${unplaced}::uuid[])`.execute(
      ctx.db,
    )
  return { removed: 0, restored: back.length - kept.filter(one => one.code === 'changed_partly').length, kept }
}

/** Of a number that came and went more than once the first turn tells whether it was there before. */
const firstOf = (turns: readonly Turn[]): Turn[] => [
  ...new Map(turns.toReversed().map(turn => [`${turn.kind} ${turn.value}`, turn])).values(),
]

const text = z.string()
const Remembered: z.ZodType<Was> = z.object({
  name: text, kind: z.enum(['person', 'organisation']), tier: z.enum(['normal', 'silver', 'gold', 'key']), phone: text.nullable(), phoneTyped: text.nullable(),
  email: text.nullable(), address: text, district: text, postCode: text, note: text, tags: z.array(text), extId: text.nullable(), ownerId: text.nullable(), since: text,
  place: z.object({ province: text, city: text, county: text, street: text, detail: text }).nullable(),
  fields: FormValues, pin: z.looseObject({ reason: text, at: text }).nullable(),
}).partial() // biome-ignore format: as a table
const Turns = z.array(z.object({ come: z.boolean(), kind: text, value: text, typed: text, label: text, main: z.boolean() }))

async function extIdsTaken(ctx: Ctx, changed: readonly Changed[]): Promise<ReadonlySet<string>> {
  const wanted = changed.flatMap(({ id, was: { extId } }) => (typeof extId === 'string' ? [{ id, extId }] : []))
  if (wanted.length === 0) return new Set()
  const { rows } = await sql<{ extId: string }>`select c.ext_id as "extId"
    from unnest(${each(wanted, one => one.id)}::uuid[], ${each(wanted, one => one.extId)}::text[]) as x(id, ext_id)
    join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.ext_id = x.ext_id and c.id <> x.id`.execute(ctx.db)
  return new Set(rows.map(row => row.extId))
}

async function bringIdentities(ctx: Ctx, gone: readonly (Turn & { id: string })[]): Promise<void> {
  if (gone.length === 0) return
  await sql`insert into customers.customer_identity (tenant_id, id, customer_id, kind, value, typed, label, main, since)
    select ${ctx.tenantId}, x.id, x.customer_id, x.kind, x.value, x.typed, x.label, x.main, ${ctx.now}::timestamptz
    from unnest(${each(gone, () => newId())}::uuid[], ${each(gone, one => one.id)}::uuid[], ${each(gone, one => one.kind)}::text[], ${each(gone, one => one.value)}::text[],
      ${each(gone, one => one.typed)}::text[], ${each(gone, one => one.label)}::text[], ${each(gone, one => String(one.main))}::boolean[])
      as x(id, customer_id, kind, value, typed, label, main)
    on conflict (tenant_id, kind, value, customer_id) do nothing`.execute(ctx.db)
}

export const back: Back = {
  asks: customerTakingBack,
  known: [
    ['户号', 'Number'],
    ['姓名', 'Name'],
  ],
  remove,
  restore,
  over: async (ctx, runId, { removed = 0, restored = 0, kept = 0 }) => {
    await ctx.emit(customersTakenBack, { id: runId }, { removed, restored, kept })
  },
  reasons,
}
