import { sql } from 'kysely'
import type { Customer } from '#contract/customers.ts'
import type { FormValues } from '#contract/forms.ts'
import type { Changed } from '#kernel/importMemory.ts'
import type { How, ImportRow, Problem, Taken } from '#kernel/imports.ts'
import type { Ctx } from '#kernel/work.ts'
import { searchText } from '../finding/words.ts'
import { ownFieldsSeen } from '../own/access.ts'
import { tiersBrought } from '../segments/moves.ts'
import { changeAll } from './change.ts'
import { insertAll } from './insert.ts'
import { guardOf, hasMasked } from './masked.ts'
import { holderOf, learn, matchesOf, matchOf } from './matches.ts'
import { isWrongOwn, missingOwn, readOwn } from './own.ts'
import { hasParts, type Place, parts } from './places.ts'
import { keepCarers, peopleOf, teamOf } from './team.ts'

/** A customer as a row of a table tells of them; '' where it tells nothing. `owner` as written, `ownerId` once it is known who that is. */
export type Brought = Place & {
  id: string
  name: string
  number: string
  extId: string
  phone: string
  phoneTyped: string
  phone2: string
  phone2Typed: string
  email: string
  kind: Customer['kind'] | ''
  tier: Customer['tier'] | ''
  district: string
  address: string
  postCode: string
  owner: string
  ownerId: string
  /** Who takes care beside the owner, likewise. */
  carers: string[]
  carerIds: string[]
  /** By the clock of the organisation. */
  since: string
  note: string
  tags: string[]
  /** Cells of own fields as written, by key; in `fields` once it is known what they say. */
  own: Readonly<Record<string, string>>
  fields: FormValues
  search: string
}

/** Takes a batch in: asks once who is there already, decides row by row, writes each table once. */
export async function takeCustomers(ctx: Ctx, rows: readonly ImportRow<Brought>[], { onMatch, dry, keys, dates }: How): Promise<Taken> {
  if (!dry) await sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} customers.import`}, 0))`.execute(ctx.db)
  const people = await peopleOf(
    ctx,
    rows.flatMap(({ said }) => [said.owner, ...said.carers]),
  )
  const seen = rows.some(({ said }) => Object.keys(said.own).length > 0) ? await ownFieldsSeen(ctx) : []
  const known = await matchesOf(ctx, rows, { onMatch, keys })
  const guard = await guardOf(ctx, rows, known)
  const wrong: Problem[] = []
  const left = new Set<number>()
  const leave = (problem: Problem) => {
    wrong.push(problem)
    left.add(problem.line)
  }
  const made = new Map<string, Brought>()
  const changes = new Map<string, Brought>()
  let changed = 0
  const skipped: Problem[] = []
  const lines = new Map<string, number>()
  for (const { line, twin: first, said } of rows) {
    const team = teamOf(said, people)
    if ('code' in team) {
      leave({ line, code: team.code })
      continue
    }
    Object.assign(said, team)
    const own = readOwn(said.own, seen, dates)
    if (isWrongOwn(own)) {
      leave({ line, ...own })
      continue
    }
    said.fields = own
    const match = matchOf(known, said, keys)
    // In a check nothing is written that a later line could find: the table itself tells who was in it before. What was left out is no customer yet.
    const above = first !== null && !left.has(first) ? first : null
    const twin = dry && above !== null
    const isThere = match !== null || twin
    const before = isThere ? ((match !== null && match !== 'ambiguous' ? lines.get(match.id) : undefined) ?? above) : null
    const ext = holderOf(known, 'extId', said)
    const missing = missingOwn(said.own, seen)
    // Two rows of one number may be two customers: whoever brought them says which.
    if (before !== null && onMatch === 'skip') leave({ line, code: 'twice', of: before })
    else if (isThere && onMatch === 'skip') skipped.push({ line, code: 'there_already' })
    else if (match === 'ambiguous' && onMatch === 'update') leave({ line, code: 'ambiguous' })
    else if (isThere && onMatch === 'update') {
      if (match === null || match === 'ambiguous') changed++
      else if (!match.mine) leave({ line, code: 'not_yours' })
      else if (ext && ext.id !== match.id) leave({ line, code: 'ext_taken' })
      else {
        const brought = made.get(match.id)
        const closed = guard(said, brought, match.id)
        if (closed !== null) {
          leave({ line, code: closed })
          continue
        }
        changed++
        // A later line may change what an earlier one brings: it is brought changed.
        if (brought) made.set(match.id, merged(brought, said))
        else changes.set(match.id, merged(changes.get(match.id), said))
        if (said.extId && !ext) learn(known, { ...said, number: '' }, match, [])
      }
    } else if (holderOf(known, 'number', said) || (twin && onMatch === 'new' && said.number)) leave({ line, code: 'number_taken' })
    else if (ext) leave({ line, code: 'ext_taken' })
    else if (missing) leave({ line, ...missing })
    else if (hasMasked(said)) leave({ line, code: 'masked' })
    else {
      made.set(said.id, said)
      lines.set(said.id, line)
      learn(known, said, { id: said.id, name: said.name, mine: true }, keys)
    }
  }
  if (dry) return { made: made.size, changed, skipped, problems: wrong }
  const zone = [...made.values(), ...changes.values()].some(one => one.since !== '') ? await zoneOf(ctx) : 'UTC'
  if (made.size > 0) {
    await insertAll(ctx, [...made.values()], zone)
    await tiersBrought(ctx, 'import', [...made.values()])
    await keepCarers(
      ctx,
      [...made].flatMap(([id, { carerIds }]) => carerIds.map(userId => ({ id, userId }))),
    )
  }
  const were: Changed[] = changes.size > 0 ? await changeAll(ctx, changes, zone) : []
  return { made: made.size, changed, skipped, problems: wrong, memory: { made: [...made.keys()], changed: were } }
}

const texts = [
  'name',
  'number',
  'extId',
  'phone',
  'phoneTyped',
  'phone2',
  'phone2Typed',
  'email',
  'district',
  'address',
  'postCode',
] as const
const more = ['note', 'ownerId', 'since'] as const

/** What a table leaves empty stays as it was. */
function merged(before: Brought | undefined, after: Brought): Brought {
  if (!before) return after
  const next = { ...before }
  for (const key of [...texts, ...more]) if (after[key] !== '') next[key] = after[key]
  if (hasParts(after) || after.address !== '') for (const part of parts) next[part] = after[part]
  if (after.kind !== '') next.kind = after.kind
  if (after.tier !== '') next.tier = after.tier
  if (after.tags.length > 0) next.tags = after.tags
  next.fields = { ...before.fields, ...after.fields }
  next.carerIds = [...new Set([...before.carerIds, ...after.carerIds])].filter(id => id !== next.ownerId)
  // What was the second number becomes the first: it stands once.
  if (next.phone2 !== '' && next.phone2 === next.phone) {
    next.phone2 = ''
    next.phone2Typed = ''
  }
  return { ...next, search: searchText(next) }
}

async function zoneOf(ctx: Ctx): Promise<string> {
  const { rows } = await sql<{ timezone: string }>`select timezone from identity.fact_tenant where tenant_id = ${ctx.tenantId}`.execute(
    ctx.db,
  )
  return rows[0]?.timezone ?? 'UTC'
}
