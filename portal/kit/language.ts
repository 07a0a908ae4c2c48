export type Language = 'zh' | 'en'

const kept = 'huiyin:language'
const read = (): string | null => {
  try {
    return localStorage.getItem(kept)
  } catch {
    return null
  }
}

/** What the reader chose before, else what the address asks for, else what the browser speaks. */
export function firstLanguage(): Language {
  const wanted = read() ?? new URLSearchParams(location.search).get('lang') ?? navigator.language
  return wanted.startsWith('zh') ? 'zh' : 'en'
}

let language: Language = firstLanguage()
const listeners: (() => void)[] = []

export const currentLanguage = (): Language => language
export const onLanguage = (listener: () => void): void => {
  listeners.push(listener)
}

export function chooseLanguage(next: Language): void {
  language = next
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  try {
    localStorage.setItem(kept, next)
  } catch {
    // A browser that keeps nothing asks again next time.
  }
  for (const listener of listeners) listener()
}

type Pair<T> = readonly [zh: T, en: T]

/** A word per language, so that a missing one is a type error: `words({ send: ['发送', 'Send'] }).send`. */
export function words<const W extends Record<string, Pair<unknown>>>(pairs: W): { readonly [K in keyof W]: W[K][0] | W[K][1] } {
  return new Proxy(pairs, { get: (all, key) => (typeof key === 'string' ? all[key]?.[language === 'zh' ? 0 : 1] : undefined) }) as never
}
