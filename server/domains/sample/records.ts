import { sql } from 'kysely'
import type { Ctx } from '#kernel/work.ts'
import type { Pair } from './centre.ts'
import { type Dice, throwing } from './dice.ts'
import { place, type Row } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'

type Option = readonly [value: string, zh: string, en: string]
type Field = {
  key: string
  label: Pair
  type: 'text' | 'number' | 'choice' | 'date' | 'yesno'
  options?: readonly Option[]
  required?: boolean
}

const bore: Field = {
  key: 'dn', label: ['口径', 'Bore'], type: 'choice', required: true,
  options: [['15', 'DN15', 'DN15'], ['20', 'DN20', 'DN20'], ['25', 'DN25', 'DN25'], ['50', 'DN50', 'DN50'], ['100', 'DN100', 'DN100']],
} // biome-ignore format: a table of words
const kinds: readonly { code: string; name: Pair; fields: readonly Field[] }[] = [
  { code: 'METER', name: ['水表', 'Meter'], fields: [bore, { key: 'remote', label: ['远传', 'Remote'], type: 'yesno' }, { key: 'place', label: ['位置', 'Place'], type: 'text' }] },
  { code: 'CONTRACT', name: ['供水合同', 'Contract'], fields: [{ key: 'until', label: ['到期', 'Until'], type: 'date' }, { key: 'cubic', label: ['计划用水（吨/月）', 'Planned m³ a month'], type: 'number' }] },
] // biome-ignore format: a table of words
const own: readonly (Field & { min?: number; max?: number; pattern?: string; onlyFor?: string })[] = [
  { key: 'household', label: ['家庭人口', 'Household size'], type: 'number', min: 1, max: 20 },
  { key: 'usage', label: ['用水性质', 'Use of water'], type: 'choice', options: [['home', '居民', 'Household'], ['trade', '非居民', 'Trade'], ['special', '特种', 'Special']] },
  { key: 'idCard', label: ['身份证号', 'Identity card'], type: 'text', pattern: 'idCard', onlyFor: 'supervisor' },
] // biome-ignore format: a table of words

/** What was read for so many customers; more would only be more of the same. */
const most = 3_000
const day = 86_400_000

/** Meters of everybody, contracts of those who take much, and the file's own fields. */
export async function furnishRecords(ctx: Ctx, ids: Ids, say: Say): Promise<void> {
  const form = (f: Field) => ({
    label: say(f.label),
    labelEn: f.label[1],
    type: f.type,
    required: f.required === true,
    help: '',
    helpEn: '',
    options: (f.options ?? []).map(([value, zh, en]) => ({ value, label: say([zh, en]), labelEn: en })),
  })
  const { rows: roles } = await sql<{
    id: string
    code: string | null
  }>`select id, code from identity.fact_role where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
  await place(
    ctx,
    'customers.record_kind',
    kinds.map(({ code, name, fields }, position) => ({
      ...{ id: ids(`record kind ${code}`), code, name: say(name), nameEn: name[1], position },
      fields: fields.map(f => ({ key: f.key, ...form(f) })),
    })),
  )
  await place(
    ctx,
    'customers.own_field',
    own.map((f, position) => ({
      ...{ id: ids(`own field ${f.key}`), key: f.key, position },
      field: {
        ...form(f),
        ...{ min: f.min ?? null, max: f.max ?? null, longest: null, pattern: f.pattern ?? null },
        ...{
          seenBy: f.onlyFor ? roles.filter(role => role.code === f.onlyFor).map(role => role.id) : [],
          writtenBy: [],
          openToKeys: false,
        },
      },
    })),
  )
  // What only some roles see stands masked for them, too: a look at it is recorded.
  await place(
    ctx,
    'customers.masking',
    own
      .filter(f => f.onlyFor)
      .flatMap(f => [...roles.map(role => role.id), 'key'].map(role => ({ role, field: `own.${f.key}`, showing: 'masked' }))),
  )
  const customers = await ctx.db.selectFrom('customers.customer').select(['id', 'kind', 'since']).orderBy('id').limit(most).execute()
  const dice = throwing('records')
  const rows = customers.flatMap((c, n) => recordsOf(c, n, ctx.now, dice, ids, say))
  await place(ctx, 'customers.record', rows)
  const told = customers
    .filter((_, n) => n % 3 === 0)
    .map(c => ({ id: c.id, fields: c.kind === 'person' ? { household: dice.int(1, 6), usage: 'home' } : { usage: 'trade' } }))
  await sql`update customers.customer c set fields = x.fields from json_to_recordset(${JSON.stringify(told)}::json) as x(id uuid, fields jsonb)
    where c.tenant_id = ${ctx.tenantId} and c.id = x.id`.execute(ctx.db)
}

function recordsOf(c: { id: string; kind: string; since: Date }, n: number, now: Date, dice: Dice, ids: Ids, say: Say): Row[] {
  const large = c.kind === 'organisation'
  const base = { customerId: c.id, extId: null, note: '', since: c.since, endedAt: null, version: 1 }
  const meter = (number: number, more: Row = {}): Row => ({
    ...{ ...base, id: dice.id(c.since), kindId: ids('record kind METER'), number: String(number) },
    fields: {
      dn: large ? dice.pick(['50', '100']) : dice.pick(['15', '20', '20', '25']),
      remote: dice.chance(0.6),
      place: say(dice.pick([['楼道表井', 'Meter shaft on the landing'], ['厨房', 'Kitchen'], ['室外表箱', 'Box outside']])),
    },
    ...more,
  }) // biome-ignore format: a table of words
  const first = 1_024_000_000 + n * 37
  // One in twenty was exchanged: the old one stands there, ended.
  const changedAt = new Date(c.since.getTime() + 200 * day)
  const exchanged = n % 20 === 7 && changedAt < now
  return [
    meter(first, exchanged ? { since: changedAt } : {}),
    ...(exchanged ? [meter(first + 500_000_000, { endedAt: changedAt })] : []),
    ...(large
      ? [
          {
            ...{ ...base, id: dice.id(c.since), kindId: ids('record kind CONTRACT'), number: `GS-${String(20_000 + n)}` },
            fields: { until: `20${dice.int(27, 31)}-12-31`, cubic: dice.int(3, 90) * 100 },
          },
        ]
      : []),
  ]
}
