import type { DuplicateReason } from '#contract/duplicates.ts'
import { pinyinOf } from '../pinyin.ts'

/** A file as it is compared. After a merging it holds the names and addresses of all its files. */
export type Compared = {
  kind: 'person' | 'organisation'
  names: readonly string[]
  addresses: readonly string[]
  /** Telephone numbers, addresses and accounts under which the customer is recognised. */
  contacts: readonly { kind: 'phone' | 'email' | 'wechat' | 'web'; value: string }[]
  /** Numbers of things, of the file itself and of other systems. */
  codes: readonly string[]
}
export type Likeness = { score: number; reasons: DuplicateReason[] }

/** Below this a pair is not worth a person's look. */
export const leastScore = 50
const worth: Record<DuplicateReason, number> = {
  phone: 55, email: 55, wechat: 55, web: 55, code: 50,
  name: 30, said: 28, nearName: 20,
  address: 30, nearAddress: 22,
} // biome-ignore format: as a table
/** A person and an organisation are rarely one customer: the telephone may be that of the shop. */
const otherKind = 25

/** How much two files look like one customer's, and why; null when too little. */
export function likeness(a: Compared, b: Compared): Likeness | null {
  const alike = resemblance(a, b)
  return alike.score >= leastScore ? alike : null
}

/** The same, however little it is. */
export function resemblance(a: Compared, b: Compared): Likeness {
  const reasons: DuplicateReason[] = []
  for (const kind of ['phone', 'email', 'wechat', 'web'] as const)
    if (a.contacts.some(one => one.kind === kind && b.contacts.some(other => other.kind === kind && other.value === one.value)))
      reasons.push(kind)
  if (a.codes.some(code => b.codes.includes(code))) reasons.push('code')
  const name = best(['name', 'said', 'nearName'], a.names, b.names, (x, y) => nameLikeness(x, y, a.kind === 'organisation'))
  if (name) reasons.push(name)
  const address = best(['address', 'nearAddress'], a.addresses, b.addresses, addressLikeness)
  if (address) reasons.push(address)
  const score = Math.min(99, reasons.reduce((sum, reason) => sum + worth[reason], 0) - (a.kind === b.kind ? 0 : otherKind))
  return { score, reasons }
}

function best<R extends string>(
  order: readonly R[],
  these: readonly string[],
  those: readonly string[],
  like: (a: string, b: string) => R | null,
): R | null {
  const found = new Set(these.flatMap(a => those.map(b => like(a, b))))
  return order.find(one => found.has(one)) ?? null
}

const plainOf = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
/** What every second organisation is called. */
const legal = /(?:股份|集团|有限责任|有限)*公司$|(?:inc|ltd|llc|co)$/u
export const plainName = (name: string): string =>
  plainOf(name)
    .replace(/(?:先生|女士|小姐)$/u, '')
    .replace(legal, '') || plainOf(name)

export function nameLikeness(a: string, b: string, organisation = false): 'name' | 'said' | 'nearName' | null {
  const [x, y] = [plainName(a), plainName(b)]
  if (x === '' || y === '') return null
  if (x === y) return 'name'
  // One sign alone is a surname, which half a street shares.
  if ([...x].length < 2 || [...y].length < 2) return null
  if (pinyinOf(x) === pinyinOf(y)) return 'said'
  if (organisation) return dice(x, y) >= 0.75 ? 'nearName' : null
  return oneSignApart(x, y) ? 'nearName' : null
}

/** Of three signs and more: 王芳 and 王伟 are two people, 欧阳建国 and 欧阳建围 may be a slip of the pen. */
function oneSignApart(x: string, y: string): boolean {
  const [a, b] = [[...x], [...y]]
  return a.length === b.length && a.length >= 3 && a.filter((sign, n) => sign !== b[n]).length === 1
}

const units = /号楼|单元|[幢栋座号室层楼门户弄]/gu
export type ReadAddress = { text: string; numbers: string[] }
/** The letters of an address without its units, and its numbers in their order: 海棠里3幢2单元901 is 海棠里 and 3, 2, 901. */
export function readAddress(address: string): ReadAddress {
  const plain = address.normalize('NFKC').toLowerCase()
  return {
    text: plain
      .replaceAll(/\p{N}+/gu, '')
      .replaceAll(units, '')
      .replaceAll(/[^\p{L}]/gu, ''),
    numbers: [...plain.matchAll(/\d+/g)].map(([digits]) => digits.replace(/^0+(?=\d)/, '')),
  }
}

export function addressLikeness(a: string, b: string): 'address' | 'nearAddress' | null {
  const [x, y] = [readAddress(a), readAddress(b)]
  if (x.text === '' || y.text === '' || !numbersAgree(x.numbers, y.numbers)) return null
  const close = Math.max(dice(x.text, y.text), within(x.text, y.text) ? 0.9 : 0)
  // Without a single number it is a street or a village, not a home.
  if (x.numbers.length === 0) return close >= 0.9 && Math.min(x.text.length, y.text.length) >= 6 ? 'nearAddress' : null
  if (close >= 0.9) return x.numbers.length === y.numbers.length ? 'address' : 'nearAddress'
  return close >= 0.5 ? 'nearAddress' : null
}

/** The same ones; or the shorter address leaves out those of the street before the house. */
function numbersAgree(a: readonly string[], b: readonly string[]): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (short.length === 0) return long.length === 0
  if (short.length < long.length && short.length < 2) return false
  return short.every((number, n) => number === long[long.length - short.length + n])
}

/** 杭州市西湖区海棠里 ends as 海棠里 does. */
const within = (x: string, y: string) => Math.min(x.length, y.length) >= 3 && (x.endsWith(y) || y.endsWith(x))

/** Of all pairs of neighbouring signs in both, those that both have. */
export function dice(x: string, y: string): number {
  if (x === y) return 1
  const pairs = (text: string) => {
    const signs = [...text]
    return signs.slice(1).map((sign, n) => `${signs[n]}${sign}`)
  }
  const [a, b] = [pairs(x), pairs(y)]
  if (a.length + b.length === 0) return 0
  const left = [...b]
  let shared = 0
  for (const pair of a) {
    const at = left.indexOf(pair)
    if (at < 0) continue
    left.splice(at, 1)
    shared++
  }
  return (2 * shared) / (a.length + b.length)
}

export type MatchKey = { kind: 'phone' | 'email' | 'web' | 'wechat' | 'code' | 'name' | 'said' | 'address'; key: string }
const longest = 200

/** Under what a file is looked for by others: two that share none of these are never compared. */
export function keysOf({ names, addresses, contacts, codes }: Compared): MatchKey[] {
  const keys: MatchKey[] = [
    ...contacts.map(({ kind, value }) => ({ kind, key: value })),
    ...codes.map(key => ({ kind: 'code' as const, key })),
    ...names.flatMap(name => {
      const plain = plainName(name)
      return [...plain].length < 2
        ? []
        : [
            { kind: 'name' as const, key: plain },
            { kind: 'said' as const, key: pinyinOf(plain) },
          ]
    }),
    ...addresses.flatMap(address => {
      const { text, numbers } = readAddress(address)
      return text === '' || numbers.length === 0
        ? []
        : [{ kind: 'address' as const, key: `${text.slice(-2)} ${numbers.slice(-2).join('.')}` }]
    }),
  ]
  const seen = new Map(
    keys.filter(({ key }) => key !== '').map(one => [`${one.kind} ${one.key}`, { ...one, key: one.key.slice(0, longest) }]),
  )
  return [...seen.values()]
}
