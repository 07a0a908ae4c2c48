/** GSM 03.38: the place in the table is the code; the escape leads to the second table. */
const leap = '\u001b'
const basic = `@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ${leap}ÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà`
const extended: Readonly<Record<string, number>> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
}

const codesOf = (c: string): number[] | null => {
  const second = extended[c]
  if (second !== undefined) return [0x1b, second]
  const first = c === leap ? -1 : basic.indexOf(c)
  return first < 0 ? null : [first]
}

/** Null: not all of it can be said in this alphabet. */
export function gsm7(text: string): number[][] | null {
  const codes: number[][] = []
  for (const c of text) {
    const code = codesOf(c)
    if (!code) return null
    codes.push(code)
  }
  return codes
}

/** A short message in the alphabet it needs: characters as they are counted, and how many parts it takes. */
export function segmentsOf(text: string): { encoding: 'gsm7' | 'ucs2'; length: number; segments: number } {
  const { encoding, parts } = partsOf(text)
  const units = parts.reduce((n, part) => n + part.length, 0)
  return { encoding, length: encoding === 'ucs2' ? units / 2 : units, segments: parts.length }
}

/** The bytes of each part: one alone has 140 octets, one of several leaves room for its header. No character is cut in two. */
export function partsOf(text: string): { encoding: 'gsm7' | 'ucs2'; parts: Buffer[] } {
  const codes = gsm7(text)
  const [encoding, whole, several] = codes ? (['gsm7', 160, 153] as const) : (['ucs2', 140, 134] as const)
  const units = codes ? codes.map(c => Buffer.from(c)) : [...text].map(c => Buffer.from(c, 'utf16le').swap16())
  const size = units.reduce((n, u) => n + u.length, 0)
  if (size <= whole) return { encoding, parts: [Buffer.concat(units)] }
  const parts: Buffer[][] = [[]]
  let room: number = several
  for (const unit of units) {
    if (unit.length > room) {
      parts.push([])
      room = several
    }
    parts.at(-1)?.push(unit)
    room -= unit.length
  }
  return { encoding, parts: parts.map(part => Buffer.concat(part)) }
}
