import { useRouterState } from '@tanstack/react-router'
import { conversations } from '#contract/messaging.ts'
import { failedReactions } from '#contract/operations.ts'
import { routing } from '#contract/routing.ts'
import { tasks } from '#contract/tasks.ts'
import type { InputOf } from '../kit/call.ts'
import { keyOf, queryClient, useFetch } from '../kit/data.ts'
import { calmly, useFresh, useLive } from './live.ts'
import { useMay, useMe } from './me.ts'

// The desk asks for the same box in the same words, so that both share one answer.
const mine: InputOf<typeof conversations.list> = { query: { box: 'mine', size: 100 } }
const askAgain = calmly(() => void queryClient.invalidateQueries({ queryKey: keyOf(conversations.list, mine) }), 1_000)

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

/** My open tasks. */
export function useTaskCount(): number {
  const { data } = useFetch(tasks.list, { query: { box: 'mine', size: 100 } }, { staleTime: 30_000 })
  useFresh('task', 'tasks')
  return data?.rows.length ?? 0
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
