import { Button, Input, type InputRef, Space } from 'antd'
import { type Ref, useEffect, useRef, useState } from 'react'
import { useLive } from '../app/live.ts'
import { w as house } from '../app/words.ts'
import { IconSearch } from './icons.ts'
import { Kbd, Sep } from './parts.tsx'
import { hour } from './time.ts'
import { words } from './words.ts'
import './list.css'

const w = words({
  asOf: [(t: string) => `截至 ${t}`, (t: string) => `As of ${t}`],
  news: [(n: string) => `有 ${n} 条新变动`, (n: string) => `${n} new changes`],
  refresh: ['刷新', 'Show'],
  move: ['上下移动', 'move'],
  choose: ['选择', 'select'],
  open: ['打开', 'open'],
})

/** Things of a noun that changed since the list was read: told, not shuffled in. */
export function useNews(noun: string, readAt: number): number {
  const [heard, setHeard] = useState<{ readAt: number; ids: ReadonlySet<string> }>({ readAt, ids: new Set() })
  useLive(noun, (_, payload) => {
    const about = typeof payload === 'object' && payload !== null && 'about' in payload ? String(payload.about) : ''
    // What was pushed just before the list was read is in it already.
    if (about && Date.now() - readAt > 500)
      setHeard(was => ({ readAt, ids: new Set(was.readAt === readAt ? [...was.ids, about] : [about]) }))
  })
  return heard.readAt === readAt ? heard.ids.size : 0
}

/** The search box of a list; it asks when the typing rests. */
export function SeekBox({
  text,
  hint,
  seek,
  field,
}: {
  text: string
  hint: string
  seek: (q: string | undefined) => void
  field: Ref<InputRef>
}) {
  const [{ typed, was }, setTyped] = useState({ typed: text, was: text })
  // Changed from outside, by a view or by going back: the box follows, unless more is typed than was asked for.
  if (text !== was) setTyped({ typed: typed.trim() === was ? text : typed, was: text })
  const latest = useRef(seek)
  latest.current = seek
  useEffect(() => {
    if (typed.trim() === text) return
    const timer = setTimeout(() => latest.current(typed.trim() || undefined), 300)
    return () => clearTimeout(timer)
  }, [typed, text])
  return (
    <Input
      ref={field}
      className="seek"
      value={typed}
      allowClear
      prefix={<IconSearch size={16} className="t3" />}
      suffix={typed ? null : <Kbd>/</Kbd>}
      placeholder={hint}
      aria-label={hint}
      onChange={e => setTyped({ typed: e.target.value, was })}
      onPressEnter={() => seek(typed.trim() || undefined)}
      onKeyDown={e => {
        if (e.key === 'Escape') e.currentTarget.blur()
      }}
    />
  )
}

type List = {
  rows: readonly unknown[]
  readAt: number
  refetch: () => void
  hasNext: boolean
  hasBefore: boolean
  next: () => void
  before: () => void
}

/** The foot of a list that fills its page: how many, which keys, what is new, where to go on. */
export function ListBar({
  list,
  news = 0,
  choosing = false,
  opening = true,
}: {
  list: List
  news?: number
  choosing?: boolean
  opening?: boolean
}) {
  const n = list.rows.length
  return (
    <footer>
      <span className="nowrap">{list.hasNext ? house.more(n) : list.hasBefore ? house.page(n) : house.end(n)}</span>
      {n > 0 && (
        <span className="keyhints nowrap">
          <Kbd>J</Kbd>
          <Kbd>K</Kbd> {w.move}{' '}
          {choosing && (
            <>
              <Kbd>X</Kbd> {w.choose}{' '}
            </>
          )}
          {opening && (
            <>
              <Kbd>Enter</Kbd> {w.open}
            </>
          )}
        </span>
      )}
      <span className="end row">
        {news > 0 && (
          <span className="nowrap" role="status">
            <span className="asof">
              {w.asOf(hour(new Date(list.readAt)))}
              <Sep />
            </span>
            {w.news(news > 99 ? '99+' : String(news))}{' '}
            <button type="button" className="link" onClick={list.refetch}>
              {w.refresh}
            </button>
          </span>
        )}
        {(list.hasNext || list.hasBefore) && (
          <Space.Compact>
            <Button size="small" disabled={!list.hasBefore} onClick={list.before}>
              {house.before}
            </Button>
            <Button size="small" disabled={!list.hasNext} onClick={list.next}>
              {house.next}
            </Button>
          </Space.Compact>
        )}
      </span>
    </footer>
  )
}
