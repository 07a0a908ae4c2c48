import { queues } from '#contract/routing.ts'
import { useFetch } from '../../kit/data.ts'
import { nameOf } from '../../kit/words.ts'

/** What a queue is called, also one that was put away. */
export function useQueueName(): (id: string | null) => string {
  const all = useFetch(queues.list, { query: { retired: true } }, { staleTime: 60_000 }).data ?? []
  return id => {
    const queue = all.find(q => q.id === id)
    return queue ? nameOf(queue) : ''
  }
}
