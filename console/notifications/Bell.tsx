import { useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { BellPush, mostUnread, notifications } from '#contract/notifications.ts'
import { useCommands } from '../app/commands.ts'
import { useUnread } from '../app/counts.ts'
import { useLive } from '../app/live.ts'
import { useMe } from '../app/me.ts'
import { w as house } from '../app/words.ts'
import { call } from '../kit/call.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconBell } from '../kit/icons.ts'
import { language } from '../kit/words.ts'
import { tellDesktop } from './desktop.ts'
import './bell.css'
import { w } from './words.ts'

const BellPanel = lazy(() => import('./BellPanel.tsx'))

/** The bell in the bar: how much I have not read, on whichever device I read it. */
export default function Bell() {
  const me = useMe()
  const go = useNavigate()
  const unread = useUnread()
  const [open, setOpen] = useState(false)
  useHotkey('b', () => setOpen(was => !was))
  useCommands([{ id: 'bell', name: w.title, key: 'B', icon: <IconBell size={16} />, run: () => setOpen(true) }], language())
  useSeen(unread)
  useLive(me ? `user:${me.user.id}` : null, (name, payload) => {
    const told = name === 'bell' ? BellPush.safeParse(payload) : undefined
    if (!told?.success || told.data.calm) return
    const { id, title, titleEn, link } = told.data
    tellDesktop(id, language() === 'en' ? titleEn : title, house.brand, () => void go({ href: link }))
  })
  const count = unread >= mostUnread ? '99+' : String(unread)
  const label = unread > 0 ? `${w.title}: ${w.unread(count)}` : w.title
  return (
    <>
      <button
        type="button"
        className="bell"
        aria-label={label}
        title={`${label} (B)`}
        aria-expanded={open}
        aria-keyshortcuts="B"
        onClick={() => setOpen(true)}
      >
        <IconBell size={20} stroke={1.75} />
        {unread > 0 && (
          <span className="badge" aria-hidden="true">
            {count}
          </span>
        )}
      </button>
      {open && (
        <Suspense>
          <BellPanel close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

/** The page of a thing is open before somebody's eyes: what the bell told of it is read, here and everywhere. */
function useSeen(unread: number): void {
  const links = useRouterState({ select: s => linksOf(s.location.pathname, s.location.search) })
  const [visible, setVisible] = useState(!document.hidden)
  useEffect(() => {
    const look = () => setVisible(!document.hidden)
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  useEffect(() => {
    if (unread > 0 && visible && links !== '') void call(notifications.seen, { body: { links: links.split('\n') } }).catch(() => undefined)
  }, [links, unread, visible])
}

/** The addresses by which the bell may have named this page: its path, and its path with each single word of the search. */
export function linksOf(path: string, search: Record<string, unknown>): string {
  const found = Object.entries(search).map(([key, value]) => `${path}?${key}=${String(value)}`)
  return [...(path.split('/').length > 2 ? [path] : []), ...found.filter(link => link.length <= 300)].slice(0, 10).join('\n')
}
