import type { Calendar } from '#kernel/calendar.ts'
import type { Pair } from './centre.ts'
import type { Dice } from './dice.ts'
import type { Ids, Language, Say } from './furnishing.ts'
import { type Area, areas, firstSigns, known, lastSigns, organisations, surnames } from './words/people.ts'

export type Customer = {
  id: string
  number: string
  name: string
  kind: 'person' | 'organisation'
  tier: 'normal' | 'silver' | 'gold' | 'key'
  /** E.164; all with 0000 in the middle, which nobody has. */
  phone: string
  email: string | null
  area: Area
  place: string
  care: string[]
  tags: string[]
  note: string
  balanceDue: number
  since: Date
  lastContactAt: Date | null
}

/** What stands still while a year of history passes by. */
export type World = {
  tenantId: string
  language: Language
  say: Say
  ids: Ids
  now: Date
  /** When the history begins. */
  first: Date
  calendars: { office: Calendar; web: Calendar; always: Calendar }
  customers: readonly Customer[]
  byArea: ReadonlyMap<Area, Customer[]>
}

const prefixes = [
  '138',
  '139',
  '135',
  '136',
  '137',
  '150',
  '158',
  '159',
  '186',
  '187',
  '188',
  '131',
  '132',
  '133',
  '177',
  '180',
  '181',
  '189',
]
const phoneOf = (n: number) => `+86${prefixes[Math.floor(n / 10_000) % prefixes.length]}0000${String(n % 10_000).padStart(4, '0')}`
const day = 86_400_000

export function customersOf(dice: Dice, language: Language, say: Say, count: number, first: Date): Customer[] {
  const made: Customer[] = known.map((k, n) => {
    const area = areas[k.area] ?? dice.pick(areas)
    return {
      ...rest(dice, first),
      id: dice.id(new Date(first.getTime() - (3000 - n) * day)),
      number: k.number,
      name: say(k.name),
      kind: k.kind,
      tier: k.tier,
      phone: `+861380000${k.phone}`,
      email: null,
      area,
      place: joined(language, say(area.name), say(k.house)),
      care: k.care ?? [],
    }
  })
  // Numbers climb by uneven steps and stay below those of the customers known by name; telephones start behind theirs.
  for (let n = 0, number = 1_010_000_000; n < count - known.length; n++) {
    number += dice.int(1, 9)
    made.push(someone(dice, language, say, number, n + 10_000, first))
  }
  return made
}

function someone(dice: Dice, language: Language, say: Say, number: number, phone: number, first: Date): Customer {
  const area = dice.pick(areas)
  const isOrganisation = dice.chance(0.06)
  const base = rest(dice, first)
  return {
    ...base,
    id: dice.id(base.since),
    number: String(number),
    name: isOrganisation ? joined(language, say(area.name), say(dice.pick(organisations))) : nameOf(dice, language, say),
    kind: isOrganisation ? 'organisation' : 'person',
    tier: isOrganisation
      ? dice.weigh([
          ['normal', 5],
          ['gold', 2],
          ['key', 3],
        ] as const)
      : dice.weigh([
          ['normal', 80],
          ['silver', 13],
          ['gold', 6],
          ['key', 1],
        ] as const),
    phone: phoneOf(phone),
    email: dice.chance(0.35) ? `u${number}@example.com` : null,
    area,
    place: joined(language, say(area.name), say(houseOf(dice, area, isOrganisation))),
    care: isOrganisation
      ? []
      : dice.weigh([
          [[], 88],
          [['elderly'], 6],
          [['infant'], 4],
          [['disabled'], 1],
          [['medical'], 1],
        ] as [string[], number][]),
  }
}

function rest(dice: Dice, first: Date) {
  const bore = dice.weigh([
    ['DN15', 6],
    ['DN20', 3],
    ['DN25', 1],
  ] as const)
  return {
    tags: [`${bore}`, ...(dice.chance(0.4) ? ['NB-IoT'] : [])],
    note: '',
    balanceDue: dice.chance(0.12) ? dice.int(20, 420) * 100 + dice.int(0, 99) : 0,
    since: new Date(first.getTime() - dice.int(2, 3600) * day - dice.int(0, day)),
    lastContactAt: null,
  }
}

export function nameOf(dice: Dice, language: Language, say: Say): string {
  const surname = dice.weigh(surnames)
  const last = dice.pick(lastSigns)
  const first = dice.chance(0.82) ? dice.pick(firstSigns) : null
  if (language === 'zh') return `${surname[0]}${first ? first[0] : ''}${last[0]}`
  const given = first ? `${first[1]}${last[1]}` : `${last[1].charAt(0).toUpperCase()}${last[1].slice(1)}`
  return `${say(surname)} ${given}`
}

function houseOf(dice: Dice, area: Area, isOrganisation: boolean): Pair {
  if (area.street || isOrganisation) {
    const n = dice.int(1, 180)
    return [`${n} 号`, `No. ${n}`]
  }
  const [building, staircase, flat] = [dice.int(1, 18), dice.int(1, 3), dice.int(1, 18) * 100 + dice.int(1, 4)]
  return [`${building} 幢 ${staircase} 单元 ${flat}`, `Building ${building}, ${staircase}-${flat}`]
}

const joined = (language: Language, area: string, house: string) => (language === 'zh' ? `${area} ${house}` : `${area}, ${house}`)

/** Fills {slots} of a saying. */
export const filled = (text: string, slots: Record<string, string>) => text.replace(/\{(\w+)\}/g, (_, key: string) => slots[key] ?? '')

export const after = (at: Date, seconds: number) => new Date(at.getTime() + Math.round(seconds) * 1000)
