import { Input, Segmented } from 'antd'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import type { Conversation } from '#contract/messaging.ts'
import { queues, routing } from '#contract/routing.ts'
import { useRested } from '../app/people.tsx'
import { useFetch } from '../kit/data.ts'
import { Avatar, Empty, StateChip } from '../kit/parts.tsx'
import { nameOf } from '../kit/words.ts'
import './receivers.css'
import { w } from './receivers.words.ts'

/** Who has it now. */
type From = Pick<Conversation, 'channel' | 'agentId' | 'queueId'>
type Found = { id: string; name: string; free: boolean; facts: ReactNode }
type Kind = 'agent' | 'queue' | 'number'

/** Looks for whom a contact is handed to: a colleague, a queue, or an outside number as it is typed. */
export function useReceiver(where: From) {
  const [to, setTo] = useState<Kind>('agent')
  const [seek, setSeek] = useState('')
  const [at, setAt] = useState(0)
  const [chosen, choose] = useState<string | null>(null)
  const text = seek.trim()
  const agents = useAgents(where, useRested(to === 'agent' ? text : ''))
  const others = useQueues(where)
  const all = (to === 'agent' ? agents : to === 'queue' ? others : []).filter(a => a.name.toLowerCase().includes(text.toLowerCase()))
  const type = (next: string) => {
    setSeek(next)
    setAt(0)
    choose(null)
  }
  return {
    to,
    turn: (next: Kind) => {
      setTo(next)
      type('')
    },
    seek,
    type,
    all,
    id: chosen ?? all[at]?.id ?? null,
    choose,
    go: (by: 1 | -1) => {
      choose(null)
      setAt(Math.max(0, Math.min(all.length - 1, at + by)))
    },
  }
}

type Props = { receiver: ReturnType<typeof useReceiver>; kinds: readonly Kind[] }
export function Receivers({ receiver: { to, turn, seek, type, all, id, choose, go }, kinds }: Props) {
  const placeholder = to === 'agent' ? w.seekAgent : to === 'queue' ? w.seekQueue : w.seekNumber
  const key = (event: KeyboardEvent) => {
    if (to === 'number' || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
    event.preventDefault()
    go(event.key === 'ArrowDown' ? 1 : -1)
  }
  return (
    <>
      <Segmented<Kind> block value={to} options={kinds.map(value => ({ value, label: w[value] }))} onChange={turn} />
      <Input
        key={to}
        autoFocus
        allowClear
        value={seek}
        inputMode={to === 'number' ? 'tel' : 'text'}
        placeholder={placeholder}
        aria-label={placeholder}
        onChange={event => type(event.target.value)}
        onKeyDown={key}
      />
      {to !== 'number' && (
        <div role="listbox" aria-label={w[to]}>
          {all.map(a => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the arrows of the field above choose
            // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field above
            <div key={a.id} role="option" aria-selected={a.id === id} className={a.free ? '' : 'full'} onClick={() => choose(a.id)}>
              {to === 'agent' && <Avatar name={a.name} />}
              <span className="cut grow">{a.name}</span>
              {a.facts}
            </div>
          ))}
          {all.length === 0 && (
            <div className="none">
              <Empty title={to === 'agent' ? w.nobody : w.noQueue} />
            </div>
          )}
        </div>
      )}
    </>
  )
}

function useAgents(c: From, q: string): Found[] {
  const { data } = useFetch(
    routing.colleagues,
    { query: { channel: c.channel, ...(q ? { q } : {}) } },
    { staleTime: 3_000, refetchInterval: 8_000 },
  )
  const order = { ready: 0, wrap: 1, ringing: 2, call: 3, busy: 4, break: 5, offline: 6 }
  return (data ?? [])
    .filter(p => p.agentId !== c.agentId)
    .map(p => ({ p, load: p.load.find(l => l.channel === c.channel) }))
    .filter(({ load }) => load && load.capacity > 0)
    .sort((a, b) => order[a.p.state] - order[b.p.state] || (a.load?.used ?? 0) - (b.load?.used ?? 0))
    .map(({ p, load }) => ({
      id: p.agentId,
      name: p.agentName,
      free: p.state === 'ready' && (load?.used ?? 0) < (load?.capacity ?? 0),
      facts: (
        <>
          {load && <span className="t3 f12">{w.load(load.used, load.capacity)}</span>}
          <StateChip small state={p.state} />
        </>
      ),
    }))
}

function useQueues(c: From): Found[] {
  const all = useFetch(queues.list, { query: {} }, { staleTime: 300_000 }).data
  const pulse = useFetch(routing.pulse, {}, { staleTime: 3_000 }).data
  return (all ?? [])
    .filter(q => !q.retired && q.channel === c.channel && q.id !== c.queueId)
    .sort((a, b) => a.position - b.position)
    .map(q => {
      const now = pulse?.find(p => p.queueId === q.id)
      return {
        id: q.id,
        name: nameOf(q),
        free: (now?.ready ?? 0) > 0,
        facts: now && <span className="t3 f12">{w.queueLoad(now.waiting, now.ready)}</span>,
      }
    })
}
