import { useEffect, useState } from 'react'
import { Condition, type Group } from '#contract/conditions.ts'
import { segments } from '#contract/segments.ts'
import { isWhole } from '../../automation/offered.ts'
import type { ReplyOf } from '../../kit/call.ts'
import { useFetch } from '../../kit/data.ts'

/** Nothing is asked while somebody still types. */
const pause = 350

export type Counted = ReplyOf<typeof segments.count>

/** How many a condition holds for while it is being built. `known`: what was counted last, whatever has been typed since; `stale`: not yet of what stands there now. */
export function useCount(condition: Group, id: string | null) {
  const text = JSON.stringify(condition)
  const [settled, setSettled] = useState(text)
  const [known, setKnown] = useState<Counted | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause)
    return () => clearTimeout(timer)
  }, [text])
  const read = Condition.safeParse(JSON.parse(settled))
  const asked = read.success && isWhole(read.data)
  const { data, error, isFetching } = useFetch(
    segments.count,
    { body: { condition: read.success ? read.data : { match: 'all', of: [] }, id } },
    { enabled: asked, staleTime: 20_000, keep: false },
  )
  if (data && data !== known) setKnown(data)
  const ready = isWhole(condition)
  const fresh = settled === text && asked && data !== undefined
  return { known, ready, stale: !fresh, error: settled === text && !isFetching ? error : null }
}
