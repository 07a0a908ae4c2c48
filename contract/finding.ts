import * as z from 'zod'
import { ListedCustomer } from './customers.ts'
import { get, QueryInt, Words } from './endpoint.ts'

export const FoundBy = z.enum(['number', 'phone', 'lastFour', 'email', 'wechat', 'extId', 'record', 'name', 'pinyin', 'address'])
export type FoundBy = z.output<typeof FoundBy>

/** Why somebody was found: what it says there, and which of its signs were typed. */
export const FoundWhy = z.object({
  by: FoundBy,
  text: z.string(),
  from: z.int(),
  to: z.int(),
  /** What kind of thing has the number, in both languages. */
  kind: z.tuple([z.string(), z.string()]).nullable(),
})
export type FoundWhy = z.output<typeof FoundWhy>
export const FoundCustomer = ListedCustomer.extend({ why: FoundWhy })
export type FoundCustomer = z.output<typeof FoundCustomer>

export const finding = {
  find: get('/customers/find', {
    query: z.object({ q: Words(100), size: QueryInt.pipe(z.int().min(1).max(20)).optional() }),
    reply: z.array(FoundCustomer),
    may: 'customer:read',
    says: 'As you type: the ten best by part of a name (also in pinyin or initials), number, telephone or its last four digits, address, or the number of something they have, and why each was found.',
  }),
}
