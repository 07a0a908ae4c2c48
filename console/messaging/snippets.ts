import { cannedAnswers } from '#contract/messaging.ts'
import { useFetch } from '../kit/data.ts'
import { language } from '../kit/words.ts'
import { fitting, type Snippet } from './rules.ts'

/** Canned answers for what was typed after `/`; null asks for none. */
export function useSnippets(word: string | null): readonly Snippet[] {
  const { data } = useFetch(cannedAnswers.list, { query: {} }, { staleTime: 300_000 })
  if (word === null || !data) return []
  return fitting(
    data.filter(a => !a.retired).map(a => ({ id: a.id, shortcut: a.shortcut, words: language() === 'en' && a.textEn ? a.textEn : a.text })),
    word,
  )
}
