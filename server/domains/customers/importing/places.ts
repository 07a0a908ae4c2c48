export type Place = { province: string; city: string; county: string; street: string; detail: string }
export const parts = ['province', 'city', 'county', 'street', 'detail'] as const
export const hasParts = (place: Place): boolean => parts.some(part => place[part] !== '')

/** One line, as it is written on a letter: 上海市 stands there once, though it is province and city. */
export const lineOf = ({ province, city, county, street, detail }: Place): string =>
  `${province}${city === province ? '' : city}${county}${street}${detail}`

export const placeOf = ({ province, city, county, street, detail }: Place): Place => ({ province, city, county, street, detail })
