import { Link, useLocation } from '@tanstack/react-router'
import { w } from './words.ts'

/** The three pages that belong together. */
export function Tabs() {
  const { pathname } = useLocation()
  return (
    <nav className="row improvetabs" aria-label={w.improvements}>
      {(
        [
          ['/improvements', w.improvements],
          ['/improvements/standards', w.standards],
          ['/improvements/strategy', w.strategy],
        ] as const
      ).map(([to, name]) => (
        <Link key={to} to={to} activeOptions={{ exact: true }} {...(pathname === to ? { 'aria-current': 'page' as const } : {})}>
          {name}
        </Link>
      ))}
    </nav>
  )
}
