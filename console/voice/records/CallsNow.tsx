import { Button, Modal, Tooltip } from 'antd'
import { useState } from 'react'
import { type CallLine, calls, softphone } from '#contract/voice.ts'
import { useFresh } from '../../app/live.ts'
import { useMay, useMe } from '../../app/me.ts'
import { useAct, useFetch } from '../../kit/data.ts'
import { IconPhoneOff } from '../../kit/icons.ts'
import { Avatar, ChannelGlyph, Failure, Timer } from '../../kit/parts.tsx'
import './player.css'
import { useQueueName } from './useQueueName.ts'
import { stageWord, w } from './words.ts'

/** Calls that run now, for whoever leads: who talks with whom since when, and a way in. */
export function useCallsNow(): ReturnType<typeof useFetch<typeof calls.now>> {
  const may = useMay()
  useFresh('call', 'calls')
  return useFetch(calls.now, {}, { enabled: may('voice:supervise'), refetchInterval: 10_000 })
}

const modes = ['listen', 'whisper', 'barge'] as const
/** How the agent's own call tells of each. */
const heardBy = { listen: 'listening', whisper: 'whispering', barge: 'barged' } as const
const hints = { listen: () => w.listenHint, whisper: () => w.whisperHint, barge: () => w.bargeHint } as const

export function CallsNow() {
  const queueName = useQueueName()
  const may = useMay()
  const me = useMe()?.user.id
  const { data, error, refetch } = useCallsNow()
  // Who waits stands in the list of the queues.
  const rows = data?.filter(c => c.stage !== 'waiting') ?? []
  const mine = useFetch(softphone.mine, {}, { enabled: may('voice:supervise') && may('voice:call') }).data?.calls ?? []
  const [taking, setTaking] = useState<CallLine | null>(null)
  const also = { also: ['softphone'] }
  const listening = useAct(calls.listen, also)
  const leaving = useAct(calls.leave, also)
  const taken = useAct(calls.takeOver, also)
  if (!may('voice:supervise') || (rows.length === 0 && !error)) return null
  const modeIn = (c: CallLine) => modes.find(mode => mine.some(m => m.id === c.id && m.leading && m.heardBy === heardBy[mode]))
  const takeOver = async () => {
    if (taking && (await taken.act({ id: taking.id }))) setTaking(null)
  }
  return (
    <section className="card help" aria-label={w.now}>
      <header>
        <h2>{w.now}</h2>
        <span className="badge n">{rows.length}</span>
      </header>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <ul>
        {rows.map(c => (
          <li key={c.id} className="row wrap" aria-label={c.agentName ?? stageWord(c.stage)}>
            {c.agentName ? <Avatar name={c.agentName} /> : <ChannelGlyph channel="phone" />}
            <b className="m5 nowrap">{c.agentName ?? stageWord(c.stage)}</b>
            <span className="t2 cut">{c.customerName || (c.direction === 'in' ? c.caller : c.called)}</span>
            <span className="t3 cut">{queueName(c.queueId)}</span>
            {c.agentName && c.stage !== 'talking' && <span className="tag wa">{stageWord(c.stage)}</span>}
            <span className="end nowrap">
              <Timer since={c.answeredAt ?? c.startedAt} />
            </span>
            {c.stage === 'talking' && c.agentId !== null && c.agentId !== me && may('voice:call') && (
              <span className="row nowrap">
                {modes.map(mode => (
                  <Tooltip key={mode} title={hints[mode]()}>
                    <Button
                      size="small"
                      aria-pressed={modeIn(c) === mode}
                      {...(modeIn(c) === mode ? ({ color: 'primary', variant: 'filled' } as const) : {})}
                      disabled={listening.acting}
                      onClick={() => void listening.act({ id: c.id, body: { mode } })}
                    >
                      {w[mode]}
                    </Button>
                  </Tooltip>
                ))}
                <Button size="small" onClick={() => setTaking(c)}>
                  {w.takeOver}
                </Button>
                {modeIn(c) && (
                  <Button
                    size="small"
                    type="primary"
                    danger
                    icon={<IconPhoneOff size={14} />}
                    loading={leaving.acting}
                    onClick={() => void leaving.act({ id: c.id })}
                  >
                    {w.leave}
                  </Button>
                )}
              </span>
            )}
          </li>
        ))}
      </ul>
      <Modal
        open={taking !== null}
        title={w.takeOverAsk(taking?.agentName ?? '')}
        okText={w.takeOver}
        okButtonProps={{ loading: taken.acting }}
        onOk={() => void takeOver()}
        onCancel={() => setTaking(null)}
        width={420}
      >
        {w.takeOverText}
      </Modal>
    </section>
  )
}
