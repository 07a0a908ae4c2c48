import { Link } from '@tanstack/react-router'
import { useMay } from './me.ts'
import { navigation, type Place } from './navigation.tsx'
import { w } from './words.ts'

/** The way around: left on a desk, at the foot on a phone. */
export function Rail() {
  const may = useMay()
  return (
    <nav className="rail" aria-label={w.navigation}>
      <Link to="/" className="logo" aria-label="回音 Huiyin">
        <img src="/favicon.svg" width={32} height={32} alt="" />
      </Link>
      {navigation
        .filter(place => may(place.may))
        .map(place => (
          <Link key={place.path} to={place.path} className={place.foot ? 'foot' : ''} activeProps={{ 'aria-current': 'page' }}>
            <place.icon size={20} stroke={1.75} />
            <span>{place.name()}</span>
            {place.count && <Count of={place.count} />}
          </Link>
        ))}
    </nav>
  )
}

function Count({ of }: { of: NonNullable<Place['count']> }) {
  const n = of.use()
  if (n === 0) return null
  return (
    <span className={`badge ${of.calm ? 'n' : ''}`}>
      <span aria-hidden="true">{n > 99 ? '99+' : n}</span>
      <span className="hidden">{of.says(n)}</span>
    </span>
  )
}
