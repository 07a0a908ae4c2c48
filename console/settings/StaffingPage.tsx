import { Button, Form, InputNumber, type InputRef, Segmented, Select } from 'antd'
import { useRef, useState } from 'react'
import { Channel } from '#contract/interactions.ts'
import { type Staffing, staffing } from '#contract/routing.ts'
import { useMay } from '../app/me.ts'
import { call } from '../kit/call.ts'
import { ListTable } from '../kit/DataTable.tsx'
import { queryClient, useListing } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { useFilters } from '../kit/filters.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconPlus } from '../kit/icons.ts'
import { SeekBox } from '../kit/ListParts.tsx'
import { Avatar, channelWord, Empty } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { nameOf } from '../kit/words.ts'
import { NumberField, PersonPick, QueuePick, Rows, SkillPick, useQueues, useSkills } from './fields.tsx'
import { w } from './words.ts'

type Agent = Staffing & { agentName: string }
/** One agent, one capacity: a call takes the whole agent and comes beside chats, no chat comes beside a call. */
const fresh: Partial<Staffing> = {
  missesAllowed: 3,
  channels: [
    { channel: 'phone', capacity: 1, weight: 100, beside: 100 },
    { channel: 'chat', capacity: 3, weight: 33 },
  ],
  skills: [],
  queueIds: [],
}

export default function StaffingPage() {
  const may = useMay()
  const mayChange = may('routing:configure')
  const [filters, filter] = useFilters(staffing.list)
  const listing = useListing(staffing.list, filters)
  const seek = useRef<InputRef>(null)
  useHotkey('/', () => seek.current?.focus())
  const queues = useQueues()
  const skills = useSkills()
  const [open, setOpen] = useState<Agent | 'new' | null>(null)
  const named = (rows: readonly { id: string; name: string; nameEn?: string }[], id: string) => {
    const row = rows.find(r => r.id === id)
    return row ? nameOf(row) : ''
  }
  return (
    <div className="page">
      <header>
        <h1>{w.staffing}</h1>
        <span className="t3 cut">{w.staffingHint}</span>
        {mayChange && (
          <Button className="end" type="primary" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
            {w.staffAgent}
          </Button>
        )}
      </header>
      <div className="row wrap">
        <span style={{ flex: '0 1 240px' }}>
          <SeekBox hint={w.findAgent} text={filters.q ?? ''} seek={q => filter({ q })} field={seek} />
        </span>
        <Select
          style={{ minWidth: 160 }}
          aria-label={w.queues}
          value={filters.queueId ?? ''}
          onChange={id => filter({ queueId: id || undefined })}
          options={[{ value: '', label: w.anyQueue }, ...queues.map(q => ({ value: q.id, label: nameOf(q) }))]}
        />
      </div>
      <ListTable<Agent>
        list={listing}
        rowKey="agentId"
        empty={<Empty title={w.noAgents} hint={w.noAgentsHint} />}
        open={mayChange ? setOpen : undefined}
        columns={[
          {
            key: 'agent',
            title: w.agents,
            render: (_, a) => (
              <span className="row nowrap">
                <Avatar name={a.agentName} />
                <b className="m5">{a.agentName}</b>
              </span>
            ),
          },
          {
            key: 'channels',
            title: w.capacity,
            width: 128,
            render: (_, a) => (
              <span className="row wrap" style={{ gap: '0 12px' }}>
                {a.channels.map(c => (
                  <span key={c.channel} className="nowrap">
                    {w.capacityOf(channelWord(c.channel), c.capacity)}
                    {c.weight > 0 && ` (${c.weight}%)`}
                  </span>
                ))}
              </span>
            ),
          },
          {
            key: 'queues',
            title: w.queues,
            render: (_, a) =>
              a.queueIds.length === 0 ? (
                <span className="wac">{w.noQueue}</span>
              ) : (
                <span className="row wrap" style={{ gap: 4, maxWidth: 256 }}>
                  {queues
                    .filter(q => a.queueIds.includes(q.id))
                    .map(q => (
                      <span key={q.id} className="tag">
                        {nameOf(q)}
                      </span>
                    ))}
                </span>
              ),
          },
          {
            key: 'skills',
            title: w.skills,
            render: (_, a) => (
              <span className="row wrap t2" style={{ gap: '0 12px', maxWidth: 256 }}>
                {[...a.skills]
                  .sort((x, y) => y.level - x.level)
                  .map(s => (
                    <span key={s.skillId} className="nowrap">
                      {named(skills, s.skillId)} <b className="m6">{s.level}</b>
                    </span>
                  ))}
              </span>
            ),
          },
          { key: 'misses', title: w.missesShort, width: 88, align: 'end', render: (_, a) => a.missesAllowed },
        ]}
      />
      <FormDrawer<Staffing>
        open={open !== null}
        title={open === 'new' || open === null ? w.staffAgent : open.agentName}
        values={open === 'new' || open === null ? fresh : open}
        close={() => setOpen(null)}
        save={async ({ agentId, missesAllowed, channels, skills, queueIds }) => {
          const id = open === 'new' || open === null ? agentId : open.agentId
          await call(staffing.set, {
            agentId: id,
            body: { missesAllowed, skills, queueIds, channels: channels.map(c => ({ ...c, beside: c.beside ?? 0 })) },
          })
          await queryClient.invalidateQueries({ queryKey: ['staffing'] })
          tell(w.saved)
        }}
      >
        {open === 'new' && <PersonPick name="agentId" label={w.person} required />}
        <Rows name="channels" label={w.capacity} add={w.addChannel} fresh={() => ({ capacity: 1, weight: 0 })} extra={w.weightHint} max={6}>
          {row => (
            <div className="triple">
              <Form.Item name={[row, 'channel']} rules={[{ required: true, message: w.required }]}>
                <Select
                  placeholder={w.channel}
                  aria-label={w.channel}
                  options={Channel.options.map(value => ({ value, label: channelWord(value) }))}
                />
              </Form.Item>
              <Form.Item name={[row, 'capacity']} rules={[{ required: true, message: w.required }]}>
                <InputNumber min={0} max={20} precision={0} style={{ width: '100%' }} aria-label={w.capacity} />
              </Form.Item>
              <Form.Item name={[row, 'weight']} rules={[{ required: true, message: w.required }]}>
                <Percent label={w.weight} />
              </Form.Item>
              <Form.Item noStyle shouldUpdate>
                {({ getFieldValue }) =>
                  getFieldValue(['channels', row, 'weight']) > 0 && (
                    <Form.Item name={[row, 'beside']} className="besides">
                      <Percent label={w.beside} />
                    </Form.Item>
                  )
                }
              </Form.Item>
            </div>
          )}
        </Rows>
        <QueuePick name="queueIds" label={w.queues} many />
        <Rows name="skills" label={w.skills} add={w.addSkill} fresh={() => ({ level: 3 })} max={50}>
          {row => (
            <div className="pair">
              <SkillPick name={[row, 'skillId']} required placeholder={w.skills} />
              <Form.Item name={[row, 'level']} rules={[{ required: true, message: w.required }]}>
                <Segmented options={[1, 2, 3, 4, 5]} />
              </Form.Item>
            </div>
          )}
        </Rows>
        <NumberField name="missesAllowed" label={w.missesAllowed} min={1} max={20} unit={w.times} extra={w.missesHint} />
      </FormDrawer>
    </div>
  )
}

/** A share of a whole agent, as a field of a form. */
function Percent({ label, ...field }: { label: string; id?: string; value?: number; onChange?: (value: number | null) => void }) {
  return (
    <InputNumber
      {...field}
      min={0}
      max={100}
      precision={0}
      prefix={<span className="t3">{label}</span>}
      suffix="%"
      style={{ width: '100%' }}
      aria-label={label}
    />
  )
}
