import { Button, Form, InputNumber, Segmented, Select, Table } from 'antd'
import { useState } from 'react'
import { Channel } from '#contract/interactions.ts'
import { type Staffing, staffing } from '#contract/routing.ts'
import { useMay } from '../app/me.ts'
import { call } from '../kit/call.ts'
import { queryClient, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconPlus } from '../kit/icons.ts'
import { Avatar, channelWord, Empty, Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { nameOf } from '../kit/words.ts'
import { NumberField, PersonPick, QueuePick, Rows, SkillPick, useQueues, useSkills } from './fields.tsx'
import { w } from './words.ts'

type Agent = Staffing & { agentName: string }
const fresh: Partial<Staffing> = { missesAllowed: 3, channels: [{ channel: 'chat', capacity: 3, weight: 0 }], skills: [], queueIds: [] }

export default function StaffingPage() {
  const may = useMay()
  const mayChange = may('routing:configure')
  const listing = useFetch(staffing.list, {})
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
      {listing.error && <Failure error={listing.error} retry={() => void listing.refetch()} readAt={listing.dataUpdatedAt} />}
      {listing.isPending ? (
        <Waiting />
      ) : (
        <div className="card">
          <Table<Agent>
            rowKey="agentId"
            size="small"
            pagination={false}
            dataSource={listing.data ?? []}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: <Empty title={w.noAgents} hint={w.noAgentsHint} /> }}
            onRow={agent => ({ onClick: () => mayChange && setOpen(agent), style: { cursor: mayChange ? 'pointer' : 'default' } })}
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
                render: (_, a) =>
                  a.channels
                    .map(c => `${w.capacityOf(channelWord(c.channel), c.capacity)}${c.weight > 0 ? ` (${c.weight}%)` : ''}`)
                    .join(', '),
              },
              {
                key: 'queues',
                title: w.queues,
                render: (_, a) =>
                  a.queueIds.length === 0 ? (
                    <span className="wac">{w.noQueue}</span>
                  ) : (
                    <span className="row wrap" style={{ gap: 4 }}>
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
                  <span className="row nowrap t2" style={{ gap: 12 }}>
                    {[...a.skills]
                      .sort((x, y) => y.level - x.level)
                      .map(s => (
                        <span key={s.skillId}>
                          {named(skills, s.skillId)} <b className="m6">{s.level}</b>
                        </span>
                      ))}
                  </span>
                ),
              },
              { key: 'misses', title: w.missesShort, width: 88, align: 'end', render: (_, a) => a.missesAllowed },
            ]}
          />
        </div>
      )}
      <FormDrawer<Staffing>
        open={open !== null}
        title={open === 'new' || open === null ? w.staffAgent : open.agentName}
        values={open === 'new' || open === null ? fresh : open}
        close={() => setOpen(null)}
        save={async ({ agentId, missesAllowed, channels, skills, queueIds }) => {
          const id = open === 'new' || open === null ? agentId : open.agentId
          await call(staffing.set, { agentId: id, body: { missesAllowed, channels, skills, queueIds } })
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
                <InputNumber
                  min={0}
                  max={100}
                  precision={0}
                  prefix={<span className="t3">{w.weight}</span>}
                  suffix="%"
                  style={{ width: '100%' }}
                  aria-label={w.weight}
                />
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
