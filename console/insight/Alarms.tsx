import { Link } from '@tanstack/react-router'
import type { Queue } from '#contract/routing.ts'
import { IconAlertTriangle, IconClock, IconCoffee, IconTicket, IconUserCheck, IconUsers } from '../kit/icons.ts'
import { Empty } from '../kit/parts.tsx'
import { clockText } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { type Alarm, percent } from './board.ts'
import { w } from './words.ts'

type Overflow = Pick<Queue, 'name' | 'nameEn' | 'overflowQueueId' | 'overflowSeconds'> & { id: string }
const icons = { nobody: IconUsers, wait: IconClock, service: IconAlertTriangle, aside: IconUserCheck, break: IconCoffee, late: IconTicket }

/** What, since when, what the house does about it by itself, and where to act. */
export function Alarms({ alarms, overflows, now }: { alarms: readonly Alarm[]; overflows: readonly Overflow[]; now: number }) {
  return (
    <section className="card alarms" aria-label={w.alarms}>
      <header>
        <IconAlertTriangle size={16} />
        <h2>{w.alarms}</h2>
      </header>
      <div className="scroll">
        {alarms.length === 0 ? (
          <Empty title={w.calm} hint={w.calmHint} />
        ) : (
          <ul aria-live="polite">
            {alarms.map(alarm => {
              const Icon = icons[alarm.what]
              return (
                <li key={alarm.key}>
                  <span className={`glyph ${alarm.tone}`}>
                    <Icon size={14} />
                  </span>
                  <div className="grow">
                    <b>{title(alarm)}</b>
                    <div className="t2 f12">{facts(alarm)}</div>
                    <div className="f12">{next(alarm, overflows)}</div>
                  </div>
                  {alarm.since && <span className="t3 f12 nowrap">{clockText(now - alarm.since.getTime())}</span>}
                </li>
              )
            })}
          </ul>
        )}
      </div>
    </section>
  )
}

function title(alarm: Alarm): string {
  if ('queue' in alarm) {
    const name = nameOf(alarm.queue)
    if (alarm.what === 'nobody') return w.alarmNobody(name)
    return alarm.what === 'wait' ? w.alarmWait(name) : w.alarmService(name, alarm.queue.targetPercent)
  }
  if ('agent' in alarm) return alarm.what === 'aside' ? w.alarmAside(alarm.agent.name) : w.alarmBreak(alarm.agent.name)
  return w.alarmLate(alarm.count)
}

function facts(alarm: Alarm): string {
  if ('queue' in alarm) {
    const queue = w.inQueue(alarm.queue.waiting, alarm.queue.ready)
    return alarm.what === 'service' ? `${w.nowIs(percent(alarm.queue.serviceLevel, 1))}, ${queue}` : queue
  }
  if ('agent' in alarm) return alarm.what === 'aside' ? w.asideHint : (alarm.agent.reason ?? '')
  return ''
}

function next(alarm: Alarm, overflows: readonly Overflow[]) {
  if ('count' in alarm)
    return (
      <Link to="/tickets" search={{ box: 'late' } as never}>
        {w.seeTickets}
      </Link>
    )
  if ('agent' in alarm) return null
  const queue = overflows.find(q => q.id === alarm.queue.id)
  const other = overflows.find(q => q.id === queue?.overflowQueueId)
  if (queue && other && queue.overflowSeconds > 0)
    return <span className="okc">{w.overflowsTo(nameOf(other), clockText(queue.overflowSeconds * 1000))}</span>
  return <Link to="/desk">{w.seeQueue}</Link>
}
