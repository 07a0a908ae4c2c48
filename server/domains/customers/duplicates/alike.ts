import { sql } from 'kysely'
import type * as z from 'zod'
import type { AlikeFile, DuplicateReason, duplicates } from '#contract/duplicates.ts'
import type { Ctx } from '#kernel/work.ts'
import { byIdentity } from '../finding/exact.ts'
import { shownTo, showsOf } from '../masking/showing.ts'
import { onlySeen, visibleCustomers } from '../queries.ts'
import { emailAddress, phoneNumber } from '../rules.ts'
import { factsOf, meeting, mostHolders } from './finding.ts'
import { face } from './queries.ts'
import { type Compared, keysOf, leastScore, resemblance } from './rules.ts'

/** Beside a form nobody reads more. */
const most = 5
/** The same number is worth a look whoever it is: a person's telephone may be that of the shop. */
const sure: readonly DuplicateReason[] = ['phone', 'email', 'code']

/** Who stands in the archive already, of what is typed about somebody new. Reads a bounded number of files, each by an index. */
export async function alikeFiles(ctx: Ctx, given: z.output<typeof duplicates.alike.query>): Promise<AlikeFile[]> {
  const phone = given.phone ? phoneNumber(given.phone) : null
  const email = given.email ? emailAddress(given.email) : null
  const described: Compared = {
    kind: given.kind ?? 'person',
    names: given.name ? [given.name] : [],
    addresses: given.address ? [given.address] : [],
    contacts: [...(phone ? [{ kind: 'phone' as const, value: phone }] : []), ...(email ? [{ kind: 'email' as const, value: email }] : [])],
    codes: given.number ? [given.number] : [],
  }
  const ids = await metBy(ctx, described)
  if (ids.length === 0) return []
  const files = await visibleCustomers(ctx).select(face).where(sql<boolean>`id = any(${ids}::uuid[])`).execute()
  const [facts, shows] = await Promise.all([
    factsOf(
      ctx,
      files.map(file => file.id),
    ),
    showsOf(ctx),
  ])
  return files
    .flatMap(file => {
      const other = facts.get(file.id)
      const alike = other && resemblance(described, other)
      if (!alike || (alike.score < leastScore && !alike.reasons.some(reason => sure.includes(reason)))) return []
      return [{ file, ...alike }]
    })
    .sort((a, b) => b.score - a.score || (b.file.lastContactAt?.getTime() ?? 0) - (a.file.lastContactAt?.getTime() ?? 0))
    .slice(0, most)
    .map(({ file, reasons }) => ({ ...shownTo(shows, reasons.includes('phone') ? { ...file, phone } : file), reasons }))
}

/** Telephones and mails by what identifies a customer now; all else by what files are met under, which is written a moment after them. */
async function metBy(ctx: Ctx, described: Compared): Promise<string[]> {
  const cut = { most: mostHolders, seen: onlySeen(ctx) }
  const contacts = described.contacts.flatMap(({ kind, value }) =>
    kind === 'phone' || kind === 'email' ? [byIdentity(ctx, kind, value, cut)] : [],
  )
  const keys = keysOf({ ...described, contacts: [] }).map(key => ({ of: nobody, ...key }))
  const [same, met] = await Promise.all([Promise.all(contacts), meeting(ctx, keys)])
  return [...new Set([...same.flat().map(one => one.id), ...met.map(one => one.otherId)])]
}

/** Who is described has no file yet. */
const nobody = '00000000-0000-0000-0000-000000000000'
