import { useRouterState } from '@tanstack/react-router'
import { conversations } from '#contract/messaging.ts'
import { notifications } from '#contract/notifications.ts'
import { failedReactions } from '#contract/operations.ts'
import { routing } from '#contract/routing.ts'
import { work } from '#contract/work.ts'
import type { InputOf } from '../kit/call.ts'
import { keyOf, queryClient, useFetch } from '../kit/data.ts'
import { calmly, useFresh, useLive } from './live.ts'
import { useMay, useMe } from './me.ts'

// The desk asks for the same box in the same words, so that both share one answer.
const mine: InputOf<typeof conversations.list> = { query: { box: 'mine', size: 100 } }
const askAgain = calmly(() => void queryClient.invalidateQueries({ queryKey: keyOf(conversations.list, mine) }), 1_000)

const unreadAgain = calmly(() => void queryClient.invalidateQueries({ queryKey: ['notifications'] }), 150)

/** What the bell told me that I have read nowhere; 100 and more are 100. */
export function useUnread(): number {
  const me = useMe()
  const { data } = useFetch(
    notifications.unread,
    {},
    { enabled: me !== undefined && !me.secondFactorDue, staleTime: 30_000, refetchInterval: 120_000 },
  )
  useLive(me ? `user:${me.user.id}` : null, name => {
    if (name.startsWith('bell')) unreadAgain()
  })
  return data?.unread ?? 0
}

/** Customers who wait for my answer. */
export function useDeskCount(): number {
  const me = useMe()
  const may = useMay()
  const atDesk = useRouterState({ select: s => s.location.pathname.startsWith('/desk') })
  const { data } = useFetch(conversations.list, mine, { enabled: may('routing:work'), staleTime: 10_000, refetchInterval: 60_000 })
  // The desk keeps the box in step itself.
  useLive(me && may('routing:work') && !atDesk ? `user:${me.user.id}` : null, askAgain)
  return data?.rows.filter(c => c.replyDue !== null).length ?? 0
}

/** What waits in the boxes of my work. */
export function useWorkCounts() {
  const may = useMay()
  const { data } = useFetch(work.counts, {}, { enabled: may('task:read'), staleTime: 10_000, refetchInterval: 60_000 })
  useFresh('task', 'tasks', 'work')
  useFresh(may('approval:read') ? 'approval' : null, 'approvals', 'work')
  return data ?? { mine: 0, decide: 0, asked: 0, watch: 0, overdue: 0 }
}
/** What waits for me: to do and to decide. */
export function useTaskCount(): number {
  const { mine, decide } = useWorkCounts()
  return mine + decide
}

/** Hands that are up in my teams. */
export function useHandCount(): number {
  const may = useMay()
  const { data } = useFetch(routing.hands, {}, { enabled: may('routing:supervise'), staleTime: 10_000, refetchInterval: 60_000 })
  useFresh(may('routing:supervise') ? 'hand' : null, 'presence')
  return data?.length ?? 0
}

/** Reactions that failed and wait for a decision: an alarm to whoever runs the house. */
export function useFailureCount(): number {
  const may = useMay()
  const operates = may('house:operate')
  const { data } = useFetch(failedReactions.count, {}, { enabled: operates, staleTime: 30_000, refetchInterval: 120_000 })
  useFresh(operates ? 'reaction' : null, 'failed-reactions')
  return data?.open ?? 0
}
