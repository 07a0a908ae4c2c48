import { Link, useLocation } from '@tanstack/react-router'
import { useMay } from '../app/me.ts'
import { w as needs } from '../needs/words.ts'
import { w as sales } from '../sales/words.ts'
import { k as accounts } from './accounts/words.ts'
import { w as duplicates } from './duplicates/words.ts'
import { w as segments } from './segments/words.ts'
import './tabs.css'
import { w } from './words.ts'

/** The pages of the archive that belong together, for whoever may open them. */
const places: readonly { to: `/${string}`; name: () => string; may: string }[] = [
  { to: '/customers', name: () => w.customers, may: 'customer:read' },
  { to: '/segments', name: () => segments.segments, may: 'customer:read' },
  { to: '/key-accounts', name: () => accounts.title, may: 'account:read' },
  { to: '/customers/duplicates', name: () => duplicates.title, may: 'customer:merge' },
  { to: '/needs', name: () => needs.title, may: 'need:read' },
  { to: '/opportunities', name: () => sales.title, may: 'opportunity:read' },
]

export function CustomerTabs() {
  const { pathname } = useLocation()
  const may = useMay()
  return (
    <nav className="row customertabs" aria-label={w.customers}>
      {places
        .filter(place => may(place.may))
        .map(({ to, name }) => (
          <Link key={to} to={to} activeOptions={{ exact: true }} {...(pathname === to ? { 'aria-current': 'page' as const } : {})}>
            {name()}
          </Link>
        ))}
    </nav>
  )
}
