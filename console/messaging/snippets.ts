import { type Conversation, cannedAnswers } from '#contract/messaging.ts'
import { tickets } from '#contract/tickets.ts'
import { useMe } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { language, nameOf } from '../kit/words.ts'
import type { Facts } from './placeholders.ts'
import { fitting, type Snippet } from './rules.ts'

/** Canned answers for what was typed after `/`; null asks for none. One's own word goes before the team's, and that before everyone's. */
export function useSnippets(word: string | null): readonly Snippet[] {
  const { data } = useFetch(cannedAnswers.list, { query: {} }, { staleTime: 300_000 })
  if (word === null || !data) return []
  const nearest = new Map<string, (typeof data)[number]>()
  const rank = (a: (typeof data)[number]) => (a.ownerId ? 2 : a.teamId ? 1 : 0)
  for (const answer of data) {
    const key = answer.shortcut.toLowerCase()
    const other = nearest.get(key)
    if (!answer.retired && (!other || rank(answer) > rank(other))) nearest.set(key, answer)
  }
  return fitting(
    [...nearest.values()].map(a => ({ id: a.id, shortcut: a.shortcut, words: language() === 'en' && a.textEn ? a.textEn : a.text })),
    word,
  )
}

/** What the placeholders of an answer stand for in this talk. The ticket: the one opened from it, else the customer's latest open one. */
export function useFacts(c: Conversation, asked: boolean): Facts {
  const me = useMe()
  const { data } = useFetch(
    tickets.list,
    { query: { customerId: c.customerId ?? '', size: 20 } },
    { enabled: asked && c.customerId !== null, staleTime: 30_000, keep: false },
  )
  const ticket = data?.rows.find(t => t.conversationId === c.id) ?? data?.rows[0]
  return {
    ...(c.customerName ? { customer: c.customerName } : {}),
    ...(me ? { agent: me.user.name, organisation: nameOf(me.tenant) } : {}),
    ...(c.queueName ? { queue: c.queueName } : {}),
    ...(ticket ? { ticket: ticket.number } : {}),
  }
}
