import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { type Flow, flows } from '#contract/flows.ts'
import { useFresh } from '../../app/live.ts'
import { call } from '../../kit/call.ts'
import { col } from '../../kit/columns.tsx'
import { DataTable } from '../../kit/DataTable.tsx'
import { queryClient, useAct, useFetch } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { IconPlus } from '../../kit/icons.ts'
import { Empty, Failure, Waiting } from '../../kit/parts.tsx'
import { nameOf } from '../../kit/words.ts'
import { w } from './words.ts'

/** What callers hear, and which numbers lead there. */
export default function FlowsPage() {
  const reading = useFetch(flows.list, {})
  const [naming, name] = useState<Naming | null>(null)
  const go = useNavigate()
  const retire = useAct(flows.retire)
  useFresh('flow', 'call-flows')
  return (
    <div className="page">
      <header>
        <h1>{w.flows}</h1>
        <span className="t3 cut">{w.flowsHint}</span>
        <Button className="end" type="primary" icon={<IconPlus size={16} />} onClick={() => name({ how: 'add' })}>
          {w.addFlow}
        </Button>
      </header>
      {reading.error && !reading.data ? (
        <Failure error={reading.error} retry={() => void reading.refetch()} />
      ) : !reading.data ? (
        <Waiting />
      ) : reading.data.length === 0 ? (
        <Empty title={w.noFlows} hint={w.noFlowsHint} />
      ) : (
        <div className="card">
          <DataTable<Flow>
            rowKey="id"
            pagination={false}
            dataSource={reading.data}
            faded={f => f.retired}
            columns={[
              {
                key: 'name',
                title: w.flow,
                render: (_, f) => (
                  <Link className="m5" to={`/call-flows/${f.id}`}>
                    {nameOf(f)}
                  </Link>
                ),
              },
              {
                key: 'inUse',
                title: w.inUse,
                width: 144,
                render: (_, f) => (f.published === null ? <span className="t3">{w.notYet}</span> : w.version(f.published)),
              },
              {
                key: 'numbers',
                title: w.leads,
                render: (_, f) => (f.numbers.length > 0 ? f.numbers.join(', ') : <span className="t3">{w.noNumbers}</span>),
              },
              { ...col.time<Flow>('changedAt', w.changedAt), key: 'changedAt' },
              {
                key: 'acts',
                width: 208,
                align: 'end',
                render: (_, f) => (
                  <span className="nowrap">
                    <Button type="text" size="small" onClick={() => name({ how: 'rename', of: f })}>
                      {w.rename}
                    </Button>
                    <Button type="text" size="small" onClick={() => name({ how: 'copy', of: f })}>
                      {w.copy}
                    </Button>
                    <Button type="text" size="small" onClick={() => void retire.act({ id: f.id, body: { retired: !f.retired } })}>
                      {f.retired ? w.restore : w.retire}
                    </Button>
                  </span>
                ),
              },
            ]}
          />
        </div>
      )}
      <FormDrawer<{ name: string; nameEn: string }>
        open={naming !== null}
        close={() => name(null)}
        title={naming?.how === 'rename' ? w.rename : naming?.how === 'copy' ? w.copy : w.addFlow}
        values={namesFor(naming)}
        save={async values => {
          const made = await keepName(naming, values)
          void queryClient.invalidateQueries({ queryKey: ['call-flows'] })
          if (made) void go({ to: `/call-flows/${made.id}` })
        }}
      >
        <Form.Item name="name" label={w.name} rules={[{ required: true, whitespace: true, message: w.required }]}>
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item name="nameEn" label={w.nameEn}>
          <Input maxLength={60} lang="en" />
        </Form.Item>
      </FormDrawer>
    </div>
  )
}

type Naming = { how: 'add' } | { how: 'rename' | 'copy'; of: Flow }
type Names = { name: string; nameEn: string }

function namesFor(naming: Naming | null): Names {
  if (naming === null || naming.how === 'add') return { name: '', nameEn: '' }
  const { name, nameEn } = naming.of
  return naming.how === 'rename' ? { name, nameEn } : { name: `${name} 2`, nameEn: nameEn && `${nameEn} 2` }
}

/** The flow that is begun with it, if one is: a copy begins with the draft of the other. */
async function keepName(naming: Naming | null, body: Names): Promise<Flow | null> {
  if (naming?.how === 'rename') {
    await call(flows.rename, { id: naming.of.id, body })
    return null
  }
  const draft = naming?.how === 'copy' ? { draft: (await call(flows.one, { id: naming.of.id })).draft } : {}
  return call(flows.add, { body: { ...body, ...draft } })
}
