import { fieldFault, filledOnly, isEmptyValue } from '#contract/forms.ts'
import type { CustomerRecord, RecordItem, RecordKind } from '#contract/records.ts'
import type { Wrong } from '#kernel/batch.ts'
import { recordNumber } from './rules.ts'

/** A record as it stands, or will. */
export type State = CustomerRecord
/** What an item names, looked up: undefined is what nobody knows. */
export type Around = { kind: RecordKind | undefined; customerId: string | undefined; now: Date }

const told = ['number', 'extId', 'note', 'since', 'endedAt', 'customerId'] as const

/** What an item makes of a record, and which of its fields that changes; what it does not say stays. Pure. */
export function applied(
  before: State | null,
  id: string,
  item: RecordItem,
  { kind, customerId, now }: Around,
): { after: State; fields: string[] } | Wrong {
  if (!kind) return { code: 'record_kind.not_found', field: item.kindId ? 'kindId' : 'kindCode' }
  if (before === null && kind.retired) return { code: 'record_kind.retired', field: 'kindId' }
  const owner = customerId ?? before?.customerId
  if (owner === undefined) return { code: 'record.customer_missing', field: 'customerNumber' }
  const number = item.number === undefined ? (before?.number ?? '') : recordNumber(item.number)
  if (number === '') return { code: 'record.number_missing', field: 'number' }
  const sent = item.fields ?? {}
  const fields = filledOnly({ ...before?.fields, ...sent })
  // What stands there since before the form was changed is not the fault of whoever changes something else.
  const fault = before
    ? fieldFault(
        kind.fields.filter(field => field.key in sent),
        sent,
      )
    : fieldFault(kind.fields, sent)
  if (fault) return { code: 'record.field_invalid', field: `fields.${fault.field}` }
  const after: State = {
    id,
    kindId: kind.id,
    customerId: owner,
    number,
    extId: item.extId ?? before?.extId ?? null,
    fields,
    note: item.note ?? before?.note ?? '',
    since: item.since ? new Date(item.since) : (before?.since ?? now),
    endedAt: item.endedAt === undefined ? (before?.endedAt ?? null) : item.endedAt === null ? null : new Date(item.endedAt),
    version: before?.version ?? 1,
  }
  if (after.endedAt !== null && after.endedAt < after.since) return { code: 'record.ended_before_it_began', field: 'endedAt' }
  return { after, fields: before === null ? [] : changedIn(before, after) }
}

export const changedIn = (before: State, after: State): string[] => [
  ...told.filter(key => String(before[key]) !== String(after[key])),
  ...[...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])].filter(key =>
    isEmptyValue(after.fields[key]) ? !isEmptyValue(before.fields[key]) : after.fields[key] !== before.fields[key],
  ),
]
