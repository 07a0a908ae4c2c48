import { useInfiniteQuery } from '@tanstack/react-query'
import { profile } from '#contract/profile.ts'
import { call, RefusalError } from '../../kit/call.ts'
import { keyOf } from '../../kit/data.ts'

type Page<R> = { rows: R[]; next: string | null }
type Paged<R> = { rows: readonly R[]; first: boolean; error: RefusalError | null; refetch: () => void; older: (() => void) | null }

function useOlder<R>(key: unknown[], read: (after: string) => Promise<Page<R>>): Paged<R> {
  const pages = useInfiniteQuery({
    queryKey: key,
    initialPageParam: '',
    queryFn: ({ pageParam }) => read(pageParam),
    getNextPageParam: page => page.next,
  })
  return {
    rows: pages.data?.pages.flatMap(page => page.rows) ?? [],
    first: pages.isPending,
    error: pages.error instanceof RefusalError ? pages.error : null,
    refetch: () => void pages.refetch(),
    older: pages.hasNextPage ? () => void pages.fetchNextPage() : null,
  }
}

const query = (size: number, after: string) => ({ size, ...(after ? { after } : {}) })
/** The notes on a customer, older ones when asked for; the panel and the time line read the same. */
export const useNotes = (id: string) =>
  useOlder([...keyOf(profile.notes, { id }), 'all'], after => call(profile.notes, { id, query: query(30, after) }))
export const useFiles = (id: string) =>
  useOlder([...keyOf(profile.files, { id }), 'all'], after => call(profile.files, { id, query: query(10, after) }))
