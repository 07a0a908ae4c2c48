import type { ReactNode } from 'react'

/** Between the words of two days: which one begins. */
export const DayLine = ({ children }: { children: ReactNode }) => (
  <li className="sys day">
    <i className="line" />
    {children}
    <i className="line" />
  </li>
)
