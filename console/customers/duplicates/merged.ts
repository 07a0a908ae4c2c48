import type { ComparedFile, Comparison, MergeChoice, MergeField } from '#contract/duplicates.ts'

export type Choices = { fields: Partial<Record<MergeField, MergeChoice>>; own: Record<string, 'kept' | 'gone'> }
export const noChoices: Choices = { fields: {}, own: {} }

const isEmpty = (value: unknown) => value === null || value === undefined || value === ''
export const mergeFields = [
  'name',
  'kind',
  'tier',
  'phone',
  'email',
  'address',
  'ownerId',
  'stage',
  'note',
] as const satisfies readonly MergeField[]

/** Whose value stands afterwards: as chosen, else the kept one's, else the other's; both notes. The server decides alike. */
export function sideOf(field: MergeField, { kept, gone }: Comparison, { fields }: Choices): MergeChoice {
  const usual = isEmpty(kept[field]) ? 'gone' : field === 'note' && !isEmpty(gone.note) && gone.note !== kept.note ? 'both' : 'kept'
  return fields[field] ?? usual
}
export const ownSideOf = (key: string, { kept }: Comparison, { own }: Choices): 'kept' | 'gone' =>
  own[key] ?? (isEmpty(kept.fields[key]) ? 'gone' : 'kept')

/** The same words count when the files change places. */
export const swapped = ({ fields, own }: Choices): Choices => {
  const other = { kept: 'gone', gone: 'kept', both: 'both' } as const
  return {
    fields: Object.fromEntries(Object.entries(fields).map(([key, side]) => [key, other[side]])),
    own: Object.fromEntries(Object.entries(own).map(([key, side]) => [key, other[side] === 'gone' ? 'gone' : 'kept'])),
  }
}

/** Those that either file fills in. */
export const ownFilled = ({ own, kept, gone }: Comparison): Comparison['own'] =>
  own.filter(({ key }) => !isEmpty(kept.fields[key]) || !isEmpty(gone.fields[key]))

/** What is shown of a field, in words. */
export const placeOf = ({ district, address, postCode }: ComparedFile) => [district, address, postCode].filter(Boolean).join(' ')
export const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])]
