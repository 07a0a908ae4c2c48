import { sql } from 'kysely'
import type { GuardReason, Purpose, Way } from '#contract/outgoing.ts'
import { leftAloneDigests } from '#domains/customers/index.ts'
import { dateIn } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'
import { policyOf, senderOf } from './policy.ts'
import { type Asked, mayGo, type Standing, traits, type Verdict } from './rules.ts'

/** May this customer be reached now, or at that instant? Asking takes no place: whoever sends is asked again, exactly. */
export async function mayReach(
  ctx: Ctx,
  { customerId, channel, purpose, at = ctx.now }: { customerId: string; channel: Way; purpose: Purpose; at?: Date },
): Promise<{ may: true } | { may: false; reason: GuardReason; earliest: Date | null }> {
  const addresses = await addressesOf(ctx, [customerId], channel)
  const [verdict] = await judge(ctx, [{ customerId, channel, purpose, address: addresses.get(customerId)?.address ?? null }], { at })
  return verdict ?? { may: true }
}

export async function addressesOf(
  ctx: Ctx,
  customers: readonly string[],
  channel: Way,
): Promise<Map<string, { name: string; address: string | null }>> {
  const { rows } = await sql<{ id: string; name: string; phone: string | null; email: string | null }>`select f.id, c.name, c.phone, c.email
    from customers.fact_family f join customers.fact_reach c on c.tenant_id = ${ctx.tenantId} and c.id = f.kept_id
    where f.tenant_id = ${ctx.tenantId} and f.id = any(${[...customers]}::uuid[])`.execute(ctx.db)
  return new Map(rows.map(r => [r.id, { name: r.name, address: channel === 'mail' ? r.email : r.phone }]))
}

export type Candidate = Asked & { customerId: string | null }

/**
 * The guard over many at once, in their order. With `taking` the customers that count are locked first, so that of any number who ask at the same moment no two
 * count on the same free place; whoever is let through then writes `counted_on` before the end of the work. Messages in `but` are not counted.
 */
export async function judge(
  ctx: Ctx,
  asked: readonly Candidate[],
  { at = ctx.now, taking = false, but = [] as readonly string[] } = {},
): Promise<Verdict[]> {
  if (asked.length === 0) return []
  const [policy, { timezone }, families, names] = await Promise.all([
    policyOf(ctx),
    senderOf(ctx),
    keptOnes(ctx, asked),
    namesOf(ctx, asked),
  ])
  const kept = (id: string) => families.get(id) ?? id
  const candidates = asked.map(c => ({ ...c, customerId: c.customerId && kept(c.customerId) }))
  const counts = [...new Set(candidates.flatMap(c => (c.customerId && traits[c.purpose].counted ? [c.customerId] : [])))].sort()
  if (taking && counts.length > 0)
    await sql`insert into messaging.reach (tenant_id, customer_id, at) select ${ctx.tenantId}, c, ${ctx.now} from unnest(${counts}::uuid[]) c
      on conflict (tenant_id, customer_id) do update set at = excluded.at`.execute(ctx.db)
  const standings = await standingsOf(ctx, candidates, { counts, families, names }, at, timezone, but)
  const today = dateIn(timezone, at)
  return candidates.map((candidate, n) => {
    const standing = standings[n]
    if (!standing) throw new Error('a candidate without standing')
    const verdict = mayGo(candidate, standing, policy, at, timezone)
    // The next of the same customer in this round finds the place taken.
    if (verdict.may && traits[candidate.purpose].counted) standing.customer?.counted.push({ day: today, channel: candidate.channel, n: 1 })
    return verdict
  })
}

/** Of customers two files of whom are read as one: the other ids, and which is read in their place. What either said and was sent counts for both. */
async function keptOnes(ctx: Ctx, asked: readonly Candidate[]): Promise<ReadonlyMap<string, string>> {
  const customers = [...new Set(asked.flatMap(c => c.customerId ?? []))]
  if (customers.length === 0) return new Map()
  const { rows } = await sql<{
    id: string
    keptId: string
  }>`select f.id, f.kept_id as "keptId" from customers.fact_family f where f.tenant_id = ${ctx.tenantId}
    and f.id <> f.kept_id and f.kept_id = any(array(select k.kept_id from customers.fact_family k where k.tenant_id = ${ctx.tenantId} and k.id = any(${customers}::uuid[])))`.execute(
    ctx.db,
  )
  return new Map(rows.map(row => [row.id, row.keptId]))
}

/** What whoever is asked for is called in the file that is read. */
async function namesOf(ctx: Ctx, asked: readonly Candidate[]): Promise<ReadonlyMap<string, string>> {
  const customers = [...new Set(asked.flatMap(c => c.customerId ?? []))]
  if (customers.length === 0) return new Map()
  const { rows } = await sql<{ id: string; name: string }>`select c.id, c.name from customers.fact_family f
    join customers.fact_customer c on c.tenant_id = ${ctx.tenantId} and c.id = f.kept_id
    where f.tenant_id = ${ctx.tenantId} and f.id = any(${customers}::uuid[])`.execute(ctx.db)
  return new Map(rows.map(row => [row.id, row.name]))
}

type Counted = { day: string; channel: Way; n: number }[]
type Known = Omit<Standing, 'customer'> & { customer: { undisturbed: boolean; consent: boolean | null; counted: Counted } | null }

async function standingsOf(
  ctx: Ctx,
  candidates: readonly Candidate[],
  { counts, families, names }: { counts: string[]; families: ReadonlyMap<string, string>; names: ReadonlyMap<string, string> },
  at: Date,
  timezone: string,
  but: readonly string[],
): Promise<Known[]> {
  const customers = [...new Set(candidates.flatMap(c => c.customerId ?? []))]
  const asksConsent = customers.length > 0 && candidates.some(c => traits[c.purpose].consent !== null)
  const week = new Date(at.getTime() - 7 * 86_400_000)
  // The register by number: of whoever has it now, and of people who were erased.
  const digests = candidates.map(c => (c.customerId && c.address ? leftAloneDigests(ctx, c.address, names.get(c.customerId) ?? null) : []))
  const [suppressed, consents, undisturbed, counted, alone] = await Promise.all([
    sql<{
      channel: Way
      address: string
    }>`select s.channel, s.address from unnest(${candidates.map(c => c.channel)}::text[], ${candidates.map(c => c.address ?? '')}::text[]) c (channel, address)
      join messaging.suppression s on s.tenant_id = ${ctx.tenantId} and s.channel = c.channel and s.address = c.address and s.lifted_at is null`.execute(
      ctx.db,
    ),
    asksConsent
      ? sql<{
          customerId: string
          purpose: string
          channel: Way
          given: boolean
        }>`select customer_id, purpose, channel, given from customers.fact_consent
          where tenant_id = ${ctx.tenantId} and customer_id = any(${customers}::uuid[]) and (until is null or until > ${at})`.execute(
          ctx.db,
        )
      : { rows: [] },
    counts.length > 0
      ? sql<{
          customerId: string
        }>`select customer_id from customers.fact_undisturbed where tenant_id = ${ctx.tenantId} and customer_id = any(${counts}::uuid[])
          and (until is null or until > ${at})`.execute(ctx.db)
      : { rows: [] },
    counts.length > 0
      ? sql<{
          customerId: string
          day: string
          channel: Way
          n: number
        }>`select customer_id, counted_on as day, channel, count(*)::int as n from messaging.outgoing
          where tenant_id = ${ctx.tenantId} and customer_id = any(${[...counts, ...families.keys()]}::uuid[]) and counted_on >= ${dateIn(timezone, week)}::date
            and id <> all(${[...but]}::uuid[]) group by 1, 2, 3`.execute(ctx.db)
      : { rows: [] },
    customers.length > 0
      ? sql<{ digest: string; purpose: string; channel: string }>`select digest, purpose, channel from customers.fact_left_alone
          where tenant_id = ${ctx.tenantId} and digest = any(${digests.flat()}::text[]) and (until is null or until > ${at})`.execute(
          ctx.db,
        )
      : { rows: [] },
  ])
  const bad = new Set(suppressed.rows.map(r => `${r.channel} ${r.address}`))
  const agreed = new Map(consents.rows.map(r => [`${r.customerId} ${r.purpose} ${r.channel}`, r.given]))
  const quiet = new Set(undisturbed.rows.map(r => r.customerId))
  const left = new Set(alone.rows.map(r => `${r.digest} ${r.purpose} ${r.channel}`))
  const isLeft = (n: number, purpose: string, channel: string) =>
    digests[n]?.some(digest => left.has(`${digest} ${purpose} ${channel}`)) === true
  const had = new Map<string, Counted>()
  for (const { customerId: id, ...c } of counted.rows) {
    const customerId = families.get(id) ?? id
    had.set(customerId, [...(had.get(customerId) ?? []), c])
  }
  for (const id of counts) if (!had.has(id)) had.set(id, [])
  return candidates.map(({ customerId, channel, purpose, address }, n) => ({
    suppressed: bad.has(`${channel} ${address}`) || isLeft(n, '', channel),
    customer: customerId
      ? {
          undisturbed: quiet.has(customerId) || isLeft(n, '', ''),
          // Who says yes today has changed their mind about what was declined before they were erased.
          consent: agreed.get(`${customerId} ${purpose} ${channel}`) ?? (isLeft(n, purpose, channel) ? false : null),
          counted: had.get(customerId) ?? [],
        }
      : null,
  }))
}
