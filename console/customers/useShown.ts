import { useState } from 'react'

/** What was shown in full, as long as `of` (whose it is and which version) is the same: it never hides what came after it. */
export function useShown<T>(of: string): [T | null, (shown: T) => void] {
  const [kept, keep] = useState<{ of: string; shown: T } | null>(null)
  return [kept?.of === of ? kept.shown : null, shown => keep({ of, shown })]
}
