import type { FoundWhy } from '#contract/finding.ts'
import { emailShown, phoneShown, type Shows } from '../masking/showing.ts'
import type { Exact } from './exact.ts'
import { readingsOf, type Unit, unitsOf, wholeOf } from './spelling.ts'

type Named = { name: string; district: string; address: string }

/** What is typed stands at the beginning or at the end; of what is masked only the end is shown. */
export function whyExact({ by, text, typed, kind }: Exact, shows: Shows): FoundWhy {
  const shown = (by === 'phone' || by === 'lastFour' ? phoneShown(shows, text) : by === 'email' ? emailShown(shows, text) : text) ?? ''
  const [from, to] =
    by === 'phone' || by === 'lastFour'
      ? [Math.max(0, shown.length - 4), shown.length]
      : by === 'email'
        ? [0, 0]
        : text.toLowerCase().startsWith(typed.toLowerCase())
          ? [0, typed.length]
          : [text.length - typed.length, text.length]
  return { by, text: shown, from, to, kind: kind ? [kind[0], kind[1]] : null }
}

/** Whoever was found by words: in the name as written, in how it is read, or in the address. */
export function whyByWords({ name, district, address }: Named, q: string): FoundWhy {
  const runs = (q.normalize('NFKC').match(/\p{Script=Han}+|[[\p{L}\p{N}\p{M}]--\p{Script=Han}]+/gv) ?? []).map(run => run.toLowerCase())
  const place = [district, address].filter(Boolean).join(' ')
  const tries: [FoundWhy['by'], string, [number, number] | null][] = [
    ['name', name, written(name, runs)],
    ['pinyin', name, spoken(name, q) ?? runs.reduce<[number, number] | null>((seen, run) => seen ?? spoken(name, run), null)],
    ['address', place, written(place, runs)],
  ]
  const [by, text, at] = tries.find(([, , where]) => where !== null) ?? ['name', name, [0, 0]]
  return { by, text, from: at?.[0] ?? 0, to: at?.[1] ?? 0, kind: null }
}

/** The first of the runs that stands there. Words are found by their beginning. */
function written(text: string, runs: readonly string[]): [number, number] | null {
  const plain = text.toLowerCase()
  for (const run of runs) {
    const at = /^\p{Script=Han}/u.test(run)
      ? plain.indexOf(run)
      : plain.search(new RegExp(`(?<![[\\p{L}\\p{N}]--\\p{Script=Han}])${run}`, 'v'))
    if (at >= 0) return [at, at + run.length]
  }
  return null
}

/** Which signs of the name are read so, in full or by their initials. */
export function spoken(name: string, q: string): [number, number] | null {
  const typed = wholeOf(q).replaceAll('ü', 'v')
  if (!/^\p{L}/u.test(typed) || /\p{Script=Han}/u.test(typed) || name.normalize('NFKC').length !== name.length) return null
  const units = unitsOf(name)
  for (const way of readingsOf(units))
    for (let from = 0; from < way.length; from++) {
      const count = inFull(way, from, typed) ?? byInitials(way, from, typed)
      if (count !== null) return reach(units, from, count)
    }
  return null
}

function inFull(way: readonly string[], from: number, typed: string): number | null {
  let said = ''
  for (let n = from; n < way.length; n++) {
    said += way[n]
    if (said.startsWith(typed)) return n - from + 1
    if (!typed.startsWith(said)) break
  }
  return null
}

function byInitials(way: readonly string[], from: number, typed: string): number | null {
  const initials = way.slice(from).map(said => said.slice(0, 1))
  if (initials.join('').startsWith(typed)) return typed.length
  const first = way[from] ?? ''
  const rest = typed.startsWith(first) ? typed.slice(first.length) : null
  return from === 0 && rest && initials.slice(1).join('').startsWith(rest) ? 1 + rest.length : null
}

function reach(units: readonly Unit[], from: number, count: number): [number, number] {
  const last = units[Math.min(units.length, from + count) - 1]
  return [units[from]?.at ?? 0, last ? last.at + last.text.length : 0]
}
