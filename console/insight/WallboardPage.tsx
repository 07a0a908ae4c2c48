import { Button, ConfigProvider } from 'antd'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { queues as queueCatalog } from '#contract/routing.ts'
import { useMay, useMe } from '../app/me.ts'
import { themes, useTheme } from '../app/theme.ts'
import { useFetch } from '../kit/data.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconAlertTriangle, IconMaximize, IconMinimize, IconMoon, IconSun } from '../kit/icons.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { roughText, withGaps } from '../kit/time.ts'
import { language, nameOf } from '../kit/words.ts'
import { Agents } from './Agents.tsx'
import { Alarms } from './Alarms.tsx'
import { alarmsOf } from './board.ts'
import { Channels } from './Channels.tsx'
import { Figures } from './Figures.tsx'
import './insight.css'
import { Queues } from './Queues.tsx'
import { Simulation } from './Simulation.tsx'
import { useBoard, useSetAside } from './useBoard.ts'
import { w } from './words.ts'

const Volume = lazy(() => import('./Volume.tsx'))
const keptShade = 'huiyin.wallboard'

export default function WallboardPage() {
  const { isDark } = useTheme()
  const [chosen, setChosen] = useState(() => localStorage.getItem(keptShade))
  const [full, setFull] = useState(false)
  const dark = chosen === null ? isDark || full : chosen === 'dark'
  const turn = () => {
    localStorage.setItem(keptShade, dark ? 'light' : 'dark')
    setChosen(dark ? 'light' : 'dark')
  }
  const leave = () => {
    setFull(false)
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => {})
  }
  const enter = () => {
    setFull(true)
    // A browser may forbid it; the page then fills its own window.
    void document.documentElement.requestFullscreen?.().catch(() => {})
  }
  useHotkey('f', () => (full ? leave() : enter()))
  useHotkey('escape', leave, full)
  useEffect(() => {
    const hear = () => {
      if (!document.fullscreenElement) setFull(false)
    }
    document.addEventListener('fullscreenchange', hear)
    return () => {
      document.removeEventListener('fullscreenchange', hear)
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => {})
    }
  }, [])
  const place = useRef<HTMLDivElement>(null)
  return (
    <ConfigProvider theme={dark ? themes.dark : themes.light} getPopupContainer={() => place.current ?? document.body}>
      <div ref={place} className={`board ${full ? 'full' : ''}`} data-theme={dark ? 'dark' : 'light'}>
        <Board dark={dark}>
          <Button
            size="small"
            type="text"
            aria-label={dark ? w.toLight : w.toDark}
            title={dark ? w.toLight : w.toDark}
            icon={dark ? <IconSun size={16} /> : <IconMoon size={16} />}
            onClick={turn}
          />
          <Button
            size="small"
            type="text"
            aria-label={full ? w.leaveFull : w.full}
            icon={full ? <IconMinimize size={16} /> : <IconMaximize size={16} />}
            onClick={full ? leave : enter}
          >
            <span className="wide">
              {full ? w.leaveFull : w.full} <kbd>F</kbd>
            </span>
          </Button>
        </Board>
      </div>
    </ConfigProvider>
  )
}

function Board({ dark, children }: { dark: boolean; children: React.ReactNode }) {
  const me = useMe()
  const may = useMay()
  const { board, error, now, age, refetch, pending } = useBoard()
  const aside = useSetAside()
  const overflows = useFetch(queueCatalog.list, { query: {} }, { staleTime: 60_000 }).data ?? []
  if (!board)
    return (
      <div className="page">
        <header>
          <h1>{w.title}</h1>
        </header>
        {error ? <Failure error={error} retry={refetch} /> : pending ? <Waiting rows={8} /> : null}
      </div>
    )
  const alarms = alarmsOf(board, aside, now)
  return (
    <>
      <header className="bar">
        <h1 className="cut">
          {me ? nameOf(me.tenant) : ''} <span className="t3">{w.title}</span>
        </h1>
        {age === null ? (
          <span className="row f12 nowrap">
            <i className="dot ok" />
            {w.live}
          </span>
        ) : (
          <span className="tag wa" role="alert">
            <IconAlertTriangle size={14} />
            {w.stale(age < 60_000 ? `${Math.round(age / 1000)} ${w.seconds}` : roughText(age))}
            <button type="button" className="linkish" onClick={refetch}>
              {w.refresh}
            </button>
          </span>
        )}
        <span className="end row">
          {may('sample:simulate') && me?.tenant.sample && <Simulation />}
          {alarms.length > 0 && (
            <span className={`tag tall ${alarms.some(a => a.tone === 'ba') ? 'ba' : 'wa'}`}>
              <IconAlertTriangle size={14} />
              {w.alarmCount(alarms.length)}
            </span>
          )}
          {children}
          <Clock at={now} timezone={me?.tenant.timezone ?? 'Asia/Shanghai'} />
        </span>
      </header>
      <Figures board={board} now={now} />
      <div className="panels">
        <Queues queues={board.queues} now={now} />
        <Agents agents={board.agents} aside={aside} now={now} />
        <Alarms alarms={alarms} overflows={overflows} now={now} />
        <Suspense fallback={<section className="card volume" aria-busy="true" />}>
          <Volume hours={board.hours} dark={dark} />
        </Suspense>
        <Channels board={board} />
      </div>
    </>
  )
}

/** The time in the zone of the centre, which is the one its day is counted by. */
function Clock({ at, timezone }: { at: number; timezone: string }) {
  const place = language() === 'zh' ? 'zh-CN' : 'en-GB'
  const time = new Date(at)
  return (
    <span className="row nowrap clock">
      <b>{time.toLocaleTimeString(place, { timeZone: timezone, hour12: false })}</b>
      <span className="t3 f12 wide">
        {withGaps(time.toLocaleDateString(place, { timeZone: timezone, month: 'short', day: 'numeric', weekday: 'short' }))}
      </span>
    </span>
  )
}
