import { Link } from '@tanstack/react-router'
import { Button, DatePicker, Form, Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import { leftAloneExports } from '#contract/lists.ts'
import { reaching } from '#contract/outgoing.ts'
import { type CustomerLeftAlone, LeftAlone, leftAlone } from '#contract/privacy.ts'
import { useMay } from '../../app/me.ts'
import { call } from '../../kit/call.ts'
import { col } from '../../kit/columns.tsx'
import { ListTable } from '../../kit/DataTable.tsx'
import { queryClient, useAct, useFetch, useListing } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { IconPlus } from '../../kit/icons.ts'
import { Empty, Waiting } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { day } from '../../kit/time.ts'
import { WhyButton } from '../../kit/WhyButton.tsx'
import { ExportButton } from '../../runs/ExportButton.tsx'
import { oneByOne, Typed, type Values } from './Typed.tsx'
import { p } from './words.ts'

type Side = 'values' | 'customers'
const sourceWords: Record<LeftAlone['source'], string> = { entered: p.entered, table: p.table, erased: p.fromErased }
const purposeWord = (purpose: LeftAlone['purpose']) =>
  purpose === null ? p.everything : purpose === 'notice' ? p.noticeOnly : purpose === 'survey' ? p.surveyOnly : p.marketingOnly

/** Who is not contacted: numbers and addresses, whoever has them, and customers who asked for it. */
export default function LeftAlonePage() {
  const [shown, setShown] = useState<Side | null>(null)
  const { data: counts, error } = useFetch(leftAlone.counts, {})
  // Opened where somebody stands; then it stays where one looks.
  if (shown === null && (counts || error)) setShown(counts?.values === 0 && counts.customers > 0 ? 'customers' : 'values')
  const [q, setQ] = useState('')
  const [source, setSource] = useState<LeftAlone['source'] | null>(null)
  const [adding, setAdding] = useState(false)
  const [form] = Form.useForm<Values>()
  const filter = { ...(q.trim() ? { q: q.trim() } : {}), ...(source ? { source } : {}) }
  return (
    <div className="page">
      <header>
        <h1>{p.register}</h1>
        <span className="t3 cut">{p.registerHint}</span>
        <span className="end row wrap">
          {shown === 'values' && <ExportButton of={leftAloneExports} filter={filter} what={p.register} />}
          <Button type="primary" icon={<IconPlus size={16} />} onClick={() => setAdding(true)}>
            {p.add}
          </Button>
        </span>
      </header>
      <p className="t2 f12" style={{ margin: '0 0 8px' }}>
        {p.registerIs} <Link to="/settings/suppressions">{p.suppressed}</Link>
      </p>
      <div className="row wrap" style={{ marginBottom: 12 }}>
        <Segmented<Side>
          value={shown ?? 'values'}
          onChange={side => {
            setShown(side)
            setQ('')
          }}
          options={[
            { value: 'values', label: <Tab name={p.values} n={counts?.values} /> },
            { value: 'customers', label: <Tab name={p.customers} n={counts?.customers} /> },
          ]}
        />
        {shown && (
          <>
            <Input.Search
              key={shown}
              allowClear
              placeholder={finds(shown)}
              aria-label={finds(shown)}
              onSearch={setQ}
              style={{ width: 260 }}
            />
            {shown === 'values' && (
              <Select
                allowClear
                placeholder={p.source}
                aria-label={p.source}
                style={{ width: 150 }}
                value={source}
                onChange={value => setSource(value ?? null)}
                options={LeftAlone.shape.source.options.map(value => ({ value, label: sourceWords[value] }))}
              />
            )}
          </>
        )}
      </div>
      {shown === null ? <Waiting /> : shown === 'values' ? <Numbers filter={filter} /> : <Customers q={q.trim()} />}
      <FormDrawer<Values>
        form={form}
        open={adding}
        title={p.add}
        values={{ values: '', until: null, reason: '' }}
        close={() => setAdding(false)}
        save={async ({ values, until, reason }) => {
          const typed = oneByOne(values)
          const { added, wrong } = await call(leftAlone.add, {
            body: { values: typed, until: until?.endOf('day').toDate() ?? null, reason: reason ?? '' },
          })
          await queryClient.invalidateQueries({ queryKey: ['left-alone'] })
          await queryClient.invalidateQueries({ queryKey: ['customers'] })
          tell(p.addedSome(String(added)))
          setShown('values')
          if (wrong.length === 0) return true
          // Those alone stay, to be put right.
          form.setFields([{ name: 'values', value: wrong.join('\n'), errors: [p.wrong(String(wrong.length))] }])
          return false
        }}
      >
        <Form.Item name="values" label={p.values} extra={p.valuesHint} rules={[{ required: true, whitespace: true, message: p.required }]}>
          <Typed />
        </Form.Item>
        <Form.Item name="until" label={p.until}>
          <DatePicker placeholder={p.forever} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="reason" label={p.why}>
          <Input maxLength={300} />
        </Form.Item>
      </FormDrawer>
    </div>
  )
}

const finds = (side: Side) => (side === 'values' ? p.find : p.findCustomer)

function Tab({ name, n }: { name: string; n: number | undefined }) {
  return (
    <>
      <span>{name}</span>
      {n !== undefined && <span className="t3 f12"> {n > 99 ? '99+' : n}</span>}
    </>
  )
}

function Numbers({ filter }: { filter: { q?: string; source?: LeftAlone['source'] } }) {
  const list = useListing(leftAlone.list, filter)
  const isAll = Object.keys(filter).length === 0
  return (
    <ListTable<LeftAlone>
      list={list}
      empty={isAll ? <Empty title={p.none} hint={p.noneHint} /> : <Empty title={p.noneFound} hint={p.noneFoundHint} />}
      columns={[
        {
          key: 'value',
          title: p.values,
          render: (_, one) =>
            one.isDigest ? (
              <span className="t3">{p.digest}</span>
            ) : one.value === null ? (
              <span className="t3">{p.valueHidden}</span>
            ) : (
              <b className="m5">{one.value}</b>
            ),
        },
        { key: 'purpose', title: p.purpose, width: 112, render: (_, one) => purposeWord(one.purpose) },
        { key: 'until', title: p.until, width: 120, render: (_, one) => <Until until={one.until} /> },
        { key: 'source', title: p.source, width: 140, render: (_, one) => sourceWords[one.source] },
        { key: 'reason', title: p.why, ellipsis: true, render: (_, one) => <span className="t2">{one.reason}</span> },
        { key: 'byName', title: p.by, width: 112, ellipsis: true, render: (_, one) => one.byName },
        col.time<LeftAlone>('since', p.since),
        { key: 'acts', width: 88, align: 'end', render: (_, one) => <Lift id={one.id} /> },
      ]}
    />
  )
}

const Until = ({ until }: { until: Date | null }) =>
  until === null ? p.forever : until <= new Date() ? <span className="t3">{p.over(day(until))}</span> : day(until)

/** Those who asked for it as customers; said and taken back in their file, too. */
function Customers({ q }: { q: string }) {
  const may = useMay()
  const list = useListing(leftAlone.customers, q ? { q } : {})
  return (
    <ListTable<CustomerLeftAlone>
      list={list}
      empty={q ? <Empty title={p.noneFound} hint={p.noCustomerFoundHint} /> : <Empty title={p.noCustomers} hint={p.noCustomersHint} />}
      columns={[
        { key: 'name', title: p.customers, render: (_, one) => <Link to={`/customers/${one.id}`}>{one.name}</Link> },
        { key: 'number', title: p.number, width: 140, render: (_, one) => one.number },
        { key: 'until', title: p.until, width: 120, render: (_, one) => <Until until={one.until} /> },
        { key: 'reason', title: p.why, ellipsis: true, render: (_, one) => <span className="t2">{one.reason}</span> },
        { key: 'byName', title: p.by, width: 112, ellipsis: true, render: (_, one) => one.byName },
        col.time<CustomerLeftAlone>('since', p.since),
        { key: 'acts', width: 88, align: 'end', render: (_, one) => may('customer:write') && <LiftCustomer id={one.id} /> },
      ]}
    />
  )
}

function LiftCustomer({ id }: { id: string }) {
  const lift = useAct(reaching.disturb, { also: ['left-alone'] })
  return (
    <WhyButton
      label={p.lift}
      title={p.liftWhy}
      act={reason => lift.act({ id, body: { on: false, until: null, reason } })}
      acting={lift.acting}
      button={{ size: 'small' }}
    />
  )
}

function Lift({ id }: { id: string }) {
  const lift = useAct(leftAlone.remove, { also: ['customers'] })
  return (
    <WhyButton
      label={p.lift}
      title={p.liftWhy}
      act={reason => lift.act({ id, body: { reason } })}
      acting={lift.acting}
      button={{ size: 'small' }}
    />
  )
}
