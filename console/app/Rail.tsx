import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { IconDots } from '../kit/icons.ts'
import { Menu } from '../kit/Menu.tsx'
import { usePhone } from '../kit/useMedia.ts'
import { useMay } from './me.ts'
import { navigation, type Place } from './navigation.tsx'
import { w } from './words.ts'

/** The way around: left on a desk; at the foot on a phone, where a thumb has room for five. */
export function Rail() {
  const may = useMay()
  const phone = usePhone()
  const places = navigation.filter(place => may(place.may))
  const shown = phone && places.length > 5 ? places.slice(0, 4) : places
  return (
    <nav className="rail" aria-label={w.navigation}>
      <Link to="/" className="logo" aria-label="回音 Huiyin">
        <img src="/favicon.svg" width={32} height={32} alt="" />
      </Link>
      {shown.map(place => (
        <Way key={place.path} to={place} />
      ))}
      {shown.length < places.length && <Others places={places.slice(shown.length)} />}
    </nav>
  )
}

const useNothing = () => 0
/** A number says on hovering what it counts. */
function Way({ to: place }: { to: Place }) {
  const useCount = place.count?.use ?? useNothing
  const n = useCount()
  return (
    <Link
      to={place.path}
      className={place.foot ? 'foot' : ''}
      activeProps={{ 'aria-current': 'page' }}
      {...(place.count && n > 0 ? { title: place.count.says(n) } : {})}
    >
      <place.icon size={20} stroke={1.75} />
      <span>{place.name()}</span>
      {place.count && <Count of={place.count} />}
    </Link>
  )
}

/** The places a phone's foot has no room for; a dot tells that something waits in one of them. */
function Others({ places }: { places: readonly Place[] }) {
  const go = useNavigate()
  const at = useRouterState({ select: s => s.location.pathname })
  const here = places.find(place => at.startsWith(place.path))
  return (
    <Menu
      items={places.map(place => ({
        key: place.path,
        label: place.name(),
        icon: <place.icon size={20} stroke={1.75} />,
        onClick: () => void go({ to: place.path }),
      }))}
    >
      <button type="button" className="others" {...(here ? { 'aria-current': 'page' as const } : {})}>
        <IconDots size={20} stroke={1.75} />
        <span>{here?.name() ?? w.others}</span>
        {places.map(place => place.count && <Count key={place.path} of={place.count} />)}
      </button>
    </Menu>
  )
}

/** How many things wait there. */
export function Count({ of }: { of: NonNullable<Place['count']> }) {
  const n = of.use()
  if (n === 0) return null
  return (
    <span className={`badge ${of.calm ? 'n' : ''}`}>
      <span aria-hidden="true">{n > 99 ? '99+' : n}</span>
      <span className="hidden">{of.says(n)}</span>
    </span>
  )
}
