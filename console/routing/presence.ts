import { useEffect } from 'react'
import * as z from 'zod'
import { Offer, OwnPresence, presenceReasons, queues, routing, Word } from '#contract/routing.ts'
import { useLive } from '../app/live.ts'
import { useMe } from '../app/me.ts'
import type { ReplyOf } from '../kit/call.ts'
import { keyOf, queryClient, useFetch } from '../kit/data.ts'
import { nameOf } from '../kit/words.ts'

type Mine = ReplyOf<typeof routing.mine>
const key = keyOf(routing.mine, {})
const Ended = z.object({ id: z.string() })

const patch = (change: (mine: Mine) => Mine) => queryClient.setQueryData<Mine>(key, mine => (mine ? change(mine) : mine))
export const showPresence = (presence: OwnPresence): void => {
  patch(mine => ({ ...mine, presence }))
}
export const endRinging = (id: string): void => {
  patch(mine => ({ ...mine, offers: mine.offers.filter(o => o.id !== id) }))
}
export const dropWord = (id: string): void => {
  patch(mine => ({ ...mine, words: mine.words.filter(word => word.id !== id) }))
}

/** Whether something rings now: its keys go before those of the page. */
export const ringsNow = (): boolean => (queryClient.getQueryData<Mine>(key)?.offers.length ?? 0) > 0

function hear(name: string, payload: unknown): void {
  if (name === 'offer.ringing') {
    const offer = Offer.safeParse(payload)
    if (offer.success) patch(mine => ({ ...mine, offers: [...mine.offers.filter(o => o.id !== offer.data.id), offer.data] }))
  } else if (name === 'offer.ended') {
    const ended = Ended.safeParse(payload)
    if (ended.success) endRinging(ended.data.id)
  } else if (name === 'presence.changed') {
    const presence = OwnPresence.safeParse(payload)
    if (presence.success) showPresence(presence.data)
  } else if (name === 'word.said') {
    const word = Word.safeParse(payload)
    if (word.success) patch(mine => ({ ...mine, words: [...mine.words.filter(one => one.id !== word.data.id), word.data] }))
  }
  // A read that began before this knows less and would take the ringing card away again.
  if (queryClient.isFetching({ queryKey: key, exact: true }) > 0)
    void queryClient.cancelQueries({ queryKey: key, exact: true }).then(() => queryClient.invalidateQueries({ queryKey: key, exact: true }))
}

/** My state, my load and what rings for me. Pushed; read again after every reload and every loss of the line, so that no ring is lost. */
export const useMine = (): Mine | undefined => useFetch(routing.mine, {}, { staleTime: 15_000, refetchInterval: 60_000 }).data

/** Hears for the whole console; mounted once. */
export function usePresenceLive(): void {
  const me = useMe()
  useLive(me ? `user:${me.user.id}` : null, hear)
  const offers = useMine()?.offers
  useEffect(() => {
    // A push that was lost must not leave a card standing.
    const last = Math.max(0, ...(offers ?? []).map(o => o.deadline.getTime()))
    if (last === 0) return
    const timer = setTimeout(() => void queryClient.invalidateQueries({ queryKey: key }), Math.max(1_500, last - Date.now() + 2_500))
    return () => clearTimeout(timer)
  }, [offers])
}

export const useReasons = () => useFetch(presenceReasons.list, { query: {} }, { staleTime: 300_000 }).data?.filter(r => !r.retired) ?? []
/** `otherwise`: what to say of a queue that is not in the list. Nothing is said before the list is there: it would be in the wrong language. */
export function useQueueName(): (id: string | null, otherwise?: string | null) => string {
  const { data, isPending } = useFetch(queues.list, { query: { retired: true } }, { staleTime: 300_000 })
  return (id, otherwise) => {
    const queue = data?.find(q => q.id === id)
    if (queue) return nameOf(queue)
    return isPending ? '' : (otherwise ?? '')
  }
}
