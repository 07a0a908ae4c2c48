import * as z from 'zod'
import { Id, QueryInt, Time, Words } from './endpoint.ts'

/** How another system knows something of ours. */
export const ExtId = Words(100)

export const Did = z.enum(['added', 'changed', 'same'])
export const BatchResult = z.object({
  index: z.int(),
  id: Id.nullable(),
  did: Did.nullable(),
  /** Why it was refused, and which field is to blame. */
  code: z.string().nullable(),
  field: z.string().nullable(),
})
export type BatchResult = z.output<typeof BatchResult>

/** Up to a thousand at once. Each is read by itself, so that one that is wrong refuses no other. */
export const batchOf = <S extends z.ZodType>(Item: S) =>
  z.object({
    items: z
      .array(z.union([Item, z.record(z.string(), z.unknown())]))
      .min(1)
      .max(1000),
  })
export const BatchReply = z.object({ results: z.array(BatchResult), added: z.int(), changed: z.int(), same: z.int(), refused: z.int() })
export type BatchReply = z.output<typeof BatchReply>

/** An item is read twice, so its instants stay as they are written. */
export const BatchTime = z.iso.datetime({ offset: true }).refine(text => Time.safeParse(text).success)

/** Whose something is: one of these says it. */
export const customerNamed = {
  customerId: Id.optional(),
  customerNumber: Words(40).optional(),
  customerExtId: ExtId.optional(),
}

export const feedQuery = z.object({
  after: z.string().max(200).optional(),
  size: QueryInt.pipe(z.int().min(1).max(1000)).optional(),
})
export const feedOf = <S extends z.ZodType>(Row: S) =>
  z.object({
    rows: z.array(Row),
    /** Ask with it again, now when there is `more`, else later. */
    next: z.string(),
    more: z.boolean(),
  })
