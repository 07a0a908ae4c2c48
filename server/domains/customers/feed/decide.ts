import type { BatchItem } from '#contract/customerFeed.ts'
import type { Customer } from '#contract/customers.ts'
import type { FormValues } from '#contract/forms.ts'
import type { OwnFieldShown } from '#contract/ownFields.ts'
import type { Wrong } from '#kernel/batch.ts'
import { type Shows, sentBack } from '../masking/showing.ts'
import { ownChange } from '../own/change.ts'
import { emailAddress, phoneNumber } from '../rules.ts'

const plain = ['name', 'kind', 'tier', 'address', 'district', 'postCode', 'note', 'tags', 'care'] as const
/** A customer as it stands, or will. */
export type State = Pick<Customer, 'id' | 'number' | 'phone' | 'email' | 'version' | (typeof plain)[number]> & {
  extId: string | null
  phoneTyped: string | null
  fields: FormValues
}
/** Who comes in by this item. */
export const newcomer = (id: string, { number = '', extId = null }: { number?: string | undefined; extId?: string | null | undefined }): State => ({
  id, number, extId, name: '', kind: 'person', tier: 'normal', phone: null, phoneTyped: null, email: null,
  address: '', district: '', postCode: '', note: '', tags: [], care: [], fields: {}, version: 0,
}) // biome-ignore format: one line per thing

/** What an item makes of a customer, and which of its fields that changes; what it does not say stays. */
export function applied(
  before: State,
  item: BatchItem,
  own: readonly OwnFieldShown[],
  shows: Shows,
): { after: State; fields: string[] } | Wrong {
  // What is masked in our replies may come back as it was; who does not see it does not write it, but for whoever comes in.
  const isWritten = (key: 'phone' | 'email' | 'address') => item[key] !== undefined && !sentBack(shows, key, item[key], before[key])
  const closed = (['phone', 'email', 'address'] as const).find(key => before.version > 0 && shows(key) === 'hidden' && isWritten(key))
  if (closed) return { code: 'customer.field_hidden', field: closed }
  const keepsPlace = before.version > 0 && shows('address') === 'hidden'
  const after: State = { ...before }
  for (const key of plain)
    if (item[key] !== undefined && (key !== 'address' || isWritten('address')) && (key !== 'postCode' || !keepsPlace))
      Object.assign(after, { [key]: item[key] })
  if (after.name === '') return { code: 'customer.name_missing', field: 'name' }
  if (item.extId !== undefined) after.extId = item.extId
  if (item.phone !== undefined && isWritten('phone')) {
    const phone = item.phone ? phoneNumber(item.phone) : null
    if (item.phone && phone === null) return { code: 'customer.phone_invalid', field: 'phone' }
    if (phone !== before.phone) Object.assign(after, { phone, phoneTyped: phone === null ? null : item.phone })
  }
  if (isWritten('email') && item.email?.includes('***@')) return { code: 'customer.email_invalid', field: 'email' }
  if (item.email !== undefined && isWritten('email')) after.email = item.email === null ? null : emailAddress(item.email)
  const change = ownChange(own, before.fields, item.own ?? {})
  if ('code' in change) return { code: change.code, field: `own.${change.fault.field}` }
  after.fields = change.after
  const told = [...plain, 'phone', 'email', 'extId'] as const
  const fields = told.filter(key => String(after[key] ?? '') !== String(before[key] ?? ''))
  return { after, fields: [...fields, ...(change.keys.length > 0 ? ['own'] : [])] }
}
