import { sql } from 'kysely'
import * as z from 'zod'
import { familyOf } from '#kernel/family.ts'
import type { Who } from '#kernel/holdings.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { visibleCustomers } from '../queries.ts'

/** A person with everything by which they can be recognised in what was written elsewhere. */
export const Known = z.object({
  ids: z.array(z.uuid()),
  phones: z.array(z.string()),
  emails: z.array(z.string()),
  /** Numbers and addresses that another customer has as well: beside the name they mean this person. */
  shared: z.array(z.string()).default([]),
  called: z.array(z.string()).default([]),
  numbers: z.array(z.string()),
  /** Telephones in all spellings, addresses, names at other houses: of this person alone, and no everyday words. */
  marks: z.array(z.string()),
  /** Names of a person that nobody else has, neither a customer nor one of our own people, and that mean nothing else. */
  names: z.array(z.string()),
})
export type Known = z.output<typeof Known> & Who

type Row = {
  id: string
  name: string
  kind: string
  number: string
  phone: string | null
  phoneTyped: string | null
  email: string | null
}

/** Every id of a customer whose rights the actor may treat. */
export async function everyFile(ctx: Ctx, id: string): Promise<string[]> {
  found(await visibleCustomers(ctx, 'customer:privacy').select('id').where('id', '=', id).executeTakeFirst(), 'customer', id)
  return familyOf(ctx, id)
}

const sure = (values: (string | null)[], least: number): string[] => [
  ...new Set(values.flatMap(value => (value !== null && value.length >= least ? [value] : []))),
]

/** A number in our books, unless it could be an amount. */
const isTelling = (number: string) => number.length >= 5 && /\p{L}/u.test(number)

/** Two signs or one word may be an everyday word, of which others' records are full: 白云, Will. */
const isTellingName = (name: string) => /\p{Script=Han}{3}/u.test(name) || /\S\s+\S/.test(name)
const isTellingMark = (mark: string) => /[\d_@]/.test(mark)

export async function knownAs(ctx: Ctx, ids: readonly string[]): Promise<Known> {
  const [customers, identities] = await Promise.all([
    sql<Row>`select id, name, kind, number, phone, phone_typed as "phoneTyped", email from customers.customer
      where tenant_id = ${ctx.tenantId} and id = any(${[...ids]}::uuid[])`.execute(ctx.db),
    sql<{ kind: string; value: string; typed: string }>`select kind, value, typed from customers.customer_identity
      where tenant_id = ${ctx.tenantId} and customer_id = any(${[...ids]}::uuid[])`.execute(ctx.db),
  ])
  const of = (kind: string) => identities.rows.filter(row => row.kind === kind)
  const phones = sure([...customers.rows.map(row => row.phone), ...of('phone').map(row => row.value)], 4)
  const emails = sure([...customers.rows.map(row => row.email), ...of('email').map(row => row.value)], 4)
  const called = sure(
    customers.rows.map(row => row.name),
    2,
  )
  const people = sure(
    customers.rows.map(row => (row.kind === 'person' ? row.name : null)),
    2,
  )
  const [others, namesakes] = await Promise.all([
    othersWith(ctx, ids, [...phones, ...emails, ...identities.rows.map(row => row.value)]),
    namesakesOf(ctx, ids, people),
  ])
  const own = (value: string) => !others.has(value)
  const typed = (value: string | null, as: string | null) => (as !== null && own(as) ? value : null)
  return {
    ids: [...ids],
    phones: phones.filter(own),
    emails: emails.filter(own),
    shared: [...phones, ...emails].filter(value => !own(value)),
    called,
    numbers: customers.rows.map(row => row.number),
    marks: sure(
      [
        ...phones.filter(own).flatMap(spellings),
        ...emails.filter(own),
        ...customers.rows.map(row => typed(row.phoneTyped, row.phone)),
        ...identities.rows.filter(row => own(row.value)).flatMap(row => [row.value, row.typed]),
        ...customers.rows.map(row => (isTelling(row.number) ? row.number : null)),
      ],
      5,
    ).filter(isTellingMark),
    names: people.filter(name => isTellingName(name) && !namesakes.has(name)),
  }
}

/** As known when it was asked, without what somebody has taken up since: whoever comes back at once keeps their number. */
export async function stillTheirs(ctx: Ctx, known: Known): Promise<Known> {
  const [taken, namesakes] = await Promise.all([
    othersWith(ctx, known.ids, [...known.phones, ...known.emails, ...known.marks]),
    namesakesOf(ctx, known.ids, known.names),
  ])
  const gone = new Set([...taken].flatMap(spellings))
  const own = (value: string) => !taken.has(value)
  return {
    ...known,
    phones: known.phones.filter(own),
    emails: known.emails.filter(own),
    shared: [...known.shared, ...known.phones, ...known.emails].filter(value => known.shared.includes(value) || taken.has(value)),
    marks: known.marks.filter(mark => isTellingMark(mark) && own(mark) && !gone.has(mark)),
    names: known.names.filter(name => isTellingName(name) && !namesakes.has(name)),
  }
}

/** Which of these values somebody else is known by as well, a customer or one of our own people: a household has one telephone. */
async function othersWith(ctx: Ctx, ids: readonly string[], values: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ value: string }>`select distinct value from customers.customer_identity
    where tenant_id = ${ctx.tenantId} and kind = any(array['phone', 'email', 'web', 'wechat']) and value = any(${[...new Set(values)]}::text[])
      and customer_id <> all(${[...ids]}::uuid[])
    union select email from identity.fact_person where tenant_id = ${ctx.tenantId} and email = any(${[...new Set(values)]}::text[])`.execute(
    ctx.db,
  )
  return new Set(rows.map(row => row.value))
}

async function namesakesOf(ctx: Ctx, ids: readonly string[], names: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ name: string }>`select name from customers.customer
      where tenant_id = ${ctx.tenantId} and name = any(${[...names]}::text[]) and id <> all(${[...ids]}::uuid[])
    union select name from identity.fact_person where tenant_id = ${ctx.tenantId} and name = any(${[...names]}::text[])`.execute(ctx.db)
  return new Set(rows.map(row => row.name))
}

/** As people write it: with and without the country, in groups. */
function spellings(phone: string): string[] {
  const national = phone.replace(/^\+86/, '')
  if (national === phone || !/^1\d{10}$/.test(national)) return [phone, phone.replace(/^\+/, ''), national]
  const [a, b, c] = [national.slice(0, 3), national.slice(3, 7), national.slice(7)]
  return [phone, phone.slice(1), `00${phone.slice(1)}`, national, `${a} ${b} ${c}`, `${a}-${b}-${c}`]
}
