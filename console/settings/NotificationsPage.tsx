import { Button, Input, Segmented, Switch } from 'antd'
import { useEffect, useState } from 'react'
import type * as z from 'zod'
import { type Digest, type NoticeSettings, notifications } from '#contract/notifications.ts'
import { useMe } from '../app/me.ts'
import type { ReplyOf } from '../kit/call.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { language } from '../kit/words.ts'
import '../notifications/bell.css'
import { useDesktop } from '../notifications/desktop.ts'
import { n } from '../notifications/settings.words.ts'
import { w as bell } from '../notifications/words.ts'
import { clockOf, minutesOf } from './hours.ts'

type Mine = ReplyOf<typeof notifications.settings>

export default function NotificationsPage() {
  const { data, error, refetch } = useFetch(notifications.settings, {})
  const { act } = useAct(notifications.choose)
  // What was just chosen stands until the server's answer is read.
  const [chosen, setChosen] = useState<NoticeSettings>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever was read anew is what counts
  useEffect(() => setChosen(undefined), [data])
  if (!data) return error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting rows={8} />
  const settings = chosen ?? data.settings
  const change = (patch: Partial<NoticeSettings>) => {
    const next = { ...settings, ...patch }
    setChosen(next)
    void act({ body: next }).then(() => refetch())
  }
  return (
    <div className="page" style={{ maxWidth: 640 }}>
      <header>
        <h1>{n.mine}</h1>
        <span className="t3 cut">{n.hint}</span>
      </header>
      <When settings={settings} change={change} />
      <Kinds mine={data} settings={settings} change={change} />
    </div>
  )
}

type Part = { settings: NoticeSettings; change: (patch: Partial<NoticeSettings>) => void }

function Kinds({ mine, settings, change }: Part & { mine: Mine }) {
  const en = language() === 'en'
  const groups = Map.groupBy(mine.kinds, k => (en ? k.groupEn : k.group))
  return (
    <section className="card">
      <header>
        <h2>{n.kinds}</h2>
      </header>
      <div className="body">
        {mine.mail !== 'ready' && <p className="note">{mine.mail === 'no_sender' ? n.noSender : n.noAddress}</p>}
        <div className="wayrow head">
          <span>{n.kind}</span>
          <span>{n.bell}</span>
          <span>{n.mail}</span>
        </div>
        {[...groups].map(([group, kinds]) => (
          <div key={group}>
            <h3 className="t3 f12">{group}</h3>
            {kinds.map(kind => {
              const ways = settings.ways[kind.key] ?? kind.ways
              const name = en ? kind.nameEn : kind.name
              const set = (patch: Partial<typeof ways>) => change({ ways: { ...settings.ways, [kind.key]: { ...ways, ...patch } } })
              return (
                <div key={kind.key} className="wayrow">
                  <span>{name}</span>
                  <Switch size="small" checked={ways.bell} aria-label={`${name}: ${n.bell}`} onChange={on => set({ bell: on })} />
                  <Switch size="small" checked={ways.mail} aria-label={`${name}: ${n.mail}`} onChange={on => set({ mail: on })} />
                </div>
              )
            })}
          </div>
        ))}
      </div>
    </section>
  )
}

function When({ settings, change }: Part) {
  const me = useMe()
  const desktop = useDesktop()
  const { quiet, digest, dailyAt } = settings
  return (
    <section className="card">
      <header>
        <h2>{n.when}</h2>
      </header>
      <div className="body col" style={{ gap: 16 }}>
        <div className="col" style={{ gap: 4 }}>
          <span className="row wrap">
            <span style={{ width: 96 }}>{n.digest}</span>
            <Segmented<z.output<typeof Digest>>
              aria-label={n.digest}
              value={digest}
              onChange={next => change({ digest: next })}
              options={[
                { value: 'now', label: n.now },
                { value: 'hourly', label: n.hourly },
                { value: 'daily', label: n.daily },
              ]}
            />
            {digest === 'daily' && <Clock label={n.dailyAt} minutes={dailyAt} change={next => change({ dailyAt: next })} />}
          </span>
          <span className="t3 f12">{n.digestHint}</span>
        </div>
        <div className="col" style={{ gap: 4 }}>
          <span className="row wrap">
            <span style={{ width: 96 }}>{n.quiet}</span>
            <Switch
              size="small"
              aria-label={n.quiet}
              checked={quiet !== null}
              onChange={on => change({ quiet: on ? { from: 22 * 60, to: 7 * 60 } : null })}
            />
            {quiet && (
              <>
                <Clock label={n.from} minutes={quiet.from} change={from => from !== quiet.to && change({ quiet: { ...quiet, from } })} />
                <span className="t3">{n.to}</span>
                <Clock label={n.to} minutes={quiet.to} change={to => to !== quiet.from && change({ quiet: { ...quiet, to } })} />
              </>
            )}
          </span>
          <span className="t3 f12">{n.quietHint(me?.tenant.timezone ?? '')}</span>
        </div>
        <div className="col" style={{ gap: 4 }}>
          <span className="row wrap">
            <span style={{ width: 96 }}>{n.desktop}</span>
            {desktop.state === 'default' ? (
              <Button size="small" onClick={desktop.ask}>
                {bell.desktop}
              </Button>
            ) : (
              <span className="t2">{desktop.state === 'granted' ? bell.desktopOn : bell.desktopBlocked}</span>
            )}
          </span>
          <span className="t3 f12">{n.desktopHint}</span>
        </div>
      </div>
    </section>
  )
}

/** A time of day; taken when it is whole and left. */
function Clock({ label, minutes, change }: { label: string; minutes: number; change: (minutes: number) => void }) {
  return (
    <Input
      key={minutes}
      type="time"
      size="small"
      style={{ width: 104 }}
      aria-label={label}
      defaultValue={clockOf(minutes)}
      onBlur={e => {
        const next = minutesOf(e.target.value)
        if (next !== null && next !== minutes) change(next)
      }}
    />
  )
}
