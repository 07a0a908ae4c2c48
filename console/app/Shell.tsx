import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { mostUnread } from '#contract/notifications.ts'
import { useHotkey, withCommand } from '../kit/hotkeys.ts'
import { IconSearch } from '../kit/icons.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { UndoBar } from '../kit/undo.tsx'
import { Account } from './Account.tsx'
import { useUnread } from './counts.ts'
import { LiveDot } from './LiveDot.tsx'
import { openLive } from './live.ts'
import { useMay, useWhoami } from './me.ts'
import { navigation } from './navigation.tsx'
import { Rail } from './Rail.tsx'
import { slots } from './slots.ts'
import { w } from './words.ts'

const SecondFactorDue = lazy(() => import('../settings/SecondFactorDue.tsx'))
const Palette = lazy(() => import('./Palette.tsx'))

/** Rail, bar and page. The bar never leaves: who I am, what rings, whether we are live. */
export function Shell() {
  const { data: me, error, refetch } = useWhoami()
  const may = useMay()
  const [seeking, setSeeking] = useState(false)
  const [due, setDue] = useState(false)
  if (me?.secondFactorDue && !due) setDue(true)
  useHotkey('mod+k', () => setSeeking(open => !open))
  useEffect(() => {
    if (me && !me.secondFactorDue) openLive()
  }, [me])
  useTitle()
  // Without the person there is no page; a session that ended is on its way to the sign-in page.
  if (!me)
    return error && error.status !== 401 ? (
      <div className="alone">
        <Failure error={error} retry={() => void refetch()} />
      </div>
    ) : (
      <Waiting rows={8} />
    )
  if (due)
    return (
      <Suspense fallback={<Waiting rows={8} />}>
        <SecondFactorDue done={() => setDue(false)} />
      </Suspense>
    )
  return (
    <div className="app">
      <a className="skip" href="#main">
        {w.skip}
      </a>
      <Rail />
      <header className="top">
        {may('routing:work') && (
          <Suspense>
            <slots.presence />
          </Suspense>
        )}
        {may('voice:call') && (
          <Suspense>
            <slots.phone />
          </Suspense>
        )}
        <span className="grow" />
        <button
          type="button"
          className="seek"
          onClick={() => setSeeking(true)}
          aria-label={w.seekLabel}
          aria-keyshortcuts="Control+K Meta+K"
        >
          <IconSearch size={16} />
          <span className="cut grow">{w.seekShort}</span>
          <kbd>{withCommand('K')}</kbd>
        </button>
        <Suspense>
          <span className="wide row">
            <slots.pulse />
          </span>
        </Suspense>
        <LiveDot />
        <Suspense>
          <slots.work />
        </Suspense>
        <Suspense>
          <slots.bell />
        </Suspense>
        <Account me={me} />
      </header>
      {may('routing:work') && (
        <Suspense>
          <slots.said />
        </Suspense>
      )}
      <main id="main" className="main" tabIndex={-1}>
        <Suspense fallback={<Waiting rows={8} />}>
          <Outlet />
        </Suspense>
      </main>
      {may('routing:work') && (
        <Suspense>
          <slots.ringing />
        </Suspense>
      )}
      {seeking && (
        <Suspense>
          <Palette close={() => setSeeking(false)} />
        </Suspense>
      )}
      <UndoBar />
    </div>
  )
}

/** The name of the place in the browser's tab, and how much the bell holds. */
function useTitle(): void {
  const at = useRouterState({ select: s => s.location.pathname })
  const name = navigation.find(place => at.startsWith(place.path))?.name()
  const unread = useUnread()
  useEffect(() => {
    const count = unread === 0 ? '' : `(${unread >= mostUnread ? '99+' : unread}) `
    document.title = count + (name ? `${name} - ${w.brand}` : w.brand)
  }, [name, unread])
}
