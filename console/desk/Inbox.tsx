import { Link } from '@tanstack/react-router'
import { Button, Segmented, Tooltip } from 'antd'
import { memo, useMemo } from 'react'
import type { Conversation } from '#contract/messaging.ts'
import { routing } from '#contract/routing.ts'
import type { MyCall } from '#contract/voice.ts'
import { useMay } from '../app/me.ts'
import { useAct } from '../kit/data.ts'
import { IconHistory } from '../kit/icons.ts'
import { ChannelGlyph, Empty, Failure, SlaChip, TierTag, Waiting } from '../kit/parts.tsx'
import { ago, clockText, hour, useNow } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { type Box, useBox } from '../messaging/inbox.ts'
import { groups, type Turn, turnOf } from '../messaging/rules.ts'
import { showPresence, useMine, useQueueName } from '../routing/presence.ts'
import { useMyPhone } from '../voice/phone.ts'
import { inDesk, isRunning } from '../voice/rules.ts'
import { nameOfCall, numberOfCall, stateOfCall } from '../voice/useCall.ts'
import { w } from './words.ts'

const turnWord = (turn: Turn, box: Box): string =>
  box === 'team' && turn === 'mine'
    ? w.turnTheirs
    : { mine: w.turnMine, wrap: w.turnWrap, customer: w.turnCustomer, free: w.turnFree, left: w.turnLeft, later: w.turnLater }[turn]
/** Under my own conversations stand a few that I could take. */
const freeShown = 5

/** What the inbox shows, in the order of its rows; also what J and K walk through. Calls go before whatever is written. */
export function useInboxRows(
  box: Box,
  meId: string,
): { calls: MyCall[]; rows: Conversation[]; list: ReturnType<typeof useBox>; counts: { mine: number; queue: number } } {
  const mine = useBox('mine')
  const queue = useBox('queue')
  const other = useBox(box === 'team' ? 'team' : 'done', box === 'team' || box === 'done')
  const list = box === 'mine' ? mine : box === 'queue' ? queue : other
  const mineByPhone = useMyPhone()?.calls
  const calls = useMemo(() => (box === 'mine' ? inDesk(mineByPhone ?? [], meId) : []), [box, mineByPhone, meId])
  const now = useNow(5_000)
  const rows = useMemo(() => {
    if (box === 'done') return list.data?.rows ?? []
    const free = box === 'mine' ? (queue.data?.rows ?? []).slice(0, freeShown) : []
    return groups([...(list.data?.rows ?? []), ...free], now).flatMap(g => g.rows)
  }, [box, list.data, queue.data, now])
  return {
    calls,
    rows,
    list,
    counts: {
      mine: (mine.data?.rows.length ?? 0) + (box === 'mine' ? calls.length : 0),
      queue: (queue.data?.rows ?? []).filter(c => c.state === 'waiting').length,
    },
  }
}

type Props = {
  box: Box
  setBox: (box: Box) => void
  chosen: string | undefined
  choose: (id: string) => void
  chooseCall: (id: string) => void
  meId: string
} & ReturnType<typeof useInboxRows>

export function Inbox({ box, setBox, chosen, choose, chooseCall, meId, calls, rows, list, counts }: Props) {
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
        <Calls calls={calls.filter(isRunning)} word={w.turnCall} chosen={chosen} choose={chooseCall} meId={meId} />
        <Calls calls={calls.filter(call => !isRunning(call))} word={w.turnWrap} chosen={chosen} choose={chooseCall} meId={meId} />
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
        {list.data && rows.length === 0 && calls.length === 0 && <None box={box} />}
      </div>
    </aside>
  )
}

type CallsProps = { calls: readonly MyCall[]; word: string; chosen: string | undefined; choose: (id: string) => void; meId: string }
function Calls({ calls, word, chosen, choose, meId }: CallsProps) {
  const queueName = useQueueName()
  const now = useNow()
  if (calls.length === 0) return null
  return (
    <section aria-label={word}>
      <h3 className="grp">
        {word} <span>{calls.length}</span>
      </h3>
      {calls.map(call => {
        const state = stateOfCall(call, meId)
        const since = isRunning(call) ? (call.talkingSince ?? call.startedAt) : call.endedAt
        return (
          <button
            key={call.id}
            type="button"
            className="ib"
            aria-current={call.id === chosen ? 'true' : undefined}
            onClick={() => choose(call.id)}
            data-id={call.id}
          >
            <ChannelGlyph channel="phone" />
            <span className="grow">
              <span className="l1">
                <b className="m6 cut grow">{nameOfCall(call)}</b>
                <span className={`f12 nowrap m5 ${isRunning(call) ? 'ac' : 't3'}`}>{since && clockText(now - since.getTime())}</span>
              </span>
              <span className="l2">
                <span className="cut grow">
                  {[nameOf({ name: call.numberName, nameEn: call.numberNameEn }), numberOfCall(call)].filter(text => text !== '').join(' ')}
                </span>
              </span>
              <span className="l3">
                {state.word && <span className={`tag ${state.tone}`}>{state.word}</span>}
                {call.queueId && <span className="tag cut">{queueName(call.queueId)}</span>}
              </span>
            </span>
          </button>
        )
      })}
    </section>
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
          <span className="tag cut">{(box === 'team' && c.agentName) || queueName(c.queueId, c.queueName)}</span>
        </span>
      </span>
    </button>
  )
})
const waitTone = (ms: number) => (ms > 60_000 ? 'bac m5' : ms > 20_000 ? 'wac m5' : 't3')

function None({ box }: { box: Box }) {
  const presence = useMine()?.presence
  const onCall = useMyPhone()?.calls.some(isRunning) ?? false
  const practises = useMyPhone()?.lines.some(line => line.kind === 'practice') ?? false
  const { act, acting } = useAct(routing.setMine, { done: showPresence })
  if (box === 'queue') return <Empty title={w.noneQueue} hint={w.noneQueueHint} />
  if (box === 'team') return <Empty title={w.noneTeam} />
  if (box === 'done') return <Empty title={w.noneDone} />
  // What comes after the call was chosen before it.
  if (onCall || presence?.state === 'call' || presence?.state === 'ringing')
    return <Empty title={w.noneMine} hint={presence?.chosen === 'ready' ? w.noneMineCall : ''} />
  if (presence?.chosen === 'ready')
    return (
      <Empty title={w.noneMine} hint={presence.state === 'ready' ? w.noneMineReady : w.noneMineWrap}>
        <Link to="/tickets" search={{ box: 'late' } as never}>
          <Button size="small">{w.seeLate}</Button>
        </Link>
        {practises && (
          <Button size="small" href="/phone" target="_blank" rel="noopener" title={w.practiceHint}>
            {w.practicePhone}
          </Button>
        )}
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
