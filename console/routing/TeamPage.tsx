import { useNavigate } from '@tanstack/react-router'
import { Button, type InputRef, Segmented, Select } from 'antd'
import { useRef } from 'react'
import { blocks } from '#contract/blocks.ts'
import { conversations } from '#contract/messaging.ts'
import { teams } from '#contract/people.ts'
import { routing, waiting } from '#contract/routing.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import type { InputOf } from '../kit/call.ts'
import { useAct, useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconAlertTriangle, IconHandStop, IconShield } from '../kit/icons.ts'
import { SeekBox } from '../kit/ListParts.tsx'
import { Avatar, Empty, Failure, stateWord, Timer } from '../kit/parts.tsx'
import { CallsNow, useCallsNow } from '../voice/records/CallsNow.tsx'
import { TeamTable } from './TeamTable.tsx'
import '../kit/list.css'
import './team.css'
import { w } from './team.words.ts'
import { WaitingTable } from './WaitingTable.tsx'

type State = NonNullable<InputOf<typeof routing.team>['query']>['state']
const chosen = ['ready', 'busy', 'break', 'offline'] as const

/** The shift now: who needs help, who is at work, who waits. */
export default function TeamPage() {
  const go = useNavigate()
  const [filters, filter] = useFilters(routing.team)
  const { teamId, q } = filters
  const state = filters.state ?? 'working'
  const team = useListing(routing.team, { ...filters, state }, { refetchInterval: 15_000 })
  const counts = useFetch(routing.shiftNow, { query: teamId ? { teamId } : {} }, { refetchInterval: 15_000 }).data
  const names = useFetch(teams.list, { query: {} }, { staleTime: 300_000 }).data ?? []
  const talks = useFetch(conversations.list, { query: { box: 'team', size: 200 } }, { refetchInterval: 15_000 }).data?.rows ?? []
  const queued = useFetch(waiting.list, { query: { size: 100 } }, { refetchInterval: 10_000 })
  const seek = useRef<InputRef>(null)
  useHotkey('/', () => seek.current?.focus())
  useFresh('presence', 'presence')
  useFresh('hand', 'presence')
  useFresh('contact', 'waiting')
  useFresh('interaction', 'waiting', 'presence', 'conversations')
  const waits = queued.data?.rows.length ?? 0
  const talkOf = new Map(talks.map(c => [c.interactionId, c]))
  const running = useCallsNow().data ?? []
  const callOf = new Map(running.map(c => [c.interactionId, c]))
  return (
    <div className="page team">
      <header>
        <h1>{w.title}</h1>
        <span className="row t2 nowrap">
          {counts && (
            <>
              {w.atWork(counts.working)}
              <i className="sep" />
              {w.ready(counts.ready)}
              <i className="sep" />
            </>
          )}
          {w.waitingNow(queued.data?.next ? `${waits}+` : String(waits))}
        </span>
      </header>
      <Help talkOf={id => talkOf.get(id)?.id} />
      <CallsNow />
      {counts?.agents === 0 ? (
        <Empty title={w.nobody} hint={w.nobodyHint}>
          <Button onClick={() => void go({ to: '/settings/staffing' })}>{w.staff}</Button>
        </Empty>
      ) : (
        <>
          <div className="row wrap">
            <span className="find">
              <SeekBox hint={w.findAgent} text={q ?? ''} seek={text => filter({ q: text })} field={seek} />
            </span>
            <Segmented<State>
              aria-label={w.state}
              value={state}
              onChange={next => filter({ state: next === 'working' ? undefined : next })}
              options={[{ value: 'working', label: w.working }, ...chosen.map(value => ({ value, label: stateWord(value) }))]}
            />
            {names.length > 1 && (
              <Select
                style={{ minWidth: 140 }}
                aria-label={w.allTeams}
                showSearch={{ optionFilterProp: 'label' }}
                value={teamId ?? ''}
                onChange={id => filter({ teamId: id || undefined })}
                options={[{ value: '', label: w.allTeams }, ...names.map(t => ({ value: t.id, label: t.name }))]}
              />
            )}
          </div>
          <TeamTable list={team} talkOf={id => talkOf.get(id)} callOf={id => callOf.get(id)} />
        </>
      )}
      {queued.error ? (
        <Failure error={queued.error} retry={() => void queued.refetch()} readAt={queued.dataUpdatedAt} />
      ) : (
        <WaitingTable rows={queued.data?.rows ?? []} more={Boolean(queued.data?.next)} />
      )}
    </div>
  )
}

/** Shown only when somebody does: raised hands first, then whoever was set aside, then proposals to block. */
function Help({ talkOf }: { talkOf: (interactionId: string) => string | undefined }) {
  const go = useNavigate()
  const may = useMay()
  const lowering = useAct(routing.lower, { also: ['presence'] })
  const forcing = useAct(routing.force)
  const proposals = useFetch(
    blocks.list,
    { query: { box: 'proposed' } },
    { enabled: may('conversation:supervise'), refetchInterval: 60_000 },
  )
  useFresh('block', 'blocks')
  const members = useFetch(routing.team, { query: { state: 'asking', size: 200 } }, { refetchInterval: 15_000 }).data?.rows ?? []
  const hands = members
    .filter(m => m.handRaisedAt !== null)
    .sort((a, b) => (a.handRaisedAt?.getTime() ?? 0) - (b.handRaisedAt?.getTime() ?? 0))
  const aside = members.filter(m => m.missed)
  const proposed = proposals.data?.rows ?? []
  if (hands.length + aside.length + proposed.length === 0) return null
  return (
    <section className="card help" aria-label={w.needHelp}>
      <header>
        <h2>{w.needHelp}</h2>
      </header>
      <ul aria-live="polite">
        {hands.map(m => {
          const talk = m.handInteractionId === null ? undefined : talkOf(m.handInteractionId)
          return (
            <li key={m.agentId} className="row">
              <IconHandStop size={20} className="wac" />
              <Avatar name={m.agentName} />
              <b className="m5">{m.agentName}</b>
              <span className="t2 cut grow">{m.handWords || w.handUp}</span>
              <span className="wac nowrap">{m.handRaisedAt && <Timer since={m.handRaisedAt} />}</span>
              {talk && (
                <Button size="small" onClick={() => void go({ to: '/desk', search: { c: talk, box: 'team' } as never })}>
                  {w.look}
                </Button>
              )}
              <Button size="small" type="primary" loading={lowering.acting} onClick={() => void lowering.act({ agentId: m.agentId })}>
                {w.came}
              </Button>
            </li>
          )
        })}
        {aside.map(m => (
          <li key={`aside ${m.agentId}`} className="row">
            <IconAlertTriangle size={20} className="wac" />
            <Avatar name={m.agentName} />
            <b className="m5">{m.agentName}</b>
            <span className="t2 cut grow">{w.setAside}</span>
            <Timer since={m.since} />
            <Button
              size="small"
              loading={forcing.acting}
              onClick={() => void forcing.act({ agentId: m.agentId, body: { state: 'ready', reasonId: null } })}
            >
              {w.makeReady}
            </Button>
          </li>
        ))}
        {proposed.map(b => (
          <li key={b.id} className="row">
            <IconShield size={20} className="t3" />
            <b className="m5">{w.proposed(b.proposedByName)}</b>
            <span className="t2 cut grow">{b.reason}</span>
            <Button size="small" onClick={() => void go({ to: '/settings/blocks' })}>
              {w.decide}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
