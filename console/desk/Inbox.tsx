import { Link } from '@tanstack/react-router'
import { Button, Segmented, Tooltip } from 'antd'
import { memo, useMemo } from 'react'
import type { Conversation } from '#contract/messaging.ts'
import { routing } from '#contract/routing.ts'
import { useMay } from '../app/me.ts'
import { useAct } from '../kit/data.ts'
import { IconHistory } from '../kit/icons.ts'
import { ChannelGlyph, Empty, Failure, SlaChip, TierTag, Waiting } from '../kit/parts.tsx'
import { ago, clockText, hour, useNow } from '../kit/time.ts'
import { type Box, useBox } from '../messaging/inbox.ts'
import { groups, type Turn, turnOf } from '../messaging/rules.ts'
import { showPresence, useMine, useQueueName } from '../routing/presence.ts'
import { w } from './words.ts'

const turnWord = (turn: Turn, box: Box): string =>
  box === 'team' && turn === 'mine'
    ? w.turnTheirs
    : { mine: w.turnMine, wrap: w.turnWrap, customer: w.turnCustomer, free: w.turnFree, left: w.turnLeft, later: w.turnLater }[turn]
/** Under my own conversations stand a few that I could take. */
const freeShown = 5

/** What the inbox shows, in the order of its rows; also what J and K walk through. */
export function useInboxRows(box: Box): { rows: Conversation[]; list: ReturnType<typeof useBox>; counts: { mine: number; queue: number } } {
  const mine = useBox('mine')
  const queue = useBox('queue')
  const other = useBox(box === 'team' ? 'team' : 'done', box === 'team' || box === 'done')
  const list = box === 'mine' ? mine : box === 'queue' ? queue : other
  const now = useNow(5_000)
  const rows = useMemo(() => {
    if (box === 'done') return list.data?.rows ?? []
    const free = box === 'mine' ? (queue.data?.rows ?? []).slice(0, freeShown) : []
    return groups([...(list.data?.rows ?? []), ...free], now).flatMap(g => g.rows)
  }, [box, list.data, queue.data, now])
  return {
    rows,
    list,
    counts: { mine: mine.data?.rows.length ?? 0, queue: (queue.data?.rows ?? []).filter(c => c.state === 'waiting').length },
  }
}

type Props = { box: Box; setBox: (box: Box) => void; chosen: string | undefined; choose: (id: string) => void; meId: string } & ReturnType<
  typeof useInboxRows
>

export function Inbox({ box, setBox, chosen, choose, meId, rows, list, counts }: Props) {
  const may = useMay()
  const now = useNow(5_000)
  const shown = box === 'done' ? [] : groups(rows, now)
  const boxes: { value: Box; label: string }[] = [
    { value: 'mine', label: counts.mine > 0 ? `${w.mine} ${counts.mine}` : w.mine },
    { value: 'queue', label: counts.queue > 0 ? `${w.queue} ${counts.queue}` : w.queue },
    ...(may('conversation:supervise') ? [{ value: 'team' as const, label: w.team }] : []),
  ]
  return (
    <aside className="inbox" aria-label={w.inbox}>
      <header className="row between">
        <h2>{box === 'done' ? w.done : w.inbox}</h2>
        <Tooltip title={w.done}>
          <Button
            type="text"
            size="small"
            aria-label={w.done}
            aria-pressed={box === 'done'}
            icon={<IconHistory size={16} stroke={1.75} />}
            onClick={() => setBox(box === 'done' ? 'mine' : 'done')}
          />
        </Tooltip>
      </header>
      <div className="boxes">
        <Segmented<Box> block size="small" value={box} options={boxes} onChange={setBox} />
      </div>
      {list.error && (
        <div style={{ padding: '0 12px 8px' }}>
          <Failure
            error={list.error}
            retry={() => {
              void list.refetch()
            }}
            {...(list.data ? { readAt: list.dataUpdatedAt } : {})}
          />
        </div>
      )}
      <div className="rows">
        {list.isPending && !list.error && <Waiting rows={6} />}
        {box === 'done' && rows.length > 0 && (
          <section>
            <h3 className="grp">{w.finished}</h3>
            {rows.map(c => (
              <Row key={c.id} c={c} box={box} on={c.id === chosen} choose={choose} mine />
            ))}
          </section>
        )}
        {shown.map(group => (
          <section key={group.turn} aria-label={turnWord(group.turn, box)}>
            <h3 className="grp">
              {turnWord(group.turn, box)} <span>{group.rows.length}</span>
            </h3>
            {group.rows.map(c => (
              <Row key={c.id} c={c} box={box} on={c.id === chosen} choose={choose} mine={c.agentId === meId} />
            ))}
          </section>
        ))}
        {list.data?.next && (
          <p className="t3 f12" style={{ padding: '8px 16px' }}>
            {w.more}
          </p>
        )}
        {list.data && rows.length === 0 && <None box={box} />}
      </div>
    </aside>
  )
}

type RowProps = { c: Conversation; box: Box; on: boolean; mine: boolean; choose: (id: string) => void }
const Row = memo(function Row({ c, box, on, mine, choose }: RowProps) {
  const queueName = useQueueName()
  const now = useNow(c.state === 'waiting' ? 1_000 : 15_000)
  const turn = turnOf(c, now)
  const waits = turn === 'free'
  const preview = c.preview || c.subject
  const line = c.lastAuthor === 'agent' && preview ? (mine ? w.you(preview) : w.they(c.agentName ?? '', preview)) : preview
  return (
    <button type="button" className="ib" aria-current={on ? 'true' : undefined} onClick={() => choose(c.id)} data-id={c.id}>
      <ChannelGlyph channel={c.channel} />
      <span className="grow">
        <span className="l1">
          <b className={c.unread > 0 ? 'm6 cut grow' : 'm5 cut grow'}>{c.customerName || w.visitor}</b>
          <TierTag tier={c.tier} />
          <span className={`f12 nowrap ${waits ? waitTone(now - c.startedAt.getTime()) : 't3'}`}>
            {waits ? clockText(now - c.startedAt.getTime()) : ago(c.lastAt)}
          </span>
        </span>
        <span className="l2">
          <span className="cut grow">{line}</span>
          {mine && !on && c.unread > 0 && (
            <span className="badge ac" role="img" aria-label={w.unread(c.unread)}>
              {c.unread > 99 ? '99+' : c.unread}
            </span>
          )}
        </span>
        <span className="l3">
          {turn === 'mine' || turn === 'left' ? (
            <SlaChip due={c.replyDue} start={turn === 'left' ? c.startedAt : c.lastAt} label={w.reply} />
          ) : null}
          {turn === 'customer' && <SlaChip due={c.lastAt} start={c.startedAt} pausedAt={c.lastAt} />}
          {turn === 'later' && c.snoozedUntil && <span className="sla paused">{w.snoozedTo(hour(c.snoozedUntil))}</span>}
          {c.handingTo && <span className="tag ac cut">{w.handing(c.handingTo)}</span>}
          {c.rating !== null && <span className={`tag ${c.rating <= 2 ? 'ba' : c.rating >= 4 ? 'ok' : ''}`}>{w.ratedN(c.rating)}</span>}
          {c.state === 'active' && !c.customerOnline && box !== 'team' && <span className="tag">{w.away}</span>}
          <span className="tag cut">{(box === 'team' && c.agentName) || queueName(c.queueId) || c.queueName}</span>
        </span>
      </span>
    </button>
  )
})
const waitTone = (ms: number) => (ms > 60_000 ? 'bac m5' : ms > 20_000 ? 'wac m5' : 't3')

function None({ box }: { box: Box }) {
  const presence = useMine()?.presence
  const { act, acting } = useAct(routing.setMine, { done: showPresence })
  if (box === 'queue') return <Empty title={w.noneQueue} hint={w.noneQueueHint} />
  if (box === 'team') return <Empty title={w.noneTeam} />
  if (box === 'done') return <Empty title={w.noneDone} />
  if (presence?.state === 'ready')
    return (
      <Empty title={w.noneMine} hint={w.noneMineReady}>
        <Link to="/tickets" search={{ box: 'late' } as never}>
          <Button size="small">{w.seeLate}</Button>
        </Link>
      </Empty>
    )
  return (
    <Empty title={w.noneMine} hint={presence ? w.noneMineAway : ''}>
      {presence && (
        <Button
          type="primary"
          size="small"
          loading={acting}
          onClick={() => {
            void act({ body: { state: 'ready', reasonId: null } })
          }}
        >
          {w.becomeReady}
        </Button>
      )}
    </Empty>
  )
}
