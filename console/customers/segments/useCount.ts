import { useEffect, useState } from 'react'
import { Condition, type Group } from '#contract/conditions.ts'
import { segments } from '#contract/segments.ts'
import { leaves } from '../../automation/offered.ts'
import { useFetch } from '../../kit/data.ts'

/** Nothing is asked while somebody still types. */
const pause = 350
const whole = (condition: Group): boolean =>
  leaves(condition).every(({ op, value }) => value !== null || ['empty', 'filled', 'yes', 'no'].includes(op))

/** How many a condition holds for while it is being built. */
export function useCount(condition: Group, id: string | null) {
  const text = JSON.stringify(condition)
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause)
    return () => clearTimeout(timer)
  }, [text])
  const read = Condition.safeParse(JSON.parse(settled))
  const asked = read.success && whole(read.data)
  const found = useFetch(
    segments.count,
    { body: { condition: read.success ? read.data : { match: 'all', of: [] }, id } },
    { enabled: asked, staleTime: 20_000 },
  )
  // While somebody types, what was counted last stays, paler.
  return { ...found, ready: whole(condition), counting: settled !== text || found.isFetching }
}
