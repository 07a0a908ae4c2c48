import { Button, Input, Segmented } from 'antd'
import { type KeyboardEvent, useState } from 'react'
import { type Conversation, conversations } from '#contract/messaging.ts'
import { queues, routing } from '#contract/routing.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { command } from '../kit/hotkeys.ts'
import { Avatar, Empty, StateChip } from '../kit/parts.tsx'
import { nameOf } from '../kit/words.ts'
import { keep } from './inbox.ts'
import { w } from './words.ts'

type Choice = { id: string; name: string; free: boolean; facts: React.ReactNode }

/** Hands the conversation to a colleague or a queue. It stays here until the other side takes it. */
export default function Transfer({ c, done }: { c: Conversation; done: () => void }) {
  const [to, setTo] = useState<'agent' | 'queue'>('agent')
  const [seek, setSeek] = useState('')
  const [at, setAt] = useState(0)
  const [chosen, setChosen] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const { act, acting } = useAct(conversations.transfer, { done: keep })
  const agents = useAgents(c)
  const others = useQueues(c)
  const all = (to === 'agent' ? agents : others).filter(a => a.name.toLowerCase().includes(seek.trim().toLowerCase()))
  const target = chosen ?? all[at]?.id ?? null

  const hand = async () => {
    if (!target || acting) return
    const handed = await act({ id: c.id, body: { ...(to === 'agent' ? { agentId: target } : { queueId: target }), note: note.trim() } })
    if (handed) done()
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      done()
      return
    }
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      event.stopPropagation()
      event.nativeEvent.stopImmediatePropagation()
      void hand()
    }
  }
  const choosing = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    setChosen(null)
    setAt(Math.max(0, Math.min(all.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1))))
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields inside
    <div className="transfer col" onKeyDown={key}>
      <Segmented<'agent' | 'queue'>
        block
        value={to}
        options={[
          { value: 'agent', label: w.toAgent },
          { value: 'queue', label: w.toQueue },
        ]}
        onChange={value => {
          setTo(value)
          setSeek('')
          setAt(0)
          setChosen(null)
        }}
      />
      <Input
        autoFocus
        allowClear
        value={seek}
        placeholder={to === 'agent' ? w.seekAgent : w.seekQueue}
        aria-label={to === 'agent' ? w.seekAgent : w.seekQueue}
        onChange={event => {
          setSeek(event.target.value)
          setAt(0)
          setChosen(null)
        }}
        onKeyDown={choosing}
      />
      <div role="listbox" aria-label={to === 'agent' ? w.toAgent : w.toQueue}>
        {all.map(a => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the arrows of the field above choose
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field above
          <div key={a.id} role="option" aria-selected={a.id === target} className={a.free ? '' : 'full'} onClick={() => setChosen(a.id)}>
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
      <Input.TextArea
        value={note}
        maxLength={1000}
        autoSize={{ minRows: 2, maxRows: 4 }}
        placeholder={w.handNote}
        aria-label={w.handNote}
        onChange={event => setNote(event.target.value)}
      />
      <div className="row">
        <Button
          type="primary"
          disabled={!target}
          loading={acting}
          onClick={() => {
            void hand()
          }}
        >
          {w.hand} <kbd>{command === '⌘' ? '⌘↵' : 'Ctrl ↵'}</kbd>
        </Button>
        <span className="t3 f12">{w.handHint}</span>
      </div>
    </div>
  )
}

function useAgents(c: Conversation): Choice[] {
  const { data } = useFetch(routing.colleagues, {}, { staleTime: 3_000, refetchInterval: 8_000 })
  const order = { ready: 0, wrap: 1, busy: 2, break: 3, offline: 4 }
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

function useQueues(c: Conversation): Choice[] {
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
