import { Checkbox, Form, Input, InputNumber, Segmented, Select } from 'antd'
import type * as z from 'zod'
import { Channel } from '#contract/interactions.ts'
import { type Queue, queues, SkillDemand, staffing } from '#contract/routing.ts'
import { useMay } from '../app/me.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { useFetch } from '../kit/data.ts'
import { IconChevronRight } from '../kit/icons.ts'
import { ChannelGlyph, channelWord } from '../kit/parts.tsx'
import { clockText } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { b } from './business.words.ts'
import { column } from './column.ts'
import { CalendarPick, NameField, NumberField, PositionField, QueuePick, Rows, SkillPick, useQueues, useSkills } from './fields.tsx'
import { stagesOf } from './stages.ts'
import { w } from './words.ts'

export default function QueuesPage() {
  const all = useQueues()
  const may = useMay()
  const staffed = useFetch(staffing.queues, {}, { enabled: may('routing:supervise') }).data
  return (
    <CatalogPage
      of={queues}
      title={w.queues}
      adding={w.addQueue}
      hint={w.queuesHint}
      empty={{ title: b.noQueues, hint: b.noQueuesHint }}
      fresh={{
        channel: 'chat',
        demands: [],
        ringSeconds: 30,
        preferSeconds: 20,
        overflowSeconds: 0,
        overflowWaiting: 0,
        overflowEstimate: 0,
        overflowUnstaffed: false,
        wrapSeconds: 60,
        targetPercent: 80,
        targetSeconds: 30,
        shortAbandonSeconds: 5,
        position: 0,
      }}
      columns={[
        column(queues, 'name', w.name, q => <b className="m5">{nameOf(q)}</b>),
        column(
          queues,
          'channel',
          w.channel,
          q => (
            <span className="row nowrap">
              <ChannelGlyph channel={q.channel} />
              {channelWord(q.channel)}
            </span>
          ),
          120,
        ),
        column(queues, 'demands', w.demands, q => <Demands demands={q.demands} />),
        column(queues, 'agents', w.agents, q => staffed?.find(s => s.queueId === q.id)?.agents ?? 0, 64),
        column(queues, 'target', w.target, q => `${q.targetPercent} / ${q.targetSeconds}`, 96),
        column(queues, 'overflow', w.overflow, q => {
          const other = all.find(o => o.id === q.overflowQueueId)
          const when = flowsWhen(q)
          return other && when.length > 0 ? (
            <span className="nowrap">
              {nameOf(other)} <span className="t3">{when.join(' / ')}</span>
            </span>
          ) : (
            <span className="t3">{w.none}</span>
          )
        }),
      ]}
      fields={<QueueFields />}
    />
  )
}

/** On which signs contacts leave for the other queue, in short. */
const flowsWhen = (q: Pick<Queue, 'overflowSeconds' | 'overflowWaiting' | 'overflowEstimate' | 'overflowUnstaffed'>): string[] => [
  ...(q.overflowSeconds > 0 ? [`> ${clockText(q.overflowSeconds * 1000)}`] : []),
  ...(q.overflowWaiting > 0 ? [w.flowsCount(q.overflowWaiting)] : []),
  ...(q.overflowEstimate > 0 ? [w.flowsEstimate(clockText(q.overflowEstimate * 1000))] : []),
  ...(q.overflowUnstaffed ? [w.flowsUnstaffed] : []),
]

function Demands({ demands }: { demands: readonly z.output<typeof SkillDemand>[] }) {
  const skills = useSkills()
  if (demands.length === 0) return <span className="t3">{w.anyone}</span>
  return (
    <span className="row" style={{ gap: 4 }}>
      {demands.map(d => {
        const skill = skills.find(s => s.id === d.skillId)
        return (
          <span key={d.skillId} className="tag">
            {skill ? nameOf(skill) : ''} ≥ {d.level}
          </span>
        )
      })}
    </span>
  )
}

function QueueFields() {
  const short: unknown = Form.useWatch('shortAbandonSeconds')
  const id: unknown = Form.useWatch('id')
  return (
    <>
      <NameField />
      <Form.Item name="channel" label={w.channel}>
        <Select options={Channel.options.map(value => ({ value, label: channelWord(value) }))} />
      </Form.Item>
      <Form.Item label={w.target} extra={w.targetHint(typeof short === 'number' ? short : 5)}>
        <span className="row">
          <Form.Item name="targetPercent" noStyle rules={[{ required: true, message: w.required }]}>
            <InputNumber min={1} max={100} precision={0} suffix="%" style={{ width: 96 }} aria-label={w.targetPercent} />
          </Form.Item>
          <span className="t2">{w.within}</span>
          <Form.Item name="targetSeconds" noStyle rules={[{ required: true, message: w.required }]}>
            <InputNumber min={1} precision={0} suffix={w.seconds} style={{ width: 104 }} aria-label={w.targetSeconds} />
          </Form.Item>
          <span className="t2">{w.answered}</span>
        </span>
      </Form.Item>
      <NumberField name="shortAbandonSeconds" label={w.shortAbandon} unit={w.seconds} extra={w.shortAbandonHint} />
      <Rows name="demands" label={w.demands} extra={w.relaxHint} add={w.addDemand} fresh={() => ({ level: 3, relaxAfter: 30 })} max={8}>
        {row => (
          <>
            <SkillPick name={[row, 'skillId']} required placeholder={w.skills} />
            <div className="pair" style={{ marginTop: 8 }}>
              <Form.Item name={[row, 'level']} rules={[{ required: true, message: w.required }]}>
                <Segmented size="small" options={[1, 2, 3, 4, 5]} />
              </Form.Item>
              <Form.Item name={[row, 'relaxAfter']}>
                <InputNumber
                  min={0}
                  precision={0}
                  prefix={<span className="t3">{w.relax}</span>}
                  suffix={w.seconds}
                  style={{ width: '100%' }}
                />
              </Form.Item>
            </div>
          </>
        )}
      </Rows>
      <Stages />
      <Form.Item label={w.order}>
        <span className="row" style={{ gap: 4 }}>
          <span className="tag">1 {w.orderTier}</span>
          <IconChevronRight size={14} />
          <span className="tag">2 {w.orderLast}</span>
          <IconChevronRight size={14} />
          <span className="tag">3 {w.orderSkill}</span>
          <IconChevronRight size={14} />
          <span className="tag">4 {w.orderIdle}</span>
        </span>
      </Form.Item>
      <NumberField name="preferSeconds" label={w.prefer} max={600} unit={w.seconds} extra={w.preferHint} />
      <NumberField name="ringSeconds" label={w.ring} min={5} max={300} unit={w.seconds} extra={w.ringHint} />
      <NumberField name="wrapSeconds" label={w.wrapSeconds} max={3600} unit={w.seconds} extra={w.wrapHint} />
      <QueuePick name="overflowQueueId" label={w.overflow} placeholder={w.noOverflow} without={typeof id === 'string' ? id : undefined} />
      <NumberField name="overflowSeconds" label={w.overflowSeconds} unit={w.seconds} extra={w.overflowHint} />
      <div className="pair">
        <NumberField name="overflowWaiting" label={w.overflowWaiting} max={10_000} unit={w.contacts} />
        <NumberField name="overflowEstimate" label={w.overflowEstimate} max={86_400} unit={w.seconds} />
      </div>
      <Form.Item name="overflowUnstaffed" valuePropName="checked" extra={w.overflowLoadHint}>
        <Checkbox>{w.overflowUnstaffed}</Checkbox>
      </Form.Item>
      <CalendarPick name="calendarId" label={w.calendar} placeholder={w.calendarDefault} extra={w.calendarHint} />
      <PositionField />
      {/* The row's own id, so that a queue is not offered as its own overflow. */}
      <Form.Item name="id" hidden>
        <Input />
      </Form.Item>
    </>
  )
}

/** What the demands mean while someone waits, and how many agents fit at each stage. */
function Stages() {
  const given: unknown = Form.useWatch('demands')
  const skills = useSkills()
  const may = useMay()
  const demands = (Array.isArray(given) ? given : []).flatMap(d => {
    const read = SkillDemand.safeParse(d)
    return read.success ? [read.data] : []
  })
  const stages = stagesOf(demands)
  const { data: fitting } = useFetch(
    staffing.fitting,
    { body: { stages: stages.map(stage => stage.levels) } },
    { enabled: may('routing:supervise') && demands.length > 0 },
  )
  if (demands.length === 0) return null
  return (
    <ul className="stages" style={{ marginBottom: 16 }}>
      {stages.map((stage, n) => (
        <li key={stage.from}>
          <span>{w.stage(clockText(stage.from * 1000), stage.to === null ? null : clockText(stage.to * 1000))}</span>
          <span className="grow">
            {stage.levels.length === 0
              ? w.anyone
              : stage.levels
                  .map(l => {
                    const skill = skills.find(s => s.id === l.skillId)
                    return `${skill ? nameOf(skill) : ''} ≥ ${l.level}`
                  })
                  .join(', ')}
          </span>
          {fitting && <span className="t3">{w.agentCount(fitting[n] ?? 0)}</span>}
        </li>
      ))}
    </ul>
  )
}
