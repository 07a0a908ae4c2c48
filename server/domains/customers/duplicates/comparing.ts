import { sql } from 'kysely'
import type { ComparedFile, Comparison } from '#contract/duplicates.ts'
import { familyOf, keptOf, ofFamily } from '#kernel/family.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { addressShown, shownTo, showsOf, wayShown } from '../masking/showing.ts'
import { ownFieldsSeen, valuesSeen } from '../own/access.ts'
import { columns, visibleCustomers } from '../queries.ts'
import { readSteps } from '../segments/steps.ts'

/** At most so many contacts, tickets and ratings are counted. */
const most = 1000
const compared = ['name', 'kind', 'tier', 'phone', 'email', 'address', 'note', 'ownerId', 'stage'] as const

/** Two files side by side. Numbers are masked; whether they are the same is told all the same. */
export async function compare(ctx: Ctx, asked: { keptId: string; goneId: string }): Promise<Comparison> {
  const [keptId, goneId] = [await keptOf(ctx, asked.keptId), await keptOf(ctx, asked.goneId)]
  if (keptId === goneId) throw new Refusal('conflict', 'merge.one_already')
  const own = await ownFieldsSeen(ctx)
  const rows = await visibleCustomers(ctx).select(columns).select(['stage', 'fields']).where('id', 'in', [keptId, goneId]).execute()
  const [kept, gone] = [found(rows.find(row => row.id === keptId), 'customer', asked.keptId), found(rows.find(row => row.id === goneId), 'customer', asked.goneId)] // biome-ignore format: both alike
  const shows = await showsOf(ctx)
  const isHidden = (key: (typeof compared)[number]) => (key === 'phone' || key === 'email' || key === 'address') && shows(key) === 'hidden'
  const isSaid = (value: unknown) => value !== null && value !== undefined && value !== ''
  const unlike = (a: unknown, b: unknown) => isSaid(a) && isSaid(b) && JSON.stringify(a) !== JSON.stringify(b)
  const [a, b] = keptId < goneId ? [keptId, goneId] : [goneId, keptId]
  const { rows: pairs } = await sql<NonNullable<Comparison['pair']>>`select id, score, reasons, state from customers.duplicate
    where tenant_id = ${ctx.tenantId} and a_id = ${a} and b_id = ${b}`.execute(ctx.db)
  return {
    kept: await sideOf(ctx, { ...kept, fields: valuesSeen(own, kept.fields) }),
    gone: await sideOf(ctx, { ...gone, fields: valuesSeen(own, gone.fields) }),
    differ: [
      ...compared.filter(key => !isHidden(key) && unlike(kept[key], gone[key])),
      ...own.filter(({ key }) => unlike(kept.fields[key], gone.fields[key])).map(({ key }) => `fields.${key}`),
    ],
    own,
    pair: pairs[0] ?? null,
  } // biome-ignore format: one line each
}

type Row = Omit<
  ComparedFile,
  'ownerName' | 'stageStep' | 'identities' | 'addresses' | 'relations' | 'carers' | 'records' | 'counts' | 'refused' | 'undisturbed'
>
type More = Omit<ComparedFile, keyof Row | 'counts' | 'stageStep'> & { contacts: number; tickets: number; ratings: number }

async function sideOf(ctx: Ctx, row: Row): Promise<ComparedFile> {
  const t = ctx.tenantId
  const whose = ofFamily(ctx, sql`customer_id`, await familyOf(ctx, row.id))
  const counted = (what: 'interactions.fact_interaction' | 'tickets.fact_ticket' | 'surveys.fact_rating') =>
    sql`(select count(*)::int from (select 1 from ${sql.table(what)} where tenant_id = ${t} and ${whose} limit ${most}) x)`
  const own = sql`tenant_id = ${t} and customer_id = ${row.id}`
  const { rows } = await sql<More>`select
    (select p.name from identity.fact_person p where p.tenant_id = ${t} and p.id = ${row.ownerId}) as "ownerName",
    (select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'value', value, 'label', label) order by kind, value), '[]') from customers.customer_identity where ${own}) as identities,
    (select coalesce(jsonb_agg(jsonb_build_object('label', label, 'text', province || city || district || street || detail) order by main desc, id), '[]') from customers.address where ${own}) as addresses,
    (select count(*)::int from customers.relation where tenant_id = ${t} and (customer_id = ${row.id} or to_id = ${row.id})) as relations,
    (select coalesce(jsonb_agg(p.name order by p.name), '[]') from customers.carer c join identity.fact_person p on p.tenant_id = ${t} and p.id = c.user_id
      where c.tenant_id = ${t} and c.customer_id = ${row.id}) as carers,
    (select count(*)::int from customers.record where ${own}) as records,
    ${counted('interactions.fact_interaction')} as contacts, ${counted('tickets.fact_ticket')} as tickets, ${counted('surveys.fact_rating')} as ratings,
    (select count(*)::int from customers.consent where ${own} and not given and (until is null or until > ${ctx.now})) as refused,
    exists (select 1 from customers.undisturbed where ${own} and (until is null or until > ${ctx.now})) as undisturbed`.execute(ctx.db)
  const { contacts, tickets, ratings, identities, addresses, ...more } = found(rows[0], 'customer', row.id)
  const shows = await showsOf(ctx)
  const step = (await readSteps(ctx, 'stage')).find(one => one.key === row.stage)
  return {
    ...shownTo(shows, row),
    ...more,
    stageStep: step ? { name: step.name, nameEn: step.nameEn } : null,
    identities: identities.flatMap(one => {
      const value = wayShown(shows, one)
      return value === null ? [] : [{ ...one, value }]
    }),
    addresses: addresses.flatMap(one => {
      const text = addressShown(shows, one.text)
      return text === '' ? [] : [{ ...one, text }]
    }),
    counts: { contacts, tickets, ratings },
  }
}
