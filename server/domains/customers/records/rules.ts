/** A number as it is looked for: full width and half width, spaces and capitals are no difference. */
export const recordNumber = (typed: string): string => typed.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase()

/** By its end a number is known from so many signs on; fewer would find half of the town. */
export const leastOfEnd = 4
