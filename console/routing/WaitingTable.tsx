import { Link } from '@tanstack/react-router'
import { Button, Popover, Select } from 'antd'
import { useState } from 'react'
import { queues, routing, skills, type WaitingContact, waiting } from '#contract/routing.ts'
import { useRested } from '../app/people.tsx'
import { call, RefusalError, type ReplyOf } from '../kit/call.ts'
import { DataTable } from '../kit/DataTable.tsx'
import { queryClient, useFetch } from '../kit/data.ts'
import { ChannelGlyph, Empty, Sep, TierTag } from '../kit/parts.tsx'
import { tell, tellRefusal } from '../kit/tell.tsx'
import { clockText, roughText, useNow } from '../kit/time.ts'
import { nameOf, refusalText } from '../kit/words.ts'
import { useQueueName } from './presence.ts'
import { w } from './team.words.ts'

type Settled = ReplyOf<typeof waiting.move>

/** Who waits, in the order of their turn; a leader moves, puts ahead, gives. */
export function WaitingTable({ rows, more }: { rows: readonly WaitingContact[]; more: boolean }) {
  const now = useNow()
  const queueName = useQueueName()
  const known = useFetch(skills.list, { query: {} }, { staleTime: 300_000 }).data ?? []
  const [queueId, setQueueId] = useState<string | null>(null)
  const [chosen, setChosen] = useState<string[]>([])
  const shown = rows.filter(r => queueId === null || r.queueId === queueId)
  const picked = shown.filter(r => chosen.includes(r.id))
  const inUse = [...new Set(rows.map(r => r.queueId))]
  return (
    <section className="card" aria-label={w.waiting}>
      <header>
        <h2>{w.waiting}</h2>
        {more && <span className="t3 f12">{w.showsFirst(rows.length)}</span>}
        {queueId && <Outlook queueId={queueId} />}
        {inUse.length > 1 && (
          <Select
            className="end"
            size="small"
            style={{ minWidth: 140 }}
            aria-label={w.queue}
            value={queueId ?? ''}
            onChange={(id: string) => setQueueId(id || null)}
            options={[{ value: '', label: w.allQueues }, ...inUse.map(id => ({ value: id, label: queueName(id) }))]}
          />
        )}
      </header>
      {shown.length === 0 ? (
        <Empty title={w.noneWaiting} />
      ) : (
        <DataTable<WaitingContact>
          dataSource={shown}
          rowSelection={{ selectedRowKeys: picked.map(r => r.id), onChange: keys => setChosen(keys.map(String)) }}
          columns={[
            {
              key: 'customer',
              title: w.customer,
              render: (_, r) => (
                <span className="row nowrap">
                  <ChannelGlyph channel={r.channel} />
                  {r.conversationId ? (
                    <Link to="/desk" search={{ c: r.conversationId, box: 'team' } as never}>
                      {r.customerName || w.visitor}
                    </Link>
                  ) : (
                    r.customerName || w.visitor
                  )}
                  <TierTag tier={r.tier} />
                  {r.ahead && <span className="tag wa">{w.ahead}</span>}
                  {r.callBack && <span className="tag ac">{w.callBack}</span>}
                  {r.subject && (
                    <>
                      <Sep />
                      <span className="t2 cut subject">{r.subject}</span>
                    </>
                  )}
                </span>
              ),
            },
            { key: 'queue', title: w.queue, render: (_, r) => queueName(r.queueId) },
            {
              key: 'waited',
              title: w.waited,
              align: 'end',
              render: (_, r) => {
                const ms = now - r.waitingSince.getTime()
                return <b className={`m6 ${ms > 60_000 ? 'bac' : ms > 20_000 ? 'wac' : ''}`}>{clockText(ms)}</b>
              },
            },
            { key: 'stands', title: w.stands, render: (_, r) => <Standing row={r} skills={known} /> },
          ]}
        />
      )}
      {picked.length > 0 && <Bulk rows={picked} choose={setChosen} />}
    </section>
  )
}

function Standing({ row: r, skills: known }: { row: WaitingContact; skills: readonly { id: string; name: string; nameEn: string }[] }) {
  if (r.ringsFor) return <span className="tag ac">{w.ringsFor(r.ringsFor)}</span>
  if (r.preferredAgentName) return <span className="tag">{w.reserved(r.preferredAgentName)}</span>
  if (r.heldByName) return <span className="tag">{w.heldBy(r.heldByName)}</span>
  if (r.needs.length === 0) return <span className="t3">{w.anyone}</span>
  return (
    <span className="row" style={{ gap: 4 }}>
      {r.needs.map(n => {
        const skill = known.find(s => s.id === n.skillId)
        return (
          <span key={n.skillId} className="tag">
            {skill ? nameOf(skill) : ''} ≥ {n.level}
          </span>
        )
      })}
    </span>
  )
}

function Outlook({ queueId }: { queueId: string }) {
  const { data } = useFetch(waiting.outlook, { queueId }, { refetchInterval: 15_000 })
  if (!data) return null
  return <span className="t3 f12">{data.estimate === null ? w.noneReady : w.outlook(roughText(data.estimate * 1000))}</span>
}

/** What was refused stays chosen, and it is said of each why. */
function Bulk({ rows, choose }: { rows: readonly WaitingContact[]; choose: (ids: string[]) => void }) {
  const all = useFetch(queues.list, { query: {} }, { staleTime: 300_000 }).data ?? []
  const [busy, setBusy] = useState(false)
  const ids = rows.map(r => r.id)
  const channel = rows[0]?.channel
  const why = ({ id, code, facts }: Settled['refused'][number]) =>
    w.refused(rows.find(r => r.id === id)?.customerName || w.visitor, refusalText(code, facts))
  const run = async (act: () => Promise<Settled>) => {
    setBusy(true)
    try {
      const { done, refused } = await act()
      if (refused.length === 0) tell(w.settled(done.length))
      else tellRefusal({ code: 'several', message: w.settledBut(done.length, refused.length, refused.slice(0, 3).map(why).join(w.and)) })
      choose(refused.map(r => r.id))
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      tellRefusal(error)
    }
    setBusy(false)
    await queryClient.invalidateQueries({ queryKey: ['waiting'] })
  }
  const allAhead = rows.every(r => r.ahead)
  return (
    <div className="bulk" role="toolbar" aria-label={w.chosenContacts(rows.length)}>
      <b className="nowrap">{w.chosenContacts(rows.length)}</b>
      <Button type="text" disabled={busy} onClick={() => void run(() => call(waiting.prioritise, { body: { ids, ahead: !allAhead } }))}>
        {allAhead ? w.putBack : w.putAhead}
      </Button>
      <Popover
        trigger="click"
        placement="top"
        title={w.moveTo}
        content={
          <Select
            autoFocus
            style={{ width: 220 }}
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={w.queue}
            placeholder={w.queue}
            options={all.filter(q => q.channel === channel).map(q => ({ value: q.id, label: nameOf(q) }))}
            onSelect={(queueId: string) => void run(() => call(waiting.move, { body: { ids, queueId } }))}
          />
        }
      >
        <Button type="text" disabled={busy}>
          {w.moveTo}
        </Button>
      </Popover>
      <Popover
        trigger="click"
        placement="top"
        title={w.giveTo}
        content={channel && <Ready channel={channel} choose={agentId => void run(() => call(waiting.give, { body: { ids, agentId } }))} />}
      >
        <Button type="text" disabled={busy}>
          {w.giveTo}
        </Button>
      </Popover>
      <Button type="text" onClick={() => choose([])}>
        {w.unchoose}
      </Button>
    </div>
  )
}

/** Whoever is ready and serves the channel: the first by name, and whoever is typed for. */
function Ready({ channel, choose }: { channel: WaitingContact['channel']; choose: (agentId: string) => void }) {
  const [typed, setTyped] = useState('')
  const q = useRested(typed.trim())
  const { data } = useFetch(routing.team, { query: { state: 'ready', channel, ...(q ? { q } : {}) } }, { staleTime: 3_000 })
  if (data?.rows.length === 0 && !q) return w.noneReady
  return (
    <Select
      autoFocus
      style={{ width: 220 }}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      aria-label={w.agent}
      placeholder={w.agent}
      options={data?.rows.map(m => ({ value: m.agentId, label: m.agentName })) ?? []}
      onSelect={choose}
    />
  )
}
