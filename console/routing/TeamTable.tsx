import { Link } from '@tanstack/react-router'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import type { Conversation } from '#contract/messaging.ts'
import { type ChosenState, type Member, routing } from '#contract/routing.ts'
import type { CallLine } from '#contract/voice.ts'
import { ListTable } from '../kit/DataTable.tsx'
import { type Listed, useAct } from '../kit/data.ts'
import { submitKey } from '../kit/hotkeys.ts'
import { IconDots, IconHandStop, IconPhone } from '../kit/icons.ts'
import { Menu, type MenuItem } from '../kit/Menu.tsx'
import { Avatar, Empty, StateChip, stateWord } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { clockText, useNow } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { useReasons } from './presence.ts'
import { w } from './team.words.ts'

const states: readonly ChosenState[] = ['ready', 'busy', 'break', 'offline']
const order = { ready: 0, call: 0, ringing: 0, wrap: 0, busy: 1, break: 2, offline: 3 }

/** Everyone of the shift; several at once are logged in and out. */
export function TeamTable({
  list,
  talkOf,
  callOf,
}: {
  list: Listed<Member>
  talkOf: (interactionId: string) => Conversation | undefined
  callOf: (interactionId: string) => CallLine | undefined
}) {
  const members = list.rows
  const now = useNow()
  const reasons = useReasons()
  const [chosen, setChosen] = useState<string[]>([])
  const [saying, setSaying] = useState<Member | null>(null)
  const shift = useAct(routing.shift, { done: ({ changed }) => tell(w.changed(changed)) })
  const forcing = useAct(routing.force)
  const lowering = useAct(routing.lower)
  const there = chosen.filter(id => members.some(m => m.agentId === id))
  const all = async (state: 'ready' | 'offline') => {
    if (await shift.act({ body: { agentIds: there, state, reasonId: null } })) setChosen([])
  }
  const items = (m: Member): MenuItem[] => [
    ...states.map(state => ({
      key: state,
      label: w.setState(stateWord(state)),
      chosen: m.chosen === state,
      onClick: () => void forcing.act({ agentId: m.agentId, body: { state, reasonId: null } }),
    })),
    { type: 'divider' as const },
    { key: 'say', label: w.say, onClick: () => setSaying(m) },
    ...(m.handRaisedAt ? [{ key: 'lower', label: w.lower, onClick: () => void lowering.act({ agentId: m.agentId }) }] : []),
  ]
  const longest = (m: Member) => Math.min(...m.inHand.filter(h => !h.wrapping).map(h => h.since.getTime()))
  return (
    <section aria-label={w.agents}>
      <ListTable<Member>
        list={{ ...list, rows: members.toSorted((a, b) => order[a.state] - order[b.state]) }}
        rowKey="agentId"
        empty={<Empty title={w.nobodyFits} />}
        rowSelection={{ selectedRowKeys: there, onChange: keys => setChosen(keys.map(String)) }}
        columns={[
          {
            key: 'agent',
            title: w.agent,
            render: (_, m) => (
              <span className="row nowrap">
                <Avatar name={m.agentName} />
                <b className="m5">{m.agentName}</b>
                {m.handRaisedAt && <IconHandStop size={16} className="wac" aria-label={w.handUp} />}
                {!m.here && m.state !== 'offline' && <span className="tag wa">{w.away}</span>}
              </span>
            ),
          },
          {
            key: 'state',
            title: w.state,
            render: (_, m) => {
              const reason = reasons.find(r => r.id === m.reasonId)
              return (
                <StateChip small state={m.state} since={m.since} reason={m.state === m.chosen && reason ? nameOf(reason) : undefined} />
              )
            },
          },
          {
            key: 'load',
            title: w.load,
            render: (_, m) => {
              const [used, capacity] = m.load.reduce(([u, c], l) => [u + l.used, c + l.capacity], [0, 0])
              return m.state === 'offline' && used === 0 ? (
                ''
              ) : (
                <span className={used >= capacity ? 'wac' : ''}>{`${used}/${capacity}`}</span>
              )
            },
          },
          {
            key: 'inHand',
            title: w.inHand,
            render: (_, m) => (
              <span className="row wrap" style={{ gap: 4 }}>
                {m.inHand.map(h => {
                  const talk = talkOf(h.interactionId)
                  const call = callOf(h.interactionId)
                  return call ? (
                    <span key={h.interactionId} className={`row nowrap tag ${h.wrapping ? 'wr' : 'ac'}`}>
                      <IconPhone size={14} />
                      <span className="cut hand">{call.customerName || (call.direction === 'in' ? call.caller : call.called)}</span>
                    </span>
                  ) : talk ? (
                    <Link
                      key={h.interactionId}
                      to="/desk"
                      search={{ c: talk.id, box: 'team' } as never}
                      className={`tag ${h.wrapping ? 'wr' : 'ac'}`}
                    >
                      <span className="cut hand">{talk.customerName || talk.subject || w.visitor}</span>
                    </Link>
                  ) : null
                })}
              </span>
            ),
          },
          {
            key: 'longest',
            title: w.longest,
            align: 'end',
            render: (_, m) => (Number.isFinite(longest(m)) ? clockText(now - longest(m)) : ''),
          },
          { key: 'today', title: w.today, align: 'end', render: (_, m) => m.handledToday },
          {
            key: 'more',
            width: 48,
            render: (_, m) => (
              <Menu items={items(m)}>
                <Button type="text" size="small" icon={<IconDots size={16} />} aria-label={w.more(m.agentName)} />
              </Menu>
            ),
          },
        ]}
      />
      {there.length > 0 && (
        <div className="bulk" role="toolbar" aria-label={w.chosenAgents(there.length)}>
          <b className="nowrap">{w.chosenAgents(there.length)}</b>
          <Button type="text" loading={shift.acting} onClick={() => void all('ready')}>
            {w.logIn}
          </Button>
          <Button type="text" loading={shift.acting} onClick={() => void all('offline')}>
            {w.logOut}
          </Button>
          <Button type="text" onClick={() => setChosen([])}>
            {w.unchoose}
          </Button>
        </div>
      )}
      {saying && <Say to={saying} close={() => setSaying(null)} />}
    </section>
  )
}

function Say({ to, close }: { to: Member; close: () => void }) {
  const [text, setText] = useState('')
  const { act, acting } = useAct(routing.say)
  const send = async () => {
    if (!text.trim() || !(await act({ agentId: to.agentId, body: { text } }))) return
    tell(w.sent)
    close()
  }
  return (
    <Modal
      open
      title={w.sayTo(to.agentName)}
      okText={w.send}
      okButtonProps={{ disabled: !text.trim(), loading: acting }}
      onOk={() => void send()}
      onCancel={close}
      width={440}
    >
      <Input.TextArea
        autoFocus
        rows={3}
        maxLength={300}
        value={text}
        placeholder={w.sayPlace}
        aria-label={w.say}
        onChange={e => setText(e.target.value)}
        onKeyDown={submitKey(() => void send())}
      />
    </Modal>
  )
}
