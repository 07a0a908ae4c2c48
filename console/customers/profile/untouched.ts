import { type AddressParts, stars } from '#contract/addresses.ts'

export type Values = AddressParts & { label: string; main: boolean }

/** What was shown in full for the form alone, and stayed as it was, goes back as the page has it: whatever it is by now, nobody changed it here. */
export function untouched(values: Values, began: AddressParts, page: AddressParts | undefined): Values {
  const part = (key: 'street' | 'detail') => (page?.[key] === stars && values[key] === began[key] ? stars : values[key])
  return { ...values, street: part('street'), detail: part('detail') }
}
