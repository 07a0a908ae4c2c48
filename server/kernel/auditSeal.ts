import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { firstIdOf } from './audit.ts'
import { sameText } from './secrets.ts'
import type { Ctx } from './work.ts'

const dayLong = 86_400_000
const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

type Day = { day: string; entries: number; digest: string }
type Seal = { day: string; entries: number; seal: string }

/** What the audit says of each day that has entries, digested by the database. The day stands in the id; personal values stand apart and may be erased. */
async function daysBetween(ctx: Ctx, from: Date | null, before: Date): Promise<Day[]> {
  const { rows } =
    await sql<Day>`select day, count(*)::int as entries, encode(sha256(convert_to(string_agg(line, E'\n' order by id), 'UTF8')), 'hex') as digest
    from (select id,
        to_char(to_timestamp((('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint) / 1000.0) at time zone 'UTC', 'YYYY-MM-DD') as day,
        jsonb_build_array(id, name, about, extract(epoch from at), actor_kind, actor_id, customer_id, interaction_id, detail)::text as line
      from kernel.event where tenant_id = ${ctx.tenantId} and audit and id < ${firstIdOf(before)}::uuid
      ${from ? sql`and id >= ${firstIdOf(from)}::uuid` : sql``}) entry group by day order by day`.execute(ctx.db)
  return rows
}

async function sealsOf(ctx: Ctx): Promise<Seal[]> {
  const { rows } = await sql<Seal>`select day::text as day, entries, seal from kernel.audit_seal
    where tenant_id = ${ctx.tenantId} order by day`.execute(ctx.db)
  return rows
}

/** Only this installation can make it: its key is not in the database. */
const sealOf = (ctx: Ctx, previous: string, { day, entries, digest }: Day): string =>
  createHmac('sha256', ctx.house.key).update(['audit', ctx.tenantId, previous, day, entries, digest].join('\n')).digest('hex')

const after = (day: string): Date => new Date(Date.parse(day) + dayLong)

/** Every day that is over is sealed, each with the seal of the day before it. */
export async function sealPastDays(ctx: Ctx): Promise<void> {
  const last = (await sealsOf(ctx)).at(-1)
  let previous = last?.seal ?? ''
  for (const day of await daysBetween(ctx, last ? after(last.day) : null, new Date(dayOf(ctx.now)))) {
    previous = sealOf(ctx, previous, day)
    await sql`insert into kernel.audit_seal (tenant_id, day, entries, seal)
      values (${ctx.tenantId}, ${day.day}, ${day.entries}, ${previous}) on conflict do nothing`.execute(ctx.db)
  }
}

export type Sealed = { upTo: string | null; brokenOn: string | null; mark: string | null }

/** Up to which day the audit is sealed, and the first day on which it no longer says what was sealed. */
export async function checkSeals(ctx: Ctx): Promise<Sealed> {
  const seals = await sealsOf(ctx)
  const last = seals.at(-1)
  if (!last) return { upTo: null, brokenOn: null, mark: null }
  const days = new Map((await daysBetween(ctx, null, after(last.day))).map(day => [day.day, day]))
  const kept = new Map(seals.map(seal => [seal.day, seal]))
  let previous = ''
  let brokenOn: string | null = null
  for (const day of [...new Set([...days.keys(), ...kept.keys()])].sort()) {
    const [said, seal] = [days.get(day), kept.get(day)]
    if (!said || !seal || !sameText(seal.seal, sealOf(ctx, previous, said))) {
      brokenOn = day
      break
    }
    previous = seal.seal
  }
  return { upTo: last.day, brokenOn, mark: last.seal.slice(0, 16) }
}
