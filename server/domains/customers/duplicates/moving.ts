import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/work.ts'
import { careApart, careTogether } from './caring.ts'
import { pinsApart, pinsTogether } from './pins.ts'
import type { Moved } from './tables.ts'
import { quieter, stricter } from './together.ts'

const ids = async (ctx: Ctx, statement: RawBuilder<{ id: string }>): Promise<string[]> =>
  (await statement.execute(ctx.db)).rows.map(row => row.id)
export type Both = { keptId: string; goneId: string }

/** What belongs to the file that goes comes over to the kept one, and is remembered row by row. What the kept one has already stays where it is. `taking`: whose telephone, e-mail, address and steps count from now on. */
export async function bringOver(
  ctx: Ctx,
  both: Both,
  taking: { phone: boolean; email: boolean; address: boolean; steps: Parameters<typeof pinsTogether>[2] },
): Promise<Moved> {
  const { keptId, goneId } = both
  const t = ctx.tenantId
  const losing = { phone: taking.phone ? keptId : goneId, email: taking.email ? keptId : goneId }
  const mains = {
    identities: await ids(
      ctx,
      sql`update customers.customer_identity set main = false where tenant_id = ${t} and main and (customer_id = ${losing.phone} and kind = 'phone'
        or customer_id = ${losing.email} and kind = 'email' or customer_id = ${goneId} and kind in ('web', 'wechat')) returning id`,
    ),
    addresses: await ids(
      ctx,
      sql`update customers.address set main = false where tenant_id = ${t} and main and customer_id = ${taking.address ? keptId : goneId} returning id`,
    ),
  }
  return {
    mains,
    identities: await ids(
      ctx,
      sql`update customers.customer_identity i set customer_id = ${keptId} where i.tenant_id = ${t} and i.customer_id = ${goneId} and not exists (
        select 1 from customers.customer_identity k where k.tenant_id = ${t} and k.customer_id = ${keptId} and k.kind = i.kind and k.value = i.value) returning i.id`,
    ),
    addresses: await ids(
      ctx,
      sql`update customers.address set customer_id = ${keptId} where tenant_id = ${t} and customer_id = ${goneId} returning id`,
    ),
    relations: await ids(
      ctx,
      sql`update customers.relation r set customer_id = ${keptId} where r.tenant_id = ${t} and r.customer_id = ${goneId} and r.to_id <> ${keptId} and not exists (
        select 1 from customers.relation k where k.tenant_id = ${t} and k.customer_id = ${keptId} and k.to_id = r.to_id and k.kind = r.kind) returning r.id`,
    ),
    relationsTo: await ids(
      ctx,
      sql`update customers.relation r set to_id = ${keptId} where r.tenant_id = ${t} and r.to_id = ${goneId} and r.customer_id <> ${keptId} and not exists (
        select 1 from customers.relation k where k.tenant_id = ${t} and k.to_id = ${keptId} and k.customer_id = r.customer_id and k.kind = r.kind) returning r.id`,
    ),
    records: await ids(
      ctx,
      sql`update customers.record set customer_id = ${keptId}, changed_xid = pg_current_xact_id() where tenant_id = ${t} and customer_id = ${goneId} returning id`,
    ),
    carers: await ids(
      ctx,
      sql`update customers.carer c set customer_id = ${keptId} where c.tenant_id = ${t} and c.customer_id = ${goneId} and not exists (
        select 1 from customers.carer k where k.tenant_id = ${t} and k.customer_id = ${keptId} and k.user_id = c.user_id) returning c.user_id as id`,
    ),
    aliases: await ids(
      ctx,
      sql`update customers.customer set merged_into = ${keptId}, version = version + 1, changed_xid = pg_current_xact_id()
        where tenant_id = ${t} and merged_into = ${goneId} returning id`,
    ),
    ...(await wishesTogether(ctx, both)),
    care: await careTogether(ctx, both),
    pins: await pinsTogether(ctx, both, taking.steps),
  }
}

type Consent = {
  purpose: string
  channel: string
  given: boolean
  until: string | null
  source: string
  proof: string
  at: string
  by_name: string
}
type Undisturbed = { until: string | null; reason: string; since: string; by_name: string }
const wishes = (ctx: Ctx, id: string) =>
  Promise.all([
    sql<{ said: Consent }>`select to_jsonb(c) - 'tenant_id' - 'customer_id' as said from customers.consent c where c.tenant_id = ${ctx.tenantId} and c.customer_id = ${id}`.execute(ctx.db),
    sql<{ said: Undisturbed }>`select to_jsonb(u) - 'tenant_id' - 'customer_id' as said from customers.undisturbed u where u.tenant_id = ${ctx.tenantId} and u.customer_id = ${id}`.execute(ctx.db),
  ]) // biome-ignore format: two of a kind

async function wishesTogether(ctx: Ctx, { keptId, goneId }: Both): Promise<Pick<Moved, 'consents' | 'undisturbed'>> {
  const [[consents, quiet], [others, otherQuiet]] = [await wishes(ctx, keptId), await wishes(ctx, goneId)]
  const kept = new Map(consents.rows.map(({ said }) => [`${said.purpose} ${said.channel}`, said]))
  const changes: Moved['consents'] = []
  for (const { said } of others.rows) {
    const was = kept.get(`${said.purpose} ${said.channel}`)
    const became = stricter(was, said, ctx.now)
    if (!became) continue
    await writeConsent(ctx, keptId, became)
    changes.push({ purpose: said.purpose, channel: said.channel, was: was ?? null, became })
  }
  const other = otherQuiet.rows[0]?.said
  const became = other ? quieter(quiet.rows[0]?.said, other) : null
  if (became) await writeQuiet(ctx, keptId, became)
  return { consents: changes, undisturbed: became ? { was: quiet.rows[0]?.said ?? null, became } : null }
}

const written = (what: 'consent' | 'undisturbed') => sql.table(`customers.${what}`)
/** As it stood, every column of it: what another version of this product adds comes along. */
const writeWhole = async (ctx: Ctx, what: 'consent' | 'undisturbed', customerId: string, row: Record<string, unknown>) =>
  void (await sql`insert into ${written(what)} select * from jsonb_populate_record(null::${written(what)},
    ${JSON.stringify(row)}::jsonb || jsonb_build_object('tenant_id', ${ctx.tenantId}::text, 'customer_id', ${customerId}::text))`.execute(
    ctx.db,
  ))
async function writeConsent(ctx: Ctx, customerId: string, { purpose, channel, ...said }: Record<string, unknown>) {
  await sql`delete from customers.consent where tenant_id = ${ctx.tenantId} and customer_id = ${customerId} and purpose = ${purpose} and channel = ${channel}`.execute(
    ctx.db,
  )
  // Mergings of older versions remember no wording.
  await writeWhole(ctx, 'consent', customerId, { wording: '', purpose, channel, ...said })
}
async function writeQuiet(ctx: Ctx, customerId: string, said: Record<string, unknown>) {
  await sql`delete from customers.undisturbed where tenant_id = ${ctx.tenantId} and customer_id = ${customerId}`.execute(ctx.db)
  await writeWhole(ctx, 'undisturbed', customerId, said)
}

/** Every remembered row that is still where the merging put it goes back; what was removed since stays removed. */
export async function bringBack(ctx: Ctx, { keptId, goneId }: Both, moved: Moved): Promise<void> {
  const t = ctx.tenantId
  const back = async (statement: RawBuilder<unknown>) => void (await statement.execute(ctx.db))
  await back(sql`update customers.customer set merged_into = ${goneId}, version = version + 1, changed_xid = pg_current_xact_id()
    where tenant_id = ${t} and id = any(${moved.aliases}::uuid[]) and merged_into = ${keptId}`)
  await back(sql`update customers.customer_identity i set customer_id = ${goneId} where i.tenant_id = ${t} and i.id = any(${moved.identities}::uuid[])
    and i.customer_id = ${keptId} and not exists (select 1 from customers.customer_identity k where k.tenant_id = ${t} and k.customer_id = ${goneId} and k.kind = i.kind and k.value = i.value)`)
  await back(sql`update customers.address set customer_id = ${goneId}, main = main and not exists (select 1 from customers.address k where k.tenant_id = ${t} and k.customer_id = ${goneId} and k.main)
    where tenant_id = ${t} and id = any(${moved.addresses}::uuid[]) and customer_id = ${keptId}`)
  await back(sql`update customers.relation r set customer_id = ${goneId} where r.tenant_id = ${t} and r.id = any(${moved.relations}::uuid[]) and r.customer_id = ${keptId} and r.to_id <> ${goneId}
    and not exists (select 1 from customers.relation k where k.tenant_id = ${t} and k.customer_id = ${goneId} and k.to_id = r.to_id and k.kind = r.kind)`)
  await back(sql`update customers.relation r set to_id = ${goneId} where r.tenant_id = ${t} and r.id = any(${moved.relationsTo}::uuid[]) and r.to_id = ${keptId} and r.customer_id <> ${goneId}
    and not exists (select 1 from customers.relation k where k.tenant_id = ${t} and k.to_id = ${goneId} and k.customer_id = r.customer_id and k.kind = r.kind)`)
  await back(
    sql`update customers.record set customer_id = ${goneId}, changed_xid = pg_current_xact_id() where tenant_id = ${t} and id = any(${moved.records}::uuid[]) and customer_id = ${keptId}`,
  )
  await back(sql`update customers.carer c set customer_id = ${goneId} where c.tenant_id = ${t} and c.user_id = any(${moved.carers}::uuid[]) and c.customer_id = ${keptId}
    and not exists (select 1 from customers.carer k where k.tenant_id = ${t} and k.customer_id = ${goneId} and k.user_id = c.user_id)`)
  await back(sql`update customers.customer_identity i set main = true where i.tenant_id = ${t} and i.id = any(${moved.mains.identities}::uuid[]) and i.customer_id = any(${[keptId, goneId]}::uuid[])
    and not exists (select 1 from customers.customer_identity k where k.tenant_id = ${t} and k.customer_id = i.customer_id and k.kind = i.kind and k.main)`)
  await back(sql`update customers.address a set main = true where a.tenant_id = ${t} and a.id = any(${moved.mains.addresses}::uuid[]) and a.customer_id = any(${[keptId, goneId]}::uuid[])
    and not exists (select 1 from customers.address k where k.tenant_id = ${t} and k.customer_id = a.customer_id and k.main)`)
  if (moved.care) await careApart(ctx, { keptId, goneId }, moved.care)
  await pinsApart(ctx, keptId, moved.pins ?? [])
  const [consents, quiet] = await wishes(ctx, keptId)
  for (const { purpose, channel, was, became } of moved.consents) {
    const now = consents.rows.find(({ said }) => said.purpose === purpose && said.channel === channel)?.said
    // A word said since the merging counts.
    if (!now || now.at !== became.at || now.given !== became.given) continue
    if (was) await writeConsent(ctx, keptId, was)
    else
      await back(
        sql`delete from customers.consent where tenant_id = ${t} and customer_id = ${keptId} and purpose = ${purpose} and channel = ${channel}`,
      )
  }
  const { undisturbed } = moved
  const now = quiet.rows[0]?.said
  if (undisturbed && now && now.since === undisturbed.became.since && now.until === undisturbed.became.until) {
    if (undisturbed.was) await writeQuiet(ctx, keptId, undisturbed.was)
    else await back(sql`delete from customers.undisturbed where tenant_id = ${t} and customer_id = ${keptId}`)
  }
}
