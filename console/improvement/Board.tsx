import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { type Board as BoardName, type Card, improvements, type Stage } from '#contract/improvement.ts'
import { useFetch } from '../kit/data.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconDots } from '../kit/icons.ts'
import { Menu } from '../kit/Menu.tsx'
import { Avatar, Failure, Kbd, SlaChip, Waiting } from '../kit/parts.tsx'
import { usePhone } from '../kit/useMedia.ts'
import { dayBefore, dayText } from './figures.ts'
import { Pair } from './Pair.tsx'
import { StageTag, sourceWord, VerdictTag } from './stages.tsx'
import { type Move, useMoves } from './useMoves.ts'
import { w } from './words.ts'

type Column = Exclude<BoardName, 'closed'>
type Filters = { ownerId?: string | undefined; stage?: Stage | undefined; late?: 'true' | undefined }
const columns: readonly { board: Column; name: () => string; hint: () => string }[] = [
  { board: 'plan', name: () => w.planCol, hint: () => w.planHint },
  { board: 'do', name: () => w.doCol, hint: () => w.doHint },
  { board: 'check', name: () => w.checkCol, hint: () => w.checkHint },
  { board: 'act', name: () => w.actCol, hint: () => w.actHint },
]

const useColumn = (board: Column, { ownerId, stage, late }: Filters) =>
  useFetch(
    improvements.list,
    { query: { board, size: 30, ...(ownerId ? { ownerId } : {}), ...(stage ? { stage } : {}), ...(late ? { late } : {}) } },
    { refetchInterval: 120_000 },
  )
type Fetched = ReturnType<typeof useColumn>
const countOf = ({ data }: Fetched) => (data ? (data.next ? `${data.rows.length}+` : String(data.rows.length)) : '')

/** Four columns side by side; on a phone one at a time. Cards are dragged, or walked with the arrows and moved by M. */
export function Board({ filters }: { filters: Filters }) {
  const go = useNavigate()
  const phone = usePhone()
  const found = {
    plan: useColumn('plan', filters),
    do: useColumn('do', filters),
    check: useColumn('check', filters),
    act: useColumn('act', filters),
  }
  const movesOf = useMoves(id => void go({ to: `/improvements/${id}` }))
  const [held, setHeld] = useState<Card | null>(null)
  const [turned, turnTo] = useState<Column | null>(null)
  const board = useRef<HTMLElement>(null)
  // Before any card has the focus, an arrow goes to the first.
  const enter = () => board.current?.querySelector<HTMLElement>('[data-card] a.name')?.focus()
  useHotkey('arrowdown', enter)
  useHotkey('arrowright', enter)
  const follow = useRef<string | null>(null)
  // The card that was moved keeps the focus in its new column.
  useEffect(() => {
    if (follow.current === null || document.activeElement !== document.body) return
    board.current?.querySelector<HTMLElement>(`[data-card="${follow.current}"] a.name`)?.focus()
  })
  const shown = turned ?? columns.find(c => (found[c.board].data?.rows.length ?? 0) > 0)?.board ?? 'plan'
  const ways = held ? movesOf(held) : []
  return (
    <>
      {phone && (
        <Segmented<Column>
          block
          value={shown}
          onChange={turnTo}
          options={columns.map(c => ({ value: c.board, label: `${c.name()} ${countOf(found[c.board])}` }))}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveElementInteractions: the keys belong to the links within */}
      <section
        className="board"
        aria-label={w.columns}
        ref={board}
        onKeyDown={event => {
          follow.current = null
          walk(event, board.current)
        }}
      >
        {columns
          .filter(column => !phone || column.board === shown)
          .map(column => (
            <OneColumn
              key={column.board}
              {...column}
              found={found[column.board]}
              movesOf={card => movesOf(card).map(move => ({ ...move, run: () => followed(follow, card, move) }))}
              hold={setHeld}
              held={held}
              way={ways.find(move => move.to === column.board)}
            />
          ))}
      </section>
      <p className="t3 f12 row keyhints boardkeys">
        <Kbd>← ↑ ↓ →</Kbd> {w.walk} <Kbd>M</Kbd> {w.moveTo} <Kbd>Enter</Kbd> {w.openIt}
      </p>
    </>
  )
}

function followed(follow: { current: string | null }, card: Card, move: Move) {
  follow.current = card.id
  move.run()
}

/** From card to card with the arrows; M offers the next steps of the one in focus. */
function walk(event: KeyboardEvent, board: HTMLElement | null) {
  const card = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-card]') : null
  if (!card || !board || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  const lists = [...board.querySelectorAll('ul')].map(ul => [...ul.querySelectorAll<HTMLElement>('[data-card]')])
  const x = lists.findIndex(list => list.includes(card))
  const y = lists[x]?.indexOf(card) ?? 0
  const beside = (by: 1 | -1) => {
    for (let at = x + by; at >= 0 && at < lists.length; at += by) {
      const list = lists[at] ?? []
      if (list.length > 0) return list[Math.min(y, list.length - 1)]
    }
    return undefined
  }
  if (event.key.toLowerCase() === 'm') card.querySelector<HTMLElement>('.moves')?.click()
  else {
    const to =
      event.key === 'ArrowDown'
        ? lists[x]?.[y + 1]
        : event.key === 'ArrowUp'
          ? lists[x]?.[y - 1]
          : event.key === 'ArrowRight'
            ? beside(1)
            : event.key === 'ArrowLeft'
              ? beside(-1)
              : null
    if (to === null) return
    to?.querySelector<HTMLElement>('a.name')?.focus()
  }
  event.preventDefault()
}

type ColumnProps = {
  board: Column
  name: () => string
  hint: () => string
  found: Fetched
  movesOf: (card: Card) => Move[]
  hold: (card: Card | null) => void
  held: Card | null
  way: Move | undefined
}
function OneColumn({ board, name, hint, found, movesOf, hold, held, way }: ColumnProps) {
  const go = useNavigate()
  const { data, error, refetch, dataUpdatedAt } = found
  const drop = (event: DragEvent) => {
    event.preventDefault()
    way?.run()
    hold(null)
  }
  return (
    <section
      className={`column ${held ? (way ? 'open' : held.board === board ? '' : 'shut') : ''}`}
      aria-label={name()}
      onDragOver={event => way && event.preventDefault()}
      onDrop={drop}
    >
      <header>
        <div className="row">
          <h2>{name()}</h2>
          <span className="t3">{countOf(found)}</span>
        </div>
        <p className="t3 f12">{hint()}</p>
      </header>
      {error && <Failure error={error} retry={() => void refetch()} readAt={dataUpdatedAt} />}
      {!data ? (
        !error && <Waiting rows={3} />
      ) : (
        <ul>
          {data.rows.map(card => {
            const moves = movesOf(card)
            return (
              <li
                key={card.id}
                data-card={card.id}
                draggable={moves.some(m => m.to !== null && m.to !== card.board)}
                onDragStart={() => hold(card)}
                onDragEnd={() => hold(null)}
              >
                <OneCard card={card} moves={moves} />
              </li>
            )
          })}
        </ul>
      )}
      {data?.next && (
        <Button type="link" size="small" onClick={() => void go({ to: '/improvements', search: { look: 'list', board } as never })}>
          {w.more}
        </Button>
      )}
    </section>
  )
}

function OneCard({ card, moves }: { card: Card; moves: readonly Move[] }) {
  return (
    <article className="card finding">
      <div className="row f12 t3">
        <span>{sourceWord(card.source.noun)}</span>
        {card.round > 1 && <span className="tag wa">{w.round(card.round)}</span>}
        <span className="end row">
          {card.figure?.verdict && card.stage === 'checked' ? <VerdictTag verdict={card.figure.verdict} /> : <StageTag card={card} />}
          {moves.length > 0 && (
            <Menu items={moves.map(({ name, blocked, run }) => ({ key: name, label: name, disabled: blocked === true, onClick: run }))}>
              <Button className="moves" type="text" size="small" aria-label={`${w.moveTo} ${card.title}`} icon={<IconDots size={16} />} />
            </Menu>
          )}
        </span>
      </div>
      <Link className="name" to={`/improvements/${card.id}`}>
        {card.title}
      </Link>
      {card.figure && <Pair figure={card.figure} />}
      <div className="row f12 t3 wrap">
        {card.ownerName ? (
          <span className="row" style={{ gap: 4 }}>
            <Avatar name={card.ownerName} size={20} />
            {card.ownerName}
          </span>
        ) : (
          w.nobody
        )}
        <span className="end row">
          {card.board === 'do' && card.actions.all > 0 && <span>{w.actionsOf(card.actions.done, card.actions.all)}</span>}
          {card.stage === 'checking' && card.figure?.until ? (
            <span>{w.until(dayText(dayBefore(card.figure.until)))}</span>
          ) : (
            card.dueAt && <SlaChip due={card.dueAt} start={card.openedAt} />
          )}
        </span>
      </div>
    </article>
  )
}
