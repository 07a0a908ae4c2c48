import { useNavigate } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { blocks } from '#contract/blocks.ts'
import { teams } from '#contract/identity.ts'
import { conversations } from '#contract/messaging.ts'
import { type Member, routing, waiting } from '#contract/routing.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { IconAlertTriangle, IconHandStop, IconShield } from '../kit/icons.ts'
import { Avatar, Empty, Failure, Timer, Waiting } from '../kit/parts.tsx'
import { TeamTable } from './TeamTable.tsx'
import '../kit/list.css'
import './team.css'
import { w } from './team.words.ts'
import { WaitingTable } from './WaitingTable.tsx'

/** The shift now: who needs help, who is at work, who waits. */
export default function TeamPage() {
  const go = useNavigate()
  const [teamId, setTeamId] = useState<string | null>(null)
  const team = useFetch(routing.team, {}, { refetchInterval: 15_000 })
  const names = useFetch(teams.list, { query: {} }, { staleTime: 300_000 }).data ?? []
  const talks = useFetch(conversations.list, { query: { box: 'team', size: 200 } }, { refetchInterval: 15_000 }).data?.rows ?? []
  const queued = useFetch(waiting.list, { query: { size: 100 } }, { refetchInterval: 10_000 })
  useFresh('presence', 'presence')
  useFresh('hand', 'presence')
  useFresh('contact', 'waiting')
  useFresh('interaction', 'waiting', 'presence', 'conversations')
  if (team.error && !team.data) return <Failure error={team.error} retry={() => void team.refetch()} />
  if (!team.data) return <Waiting rows={8} />
  const members = team.data.filter(m => teamId === null || m.teamId === teamId)
  const used = names.filter(t => team.data.some(m => m.teamId === t.id))
  const waits = queued.data?.rows.length ?? 0
  const talkOf = new Map(talks.map(c => [c.interactionId, c]))
  return (
    <div className="page team">
      <header>
        <h1>{w.title}</h1>
        <span className="row t2 nowrap">
          {w.atWork(members.filter(m => m.state !== 'offline').length)}
          <i className="sep" />
          {w.ready(members.filter(m => m.state === 'ready').length)}
          <i className="sep" />
          {w.waitingNow(queued.data?.next ? `${waits}+` : String(waits))}
        </span>
        {used.length > 1 && (
          <Select
            className="end"
            style={{ minWidth: 140 }}
            aria-label={w.allTeams}
            value={teamId ?? ''}
            onChange={(id: string) => setTeamId(id || null)}
            options={[{ value: '', label: w.allTeams }, ...used.map(t => ({ value: t.id, label: t.name }))]}
          />
        )}
      </header>
      {team.error && <Failure error={team.error} retry={() => void team.refetch()} readAt={team.dataUpdatedAt} />}
      <Help members={members} talkOf={id => talkOf.get(id)?.id} />
      {members.length === 0 ? (
        <Empty title={w.nobody} hint={w.nobodyHint}>
          <Button onClick={() => void go({ to: '/settings/staffing' })}>{w.staff}</Button>
        </Empty>
      ) : (
        <TeamTable members={members} talkOf={id => talkOf.get(id)} />
      )}
      {queued.error ? (
        <Failure error={queued.error} retry={() => void queued.refetch()} readAt={queued.dataUpdatedAt} />
      ) : (
        <WaitingTable rows={queued.data?.rows ?? []} more={Boolean(queued.data?.next)} members={team.data} />
      )}
    </div>
  )
}

/** Shown only when somebody does: raised hands first, then whoever was set aside, then proposals to block. */
function Help({ members, talkOf }: { members: readonly Member[]; talkOf: (interactionId: string) => string | undefined }) {
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
