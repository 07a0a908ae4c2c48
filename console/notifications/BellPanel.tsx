import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Drawer, Segmented, Select } from 'antd'
import { useRef, useState } from 'react'
import { type Notification, notifications } from '#contract/notifications.ts'
import { useFresh } from '../app/live.ts'
import { useMe } from '../app/me.ts'
import { useAct, useFetch, useListing } from '../kit/data.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconBell, IconCheck, IconChecks, IconDeviceDesktop, IconRefresh, IconSettings } from '../kit/icons.ts'
import { ListFoot } from '../kit/ListFoot.tsx'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { day, hour } from '../kit/time.ts'
import { language } from '../kit/words.ts'
import { useDesktop } from './desktop.ts'
import { w } from './words.ts'

type Box = 'unread' | 'all'

/** What the bell told, by day; a press reads it and goes to the thing. */
export default function BellPanel({ close }: { close: () => void }) {
  const me = useMe()
  const go = useNavigate()
  const [box, setBox] = useState<Box>('unread')
  const [kind, setKind] = useState<string>()
  const list = useListing(notifications.list, { box, ...(kind ? { kind } : {}) })
  const all = useAct(notifications.markAll)
  const one = useAct(notifications.mark)
  const desktop = useDesktop()
  const newest = useRef<string>(undefined)
  if (!list.hasBefore && list.rows[0]) newest.current = list.rows[0].id
  useFresh(me ? `user:${me.user.id}` : null, 'notifications')
  useHotkey('b', close, true, { first: true })
  const open = (n: Notification) => {
    close()
    if (!n.readAt) void one.act({ id: n.id, body: { read: true } })
    void go({ href: n.link })
  }
  return (
    <Drawer
      open
      onClose={close}
      size={400}
      title={w.title}
      className="belldrawer"
      extra={
        <span className="row" style={{ gap: 4 }}>
          {desktop.state === 'default' && (
            <Button size="small" icon={<IconDeviceDesktop size={16} />} onClick={desktop.ask}>
              {w.desktop}
            </Button>
          )}
          <Link to="/settings/notifications" onClick={close} className="belltool" aria-label={w.settings} title={w.settings}>
            <IconSettings size={16} />
          </Link>
        </span>
      }
    >
      <div className="bellfilter">
        <Segmented<Box>
          aria-label={w.which}
          value={box}
          onChange={setBox}
          options={[
            { value: 'unread', label: w.onlyUnread },
            { value: 'all', label: w.all },
          ]}
        />
        <Kinds kind={kind} choose={setKind} />
        <Button
          size="small"
          type="text"
          icon={<IconChecks size={16} />}
          title={w.markAll}
          aria-label={w.markAll}
          disabled={!list.rows.some(n => !n.readAt)}
          loading={all.acting}
          onClick={() => newest.current && void all.act({ body: { upTo: newest.current, ...(kind ? { kind } : {}) } })}
        />
      </div>
      {list.error && <Failure error={list.error} retry={list.refetch} readAt={list.readAt} />}
      {list.first ? (
        <Waiting rows={6} />
      ) : list.rows.length === 0 ? (
        !list.error && (
          <Empty title={box === 'unread' ? w.noneUnread : w.none} hint={w.noneUnreadHint} icon={<IconBell size={24} stroke={1.75} />}>
            {box === 'unread' && <Button onClick={() => setBox('all')}>{w.seeAll}</Button>}
          </Empty>
        )
      ) : (
        <>
          <Lines rows={list.rows} open={open} mark={(n, read) => void one.act({ id: n.id, body: { read } })} />
          <ListFoot list={list} />
        </>
      )}
    </Drawer>
  )
}

function Kinds({ kind, choose }: { kind: string | undefined; choose: (kind: string | undefined) => void }) {
  const { data } = useFetch(notifications.settings, {}, { staleTime: 60_000 })
  const en = language() === 'en'
  const groups = Map.groupBy(data?.kinds ?? [], k => (en ? k.groupEn : k.group))
  return (
    <Select
      className="grow"
      size="small"
      variant="borderless"
      allowClear
      placeholder={w.everyKind}
      aria-label={w.kind}
      value={kind}
      onChange={choose}
      popupMatchSelectWidth={false}
      options={[...groups].map(([group, kinds]) => ({
        label: group,
        title: group,
        options: kinds.map(k => ({ value: k.key, label: en ? k.nameEn : k.name })),
      }))}
    />
  )
}

function dayOf(at: Date): string {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000)
  return days === 0 ? w.today : days === 1 ? w.yesterday : day(at)
}

function Lines({
  rows,
  open,
  mark,
}: {
  rows: readonly Notification[]
  open: (n: Notification) => void
  mark: (n: Notification, read: boolean) => void
}) {
  const days = Map.groupBy(rows, n => dayOf(n.at))
  return [...days].map(([name, those]) => (
    <section key={name} className="bellday">
      <h3>{name}</h3>
      <ul>
        {those.map(n => (
          <li key={n.id} className={n.readAt ? '' : 'unread'}>
            <button type="button" className="line" onClick={() => open(n)}>
              <i className={`dot ${n.important ? 'ba' : 'ac'}`} />
              <span className="grow">{language() === 'en' ? n.titleEn : n.title}</span>
              <time className="t3 f12 nowrap" dateTime={n.at.toISOString()}>
                {hour(n.at)}
              </time>
            </button>
            <button
              type="button"
              className="turn"
              aria-label={n.readAt ? w.markUnread : w.markRead}
              title={n.readAt ? w.markUnread : w.markRead}
              onClick={() => mark(n, n.readAt === null)}
            >
              {n.readAt ? <IconRefresh size={14} /> : <IconCheck size={14} />}
            </button>
          </li>
        ))}
      </ul>
    </section>
  ))
}
