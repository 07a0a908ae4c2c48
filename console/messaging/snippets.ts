import { cannedAnswers } from '#contract/messaging.ts'
import { useFetch } from '../kit/data.ts'
import { language } from '../kit/words.ts'

export type Snippet = { id: string; shortcut: string; words: string }
const most = 30

/** The `/word` before the caret, at the beginning or after a blank; null when there is none. */
export function tokenAt(text: string, caret: number): { from: number; word: string } | null {
  const match = /(?:^|\s)\/([^\s/]{0,20})$/.exec(text.slice(0, caret))
  return match ? { from: caret - (match[1]?.length ?? 0) - 1, word: match[1] ?? '' } : null
}

/** Shortcuts that begin so first, then those that hold it, then words that hold it. */
export function fitting(all: readonly Snippet[], word: string): Snippet[] {
  const seek = word.toLowerCase()
  const rank = (s: Snippet) => {
    const short = s.shortcut.toLowerCase()
    return short.startsWith(seek) ? 0 : short.includes(seek) ? 1 : s.words.toLowerCase().includes(seek) ? 2 : 3
  }
  return all
    .map(s => ({ s, rank: rank(s) }))
    .filter(r => r.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(r => r.s)
}

/** Canned answers for what was typed after `/`; null asks for none. */
export function useSnippets(word: string | null): readonly Snippet[] {
  const { data } = useFetch(cannedAnswers.list, { query: {} }, { staleTime: 300_000 })
  if (word === null || !data) return []
  return fitting(
    data.filter(a => !a.retired).map(a => ({ id: a.id, shortcut: a.shortcut, words: language() === 'en' && a.textEn ? a.textEn : a.text })),
    word,
  )
}
