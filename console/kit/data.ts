import { keepPreviousData, QueryClient, type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Endpoint } from '#contract/endpoint.ts'
import { call, type InputOf, RefusalError, type ReplyOf } from './call.ts'
import { tellRefusal } from './tell.tsx'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => count < 2 && error instanceof RefusalError && (error.code === 'network.away' || error.status >= 500),
    },
  },
})

/** Queries are kept by the noun of the path, so that one act refreshes all that shows it. */
export const nounOf = (endpoint: Endpoint): string => endpoint.path.split('/')[1] ?? ''
export const keyOf = (endpoint: Endpoint, input?: unknown): unknown[] => [nounOf(endpoint), endpoint.path, input ?? null]

type Options = { enabled?: boolean; refetchInterval?: number | false; staleTime?: number; keep?: boolean }

/** Reads an endpoint; old data stays while new data comes. */
export function useFetch<E extends Endpoint>(
  endpoint: E,
  input: InputOf<E>,
  options: Options = {},
): UseQueryResult<ReplyOf<E>, RefusalError> {
  const { keep = true, ...rest } = options
  return useQuery<ReplyOf<E>, RefusalError>({
    queryKey: keyOf(endpoint, input),
    queryFn: () => call(endpoint, input),
    ...(keep ? { placeholderData: keepPreviousData } : {}),
    ...rest,
  })
}

type Act<I, R> = { act: (input: I) => Promise<R | undefined>; acting: boolean; refused: RefusalError | null; reset: () => void }

/** Does something; on success everything of its noun is read again. A refusal is told in words and `act` gives undefined. `quiet`: the caller shows `refused` itself; `caught`: whether it saw to this one. */
export function useAct<E extends Endpoint>(
  endpoint: E,
  options: {
    quiet?: boolean
    also?: readonly string[]
    done?: (reply: ReplyOf<E>) => void
    caught?: (error: RefusalError) => boolean
  } = {},
): Act<InputOf<E>, ReplyOf<E>> {
  const client = useQueryClient()
  const mutation = useMutation<ReplyOf<E>, RefusalError, InputOf<E>>({
    mutationFn: input => call(endpoint, input),
    onSuccess: reply => {
      for (const noun of [nounOf(endpoint), ...(options.also ?? [])]) void client.invalidateQueries({ queryKey: [noun] })
      options.done?.(reply)
    },
    onError: error => {
      // Somebody was faster: what stands now is shown, before it is done again.
      if (error.status === 409) void client.invalidateQueries({ queryKey: [nounOf(endpoint)] })
      if (!options.quiet && !options.caught?.(error)) tellRefusal(error)
    },
  })
  return {
    act: input => mutation.mutateAsync(input).catch(() => undefined),
    acting: mutation.isPending,
    refused: mutation.error,
    reset: mutation.reset,
  }
}

type RowOf<E> = ReplyOf<E> extends { rows: (infer Row)[] } ? Row : never
export type Listed<Row> = {
  rows: Row[]
  loading: boolean
  first: boolean
  error: RefusalError | null
  readAt: number
  refetch: () => void
  hasNext: boolean
  hasBefore: boolean
  next: () => void
  before: () => void
  restart: () => void
}

/** A list paged by key: forward by the `next` of the page, back by remembering where we came from. A changed query starts again. */
export function useListing<E extends Endpoint>(
  endpoint: E & (ReplyOf<E> extends { rows: unknown[]; next: string | null } ? unknown : never),
  query: Record<string, unknown>,
  options: Options = {},
  /** What stands in its path. */
  path: Record<string, string> = {},
): Listed<RowOf<E>> {
  const stamp = JSON.stringify([endpoint.path, path, query])
  const [trail, setTrail] = useState<{ stamp: string; afters: string[] }>({ stamp, afters: [] })
  const afters = trail.stamp === stamp ? trail.afters : []
  const after = afters.at(-1)
  // The query is one of the endpoint's own; its shape is checked where the page builds it.
  const input = { ...path, query: { ...query, ...(after ? { after } : {}) } } as unknown as InputOf<E>
  const result = useFetch(endpoint, input, options)
  const page = result.data as { rows: RowOf<E>[]; next: string | null } | undefined
  const next = page?.next ?? null
  return {
    rows: page?.rows ?? [],
    loading: result.isFetching,
    first: result.isPending,
    error: result.error,
    readAt: result.dataUpdatedAt,
    refetch: () => {
      void result.refetch()
    },
    hasNext: next !== null,
    hasBefore: afters.length > 0,
    next: () => {
      if (next !== null) setTrail({ stamp, afters: [...afters, next] })
    },
    before: () => setTrail({ stamp, afters: afters.slice(0, -1) }),
    restart: () => setTrail({ stamp, afters: [] }),
  }
}
