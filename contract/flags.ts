import * as z from 'zod'
import { get, Id, QueryIds, Words } from './endpoint.ts'

const Day = z.iso.date()

export const FlagLevel = z.enum(['info', 'warn', 'bad'])
export const NewFlag = z.object({
  level: FlagLevel,
  name: Words(20),
  nameEn: z.string().trim().max(40).default(''),
  since: Day.optional(),
  until: Day.nullable().default(null),
  source: z.string().trim().max(40).default(''),
})
export const Flag = z.object({
  customerId: Id,
  code: z.string(),
  level: FlagLevel,
  name: z.string(),
  nameEn: z.string(),
  since: Day,
  until: Day.nullable(),
  source: z.string(),
})
export type Flag = z.output<typeof Flag>

/** Asked for with every customer that is shown: the desk loads nothing else of what the books say. */
export const customerFlags = {
  flags: get('/customers/flags', {
    query: z.object({ ids: QueryIds }),
    reply: z.array(Flag),
    may: 'customer:read',
    says: 'Marks on these customers (at most 100), the gravest first.',
  }),
}
