/** The server counts no further: what stands at the bound may be more. */
const upTo = (most: number) => (n: number) => (n >= most ? `${most}+` : String(n))
export const contactsWord = upTo(50)
export const openWord = upTo(100)
