import { stars } from '#contract/addresses.ts'

/** Where a ticket of this customer is likely to be. Nobody finds a place of which the road is masked. */
export const placeOf = ({ district, address }: { district: string; address: string }): string =>
  address.includes(stars) ? district : `${district} ${address}`.trim()
