import { useQueryClient } from '@tanstack/react-query'
import { insight, Wallboard } from '#contract/insight.ts'
import { routing } from '#contract/routing.ts'
import { useLine, useLive } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import type { RefusalError } from '../kit/call.ts'
import { keyOf, useFetch } from '../kit/data.ts'
import { useNow } from '../kit/time.ts'

type Board = {
  board: Wallboard | undefined
  error: RefusalError | null
  /** The server's time now; it stands still while nothing new comes. */
  now: number
  /** Milliseconds since the snapshot on screen, when it is older than it should be. */
  age: number | null
  refetch: () => void
  pending: boolean
}
const oldAfter = 5_000

/** The wallboard, pushed once a second; without the line it is asked for every five seconds. */
export function useBoard(): Board {
  const client = useQueryClient()
  const { line } = useLine()
  const clock = useNow()
  const query = useFetch(insight.wallboard, {}, { refetchInterval: line === 'live' ? 30_000 : 5_000 })
  useLive('wallboard', (_, payload) => {
    const read = Wallboard.safeParse(payload)
    if (read.success) client.setQueryData(keyOf(insight.wallboard, {}), read.data)
  })
  const board = query.data
  const since = Math.max(0, clock - query.dataUpdatedAt)
  const old = board !== undefined && since > oldAfter
  return {
    board,
    error: query.error,
    now: board ? board.at.getTime() + (old ? 0 : since) : clock,
    age: old ? since : null,
    refetch: () => void query.refetch(),
    pending: query.isPending,
  }
}

/** Who was set aside after missed offers; known to whoever supervises them. */
export function useSetAside(): ReadonlySet<string> {
  const may = useMay()
  const team = useFetch(
    routing.team,
    { query: { state: 'asking', size: 200 } },
    { enabled: may('routing:supervise'), refetchInterval: 15_000 },
  ).data?.rows
  return new Set(team?.filter(p => p.missed).map(p => p.agentId))
}
