import { lazy, Suspense } from 'react'

const FlagChips = lazy(() => import('./FlagChips.tsx').then(part => ({ default: part.FlagChips })))

/** For the desk and what rings, whose first load is weighed: the marks follow it. */
export const LateChips = ({ customerId }: { customerId: string }) => (
  <Suspense>
    <FlagChips customerId={customerId} />
  </Suspense>
)
