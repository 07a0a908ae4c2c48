import { useSyncExternalStore } from 'react'

export type Language = 'zh' | 'en'
type Word = string | ((...facts: never[]) => string)
type Pair = readonly [zh: string, en: string] | readonly [zh: (...facts: never[]) => string, en: (...facts: never[]) => string]
type Said<P extends Record<string, Pair>> = { readonly [K in keyof P]: P[K][0] extends string ? string : P[K][0] }

const kept = 'huiyin.language'
const hearers = new Set<() => void>()
// What was chosen on this machine, else what the browser speaks.
let current: Language =
  localStorage.getItem(kept) === 'en' || (localStorage.getItem(kept) === null && navigator.language.startsWith('en')) ? 'en' : 'zh'
document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en'

export const language = (): Language => current

/** Whether someone chose here since the page was opened: that is newer than what an account remembers. */
let chosenHere = false
export const isChosenHere = (): boolean => chosenHere

export function setLanguage(next: Language): void {
  chosenHere = true
  current = next
  localStorage.setItem(kept, next)
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  for (const hear of hearers) hear()
}

/** The current language; whoever calls it is drawn again when it changes. */
export const useLanguage = (): Language =>
  useSyncExternalStore(hear => {
    hearers.add(hear)
    return () => {
      hearers.delete(hear)
    }
  }, language)

/** Words in pairs, Chinese first: a missing language is a type error. They are read in the language of the moment. */
export function words<const P extends Record<string, Pair>>(pairs: P): Said<P> {
  const said = {}
  for (const [key, pair] of Object.entries(pairs))
    Object.defineProperty(said, key, { enumerable: true, get: (): Word => pair[current === 'zh' ? 0 : 1] })
  return said as Said<P>
}

/** The name of a row that carries one in each language. */
export const nameOf = (row: { name: string; nameEn?: string | undefined }): string =>
  current === 'en' && row.nameEn ? row.nameEn : row.name

/** A sentence about a refusal, from its facts. */
export type RefusalWords = Record<
  string,
  readonly [zh: string | ((facts: Record<string, unknown>) => string), en: string | ((facts: Record<string, unknown>) => string)]
>
const refusals = new Map<string, RefusalWords[string]>()

/** Every domain's words.ts enters its refusal codes here. */
export function enterRefusals(more: RefusalWords): void {
  for (const [code, pair] of Object.entries(more)) refusals.set(code, pair)
}

const wordsOfAll = import.meta.glob(['../*/words.ts', '../*/*/words.ts'])

/** Domains are loaded when first opened, but any of them may refuse: an unknown code fetches the words of all. */
export async function learnRefusal(code: string): Promise<void> {
  if (!refusals.has(code)) await Promise.allSettled(Object.values(wordsOfAll).map(load => load()))
}

export function refusalText(code: string, facts: Record<string, unknown> = {}): string {
  const pair = refusals.get(code)
  if (!pair) return current === 'zh' ? `没有办成（${code}）` : `That did not work (${code})`
  const word = pair[current === 'zh' ? 0 : 1]
  return typeof word === 'string' ? word : word(facts)
}
