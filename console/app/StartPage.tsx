import { Link, Navigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect } from 'react'
import { calendars } from '#contract/calendars.ts'
import { widgets } from '#contract/messaging.ts'
import { accounts, departments } from '#contract/people.ts'
import { queues, staffing } from '#contract/routing.ts'
import { ticketKinds } from '#contract/tickets.ts'
import { useFetch } from '../kit/data.ts'
import { IconChevronRight, IconCircleCheck } from '../kit/icons.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { words } from '../kit/words.ts'
import { useMay } from './me.ts'

const w = words({
  title: ['从这里开始', 'Start here'],
  hint: ['按这个顺序设置，做完的会自己打勾', 'Set these up in this order; what is done ticks itself'],
  done: ['已完成', 'Done'],
  departments: ['部门', 'Departments'],
  departmentsWhy: ['工单派往哪里', 'Where tickets are sent'],
  people: ['人员与账号', 'People'],
  peopleWhy: ['给同事开账号，选好角色', 'Give colleagues an account and a role'],
  hours: ['工作时间', 'Working hours'],
  hoursWhy: ['已按周一到周五建好，核对节假日', 'Monday to Friday is there; check it and add holidays'],
  queues: ['队列与技能', 'Queues and skills'],
  queuesWhy: ['客户在哪里排队，由谁接', 'Where customers wait and who answers'],
  staffing: ['坐席配置', 'Staffing'],
  staffingWhy: ['每位坐席接哪些队列，同时几个', 'Which queues each agent answers, how many at once'],
  widgets: ['网页聊天窗口', 'Chat widget'],
  widgetsWhy: ['把一行代码贴进您的网站', 'Paste one line of code into your website'],
  kinds: ['工单类型', 'Ticket kinds'],
  kindsWhy: ['编号、专用字段与时限', 'Numbers, own fields and time limits'],
  later: ['先去看看', 'Look around first'],
})

/** A centre without anything yet: what to set up, in the order in which one needs the other. `begun` once all of it is there. */
export default function StartPage({ otherwise, begun }: { otherwise: string; begun: () => void }) {
  const may = useMay()
  const all = { query: {} }
  const lists = {
    departments: useFetch(departments.list, all),
    people: useFetch(accounts.people, { query: { size: 2 } }),
    hours: useFetch(calendars.list, all),
    queues: useFetch(queues.list, all),
    staffing: useFetch(staffing.queues, {}, { enabled: may('routing:supervise') }),
    widgets: useFetch(widgets.list, all, { enabled: may('conversation:configure') }),
    kinds: useFetch(ticketKinds.list, all),
  }
  const { people, staffing: staffed } = lists
  const lines = [
    { key: 'departments', may: 'identity:configure', name: w.departments, why: w.departmentsWhy, done: any(lists.departments.data) },
    { key: 'people', may: 'identity:configure', name: w.people, why: w.peopleWhy, done: (people.data?.rows.length ?? 0) > 1 },
    { key: 'calendars', may: 'calendar:configure', name: w.hours, why: w.hoursWhy, done: any(lists.hours.data) },
    { key: 'queues', may: 'routing:configure', name: w.queues, why: w.queuesWhy, done: any(lists.queues.data) },
    {
      key: 'staffing',
      may: 'routing:supervise',
      name: w.staffing,
      why: w.staffingWhy,
      done: staffed.data && staffed.data.length > 0,
    },
    { key: 'widgets', may: 'conversation:configure', name: w.widgets, why: w.widgetsWhy, done: any(lists.widgets.data) },
    { key: 'ticket-kinds', may: 'ticket:configure', name: w.kinds, why: w.kindsWhy, done: any(lists.kinds.data) },
  ].filter(line => may(line.may))
  const asked = Object.values(lists)
  const failed = asked.find(list => list.error)
  const waiting = asked.some(list => list.isLoading)
  const ready = !failed && !waiting && lines.every(line => line.done)
  useEffect(() => {
    if (ready) begun()
  }, [ready, begun])
  if (ready) return <Navigate to={otherwise} replace />
  if (waiting) return <Waiting rows={8} />
  const next = lines.find(line => !line.done)
  return (
    <div className="start">
      <h1>{w.title}</h1>
      <p className="t2">{w.hint}</p>
      {failed?.error && <Failure error={failed.error} retry={() => void failed.refetch()} />}
      <ol className="card">
        {lines.map((line, n) => (
          <li key={line.key} {...(line === next ? { 'aria-current': 'step' as const } : {})}>
            <Link to={`/settings/${line.key}`}>
              {line.done ? (
                <IconCircleCheck size={20} stroke={1.75} className="okc" aria-label={w.done} />
              ) : (
                <span className="nth">{n + 1}</span>
              )}
              <span className="grow">
                <b className="m5">{line.name}</b>
                <span className="t3 f12">{line.why}</span>
              </span>
              <IconChevronRight size={16} className="t3" />
            </Link>
          </li>
        ))}
      </ol>
      <Link to={otherwise}>
        <Button type="link" style={{ paddingInline: 0 }}>
          {w.later}
        </Button>
      </Link>
    </div>
  )
}

const any = (rows: readonly unknown[] | undefined) => (rows?.length ?? 0) > 0
