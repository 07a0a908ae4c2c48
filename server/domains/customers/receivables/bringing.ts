import { sql } from 'kysely'
import type * as z from 'zod'
import type { Delivered, NewReceivable, Receivable, receivables } from '#contract/receivables.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { customersNamed, nameKey } from '../naming.ts'
import { inOrder, recount, todayOf } from './counting.ts'
import { receivablesDelivered } from './events.ts'
import { faultOf, isOverdue, openOf } from './rules.ts'

type Kept = Omit<Receivable, 'changedAt'> & { saidAt: Date }
export type How = {
  source: string
  /** Says what would become of it, and writes nothing. */
  dry?: boolean
  /** What is there already stays as it is. */
  keep?: boolean
}

export async function deliver(ctx: Ctx, { source, items }: z.output<typeof receivables.deliver.body>) {
  const { rows, customerIds } = await bring(ctx, items, { source })
  const n = (outcome: Delivered['outcome']) => rows.filter(row => row.outcome === outcome).length
  const counts = { made: n('made'), changed: n('changed'), same: n('same') + n('older'), refused: n('refused') }
  if (counts.made + counts.changed > 0) {
    const customerId = customerIds.length === 1 ? customerIds[0] : undefined
    await ctx.emit(receivablesDelivered, customerId ? { id: customerId, customerId } : { id: newId() }, counts)
  }
  return { rows }
}

/** Brings in what the books say: asks once who and what is there, decides one by one, writes all at once. */
export async function bring(
  ctx: Ctx,
  items: readonly NewReceivable[],
  { source, dry = false, keep = false }: How,
): Promise<{ rows: Delivered[]; customerIds: string[] }> {
  if (!dry) await inOrder(ctx)
  const [today, customers, known] = await Promise.all([todayOf(ctx), customersNamed(ctx, items), keptOf(ctx, items)])
  /** Each as it stands by now: what is said again leaves it as it was, but for how late it was said. */
  const standing = new Map(known)
  const written = new Set<string>()
  const heard = new Set<string>()
  const touched = new Set<string>()
  const rows = items.map((item): Delivered => {
    const { extId } = item
    const before = standing.get(extId)
    const answer = (outcome: Delivered['outcome'], id: string | null, code: string | null = null) => ({ extId, id, outcome, code })
    const fault = faultOf(item)
    if (fault) return answer('refused', before?.id ?? null, fault)
    const customerId = customers.get(nameKey(item))
    if (!customerId) return answer('refused', before?.id ?? null, 'customer_unknown')
    if (before && keep) return answer('same', before.id, 'there_already')
    if (before && item.at && item.at < before.saidAt) return answer('older', before.id)
    const after = told(ctx, item, { before, customerId, source, today })
    touched.add(customerId)
    if (before && !differs(before, after)) {
      if (after.saidAt > before.saidAt) heard.add(extId)
      standing.set(extId, { ...before, saidAt: after.saidAt })
      return answer('same', before.id)
    }
    if (before) touched.add(before.customerId)
    standing.set(extId, after)
    written.add(extId)
    return answer(before ? 'changed' : 'made', after.id)
  })
  if (!dry) {
    const those = (ids: Iterable<string>) => [...ids].flatMap(id => standing.get(id) ?? [])
    await write(ctx, those(written))
    await keepHeard(ctx, those([...heard].filter(id => !written.has(id))))
    await recount(ctx, [...touched], { source })
  }
  return { rows, customerIds: [...touched] }
}

async function keptOf(ctx: Ctx, items: readonly NewReceivable[]): Promise<ReadonlyMap<string, Kept>> {
  const extIds = [...new Set(items.map(item => item.extId))]
  const rows = await ctx.db.selectFrom('customers.receivable').selectAll().where(sql<boolean>`ext_id = any(${extIds}::text[])`).execute()
  return new Map(rows.map(row => [row.extId, row]))
}

type Around = { before: Kept | undefined; customerId: string; source: string; today: string }
/** When a bill was paid whose books do not say it: between what they said last and now; of one that came in paid nobody knows. */
const paidBy = (before: Kept | undefined, saidAt: Date): Date | null =>
  before && before.openAmount > 0 ? saidAt : (before?.settledAt ?? null)

/** As it stands when the books have said so: what they left out is as it was. */
function told(ctx: Ctx, { at, settledAt, ...item }: NewReceivable, { before, customerId, source, today }: Around): Kept {
  // Without a time of its own it is the latest that anybody said.
  const saidAt = at ?? (before && before.saidAt > ctx.now ? before.saidAt : ctx.now)
  const openAmount = item.openAmount ?? openOf(item.amount, before)
  const hold = item.hold ?? before?.hold ?? ''
  const issuedOn = item.issuedOn ?? before?.issuedOn ?? item.dueOn
  return {
    id: before?.id ?? newId(),
    customerId,
    extId: item.extId,
    number: item.number ?? before?.number ?? item.extId.slice(0, 60),
    kind: item.kind ?? before?.kind ?? '',
    period: item.period || (before?.period ?? issuedOn.slice(0, 7)),
    currency: item.currency,
    amount: item.amount,
    openAmount,
    issuedOn,
    dueOn: item.dueOn,
    settledAt: openAmount > 0 ? null : (settledAt ?? paidBy(before, saidAt)),
    hold,
    overdue: isOverdue({ openAmount, hold, dueOn: item.dueOn }, today),
    source: source || (before?.source ?? ''),
    saidAt,
    version: (before?.version ?? 0) + 1,
  }
}

const said = [
  'customerId', 'number', 'kind', 'period', 'currency', 'amount', 'openAmount', 'issuedOn', 'dueOn', 'settledAt', 'hold', 'overdue', 'source',
] as const // biome-ignore format: a list of words
const differs = (a: Kept, b: Kept): boolean => said.some(key => String(a[key]) !== String(b[key]))

async function write(ctx: Ctx, rows: readonly Kept[]): Promise<void> {
  if (rows.length === 0) return
  const lines = rows.map(r => ({
    id: r.id, customer_id: r.customerId, ext_id: r.extId, number: r.number, kind: r.kind, period: r.period, currency: r.currency, amount: r.amount,
    open_amount: r.openAmount, issued_on: r.issuedOn, due_on: r.dueOn, settled_at: r.settledAt, hold: r.hold, overdue: r.overdue, source: r.source,
    said_at: r.saidAt, version: r.version,
  })) // biome-ignore format: as a table
  await sql`insert into customers.receivable (tenant_id, id, customer_id, ext_id, number, kind, period, currency, amount, open_amount, issued_on, due_on,
      settled_at, hold, overdue, source, said_at, version, changed_at)
    select ${ctx.tenantId}, x.id, x.customer_id, x.ext_id, x.number, x.kind, x.period, x.currency, x.amount, x.open_amount, x.issued_on, x.due_on,
      x.settled_at, x.hold, x.overdue, x.source, x.said_at, x.version, ${ctx.now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as x(id uuid, customer_id uuid, ext_id text, number text, kind text, period text, currency text,
      amount bigint, open_amount bigint, issued_on date, due_on date, settled_at timestamptz, hold text, overdue boolean, source text, said_at timestamptz, version integer)
    on conflict (tenant_id, ext_id) do update set customer_id = excluded.customer_id, number = excluded.number, kind = excluded.kind, period = excluded.period,
      currency = excluded.currency, amount = excluded.amount, open_amount = excluded.open_amount, issued_on = excluded.issued_on, due_on = excluded.due_on,
      settled_at = excluded.settled_at, hold = excluded.hold, overdue = excluded.overdue, source = excluded.source, said_at = excluded.said_at,
      version = excluded.version, changed_at = excluded.changed_at`.execute(ctx.db)
}

/** Nothing changed, but what was said before this comes too late from now on. */
async function keepHeard(ctx: Ctx, rows: readonly Kept[]): Promise<void> {
  if (rows.length === 0) return
  await sql`update customers.receivable r set said_at = x.said_at
    from jsonb_to_recordset(${JSON.stringify(rows.map(r => ({ id: r.id, said_at: r.saidAt })))}::jsonb) as x(id uuid, said_at timestamptz)
    where r.tenant_id = ${ctx.tenantId} and r.id = x.id`.execute(ctx.db)
}
