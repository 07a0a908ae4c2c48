import { Popover } from 'antd'
import { useRef } from 'react'
import { routing } from '#contract/routing.ts'
import { useLive } from '../app/live.ts'
import type { ReplyOf } from '../kit/call.ts'
import { keyOf, queryClient, useFetch } from '../kit/data.ts'
import { clockText, useNow } from '../kit/time.ts'
import { useQueueName } from './presence.ts'
import { w } from './words.ts'

const key = keyOf(routing.pulse, {})
type Pulse = ReplyOf<typeof routing.pulse>[number]

/** How many wait and for how long; queue by queue when opened. */
export default function QueuePulse() {
  const { data } = useFetch(routing.pulse, {}, { staleTime: 3_000, refetchInterval: 20_000 })
  const due = useRef<ReturnType<typeof setTimeout>>(undefined)
  // Contacts come and go by the dozen: one question a second or so for all of them.
  const again = () => {
    due.current ??= setTimeout(
      () => {
        due.current = undefined
        void queryClient.invalidateQueries({ queryKey: key })
      },
      500 + Math.random() * 700,
    )
  }
  useLive('interaction', again)
  useLive('presence', again)
  const now = useNow()
  if (!data) return null
  const waiting = data.reduce((sum, q) => sum + q.waiting, 0)
  const longest = Math.min(...data.map(q => q.longestSince?.getTime() ?? Number.POSITIVE_INFINITY))
  const wait = Number.isFinite(longest) ? now - longest : 0
  return (
    <Popover trigger="click" placement="bottomRight" content={<Queues rows={data} now={now} />}>
      <button type="button" className="pulse row f12 nowrap">
        {w.waiting} <b className="m6">{waiting}</b>
        {waiting > 0 && (
          <>
            <i className="sep" />
            {w.longest} <b className={`m6 ${wait > 60_000 ? 'bac' : wait > 20_000 ? 'wac' : ''}`}>{clockText(wait)}</b>
          </>
        )}
      </button>
    </Popover>
  )
}

function Queues({ rows, now }: { rows: readonly Pulse[]; now: number }) {
  const name = useQueueName()
  return (
    <table className="pulsetable">
      <thead>
        <tr>
          <th>{w.queue}</th>
          <th>{w.waiting}</th>
          <th>{w.longest}</th>
          <th>{w.free}</th>
          <th>{w.handling}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(q => (
          <tr key={q.queueId}>
            <th>{name(q.queueId) || q.name}</th>
            <td>{q.waiting}</td>
            <td>{q.longestSince ? clockText(now - q.longestSince.getTime()) : ''}</td>
            <td>{q.ready}</td>
            <td>{q.handling}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
