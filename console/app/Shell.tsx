import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import { Suspense, useEffect, useState } from 'react'
import { identity } from '#contract/identity.ts'
import { call } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { command, useHotkey } from '../kit/hotkeys.ts'
import { IconLanguage, IconLogout, IconMoon, IconSearch, IconSun } from '../kit/icons.ts'
import { Avatar, Waiting } from '../kit/parts.tsx'
import { UndoBar } from '../kit/undo.tsx'
import { language, setLanguage } from '../kit/words.ts'
import { closeLive, openLive, reconnect, useLine } from './live.ts'
import { useMay, useMe } from './me.ts'
import { navigation } from './navigation.tsx'
import { Palette } from './Palette.tsx'
import { slots } from './slots.ts'
import { setShade } from './theme.ts'
import { w } from './words.ts'

/** Rail, bar and page. The bar never leaves: who I am, what rings, whether we are live. */
export function Shell() {
  const me = useMe()
  const may = useMay()
  const [seeking, setSeeking] = useState(false)
  useHotkey('mod+k', () => setSeeking(true))
  useEffect(() => {
    if (me) openLive()
  }, [me])
  if (!me) return <Waiting rows={8} />
  return (
    <div className="app">
      <a className="skip" href="#main">
        {w.skip}
      </a>
      <nav className="rail" aria-label={w.navigation}>
        <Link to="/" className="logo" aria-label="回音 Huiyin" style={{ height: 36 }}>
          <img src="/favicon.svg" width={32} height={32} alt="" />
        </Link>
        {navigation
          .filter(n => may(n.may))
          .map(n => (
            <Link key={n.path} to={n.path} className={n.foot ? 'foot' : ''} activeProps={{ 'aria-current': 'page' }}>
              <n.icon size={20} stroke={1.75} />
              {n.name()}
            </Link>
          ))}
      </nav>
      <header className="top">
        {may('routing:work') && (
          <Suspense>
            <slots.presence />
          </Suspense>
        )}
        <span className="grow" />
        <button type="button" className="seek" onClick={() => setSeeking(true)} aria-label={w.seekLabel}>
          <IconSearch size={16} />
          <span className="cut grow" style={{ textAlign: 'start' }}>
            {w.seek}
          </span>
          <kbd>{command === '⌘' ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <Suspense>
          <span className="wide row">
            <slots.pulse />
          </span>
        </Suspense>
        <LiveDot />
        <Account name={me.user.name} />
      </header>
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
      <Palette open={seeking} close={() => setSeeking(false)} />
      <UndoBar />
    </div>
  )
}

function LiveDot() {
  const { line } = useLine()
  if (line === 'live')
    return (
      <span className="row f12 nowrap" style={{ gap: 6 }} title={w.live}>
        <i className="dot ok" />
        <span className="wide">{w.live}</span>
      </span>
    )
  if (line === 'mending')
    return (
      <span className="row f12 wac nowrap" style={{ gap: 6 }} role="status" title={w.mendingHint}>
        <i className="dot wa" />
        {w.mending}
      </span>
    )
  return (
    <span className="row f12 bac nowrap" style={{ gap: 6 }} role="alert">
      <i className="dot ba" />
      {w.broken}
      <Button size="small" onClick={reconnect}>
        {w.reconnect}
      </Button>
    </span>
  )
}

function Account({ name }: { name: string }) {
  const go = useNavigate()
  const leave = async () => {
    await call(identity.signOut, {}).catch(() => undefined)
    closeLive()
    queryClient.clear()
    await go({ to: '/login' })
  }
  const turn = () => {
    const next = language() === 'zh' ? 'en' : 'zh'
    setLanguage(next)
    void call(identity.changeMe, { body: { language: next } }).catch(() => undefined)
  }
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'name', label: name, disabled: true },
          { type: 'divider' },
          { key: 'language', icon: <IconLanguage size={16} />, label: w.language, onClick: turn },
          { key: 'light', icon: <IconSun size={16} />, label: w.light, onClick: () => setShade('light') },
          { key: 'dark', icon: <IconMoon size={16} />, label: w.dark, onClick: () => setShade('dark') },
          { key: 'system', label: w.system, onClick: () => setShade('system') },
          { type: 'divider' },
          {
            key: 'leave',
            icon: <IconLogout size={16} />,
            label: w.signOut,
            onClick: () => {
              void leave()
            },
          },
        ],
      }}
    >
      <button
        type="button"
        aria-label={`${w.account} ${name}`}
        style={{ border: 0, background: 'none', padding: 0, cursor: 'pointer', borderRadius: '50%' }}
      >
        <Avatar name={name} size={32} />
      </button>
    </Dropdown>
  )
}
