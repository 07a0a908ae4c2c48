import { Button, DatePicker, Form, Input, Popover } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import { type LeftAlone, leftAlone } from '#contract/privacy.ts'
import { call } from '../../kit/call.ts'
import { col } from '../../kit/columns.tsx'
import { ListTable } from '../../kit/DataTable.tsx'
import { queryClient, useAct, useListing } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { IconPlus } from '../../kit/icons.ts'
import { Empty } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { day } from '../../kit/time.ts'
import { p } from './words.ts'

type Values = { values: string; until: Dayjs | null; reason: string }
const sourceWords: Record<LeftAlone['source'], string> = { entered: p.entered, table: p.table, erased: p.fromErased }
const purposeWord = (purpose: LeftAlone['purpose']) =>
  purpose === null ? p.everything : purpose === 'notice' ? p.noticeOnly : purpose === 'survey' ? p.surveyOnly : p.marketingOnly

/** Numbers and addresses that are not contacted, whoever has them. */
export default function LeftAlonePage() {
  const [q, setQ] = useState('')
  const [adding, setAdding] = useState(false)
  const list = useListing(leftAlone.list, q.trim() ? { q: q.trim() } : {})
  return (
    <div className="page">
      <header>
        <h1>{p.register}</h1>
        <span className="t3 cut">{p.registerHint}</span>
        <span className="end row wrap">
          <Input.Search allowClear placeholder={p.find} aria-label={p.find} onSearch={setQ} style={{ width: 220 }} />
          <Button type="primary" icon={<IconPlus size={16} />} onClick={() => setAdding(true)}>
            {p.add}
          </Button>
        </span>
      </header>
      <ListTable<LeftAlone>
        list={list}
        empty={<Empty title={p.none} hint={p.noneHint} />}
        columns={[
          {
            key: 'value',
            title: p.values,
            render: (_, one) => (one.value === null ? <i className="t3">{p.digest}</i> : <b className="m5">{one.value}</b>),
          },
          { key: 'purpose', title: p.purpose, width: 112, render: (_, one) => purposeWord(one.purpose) },
          { key: 'until', title: p.until, width: 120, render: (_, one) => (one.until ? day(one.until) : p.forever) },
          { key: 'source', title: p.source, width: 140, render: (_, one) => sourceWords[one.source] },
          { key: 'reason', title: p.why, ellipsis: true, render: (_, one) => <span className="t2">{one.reason}</span> },
          col.time<LeftAlone>('since', p.since),
          { key: 'acts', width: 88, align: 'end', render: (_, one) => <Lift id={one.id} /> },
        ]}
      />
      <FormDrawer<Values>
        open={adding}
        title={p.add}
        values={{ values: '', until: null, reason: '' }}
        close={() => setAdding(false)}
        save={async ({ values, until, reason }) => {
          const typed = values
            .split(/[\n,;，；]+/)
            .map(one => one.trim())
            .filter(Boolean)
          const { added, wrong } = await call(leftAlone.add, {
            body: { values: typed, until: until?.endOf('day').toDate() ?? null, reason: reason ?? '' },
          })
          await queryClient.invalidateQueries({ queryKey: ['left-alone'] })
          tell(wrong.length > 0 ? `${p.addedSome(String(added))} ${p.wrong(String(wrong.length))}` : p.addedSome(String(added)))
        }}
      >
        <Form.Item name="values" label={p.values} extra={p.valuesHint} rules={[{ required: true, whitespace: true, message: p.required }]}>
          <Input.TextArea rows={6} autoFocus />
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

function Lift({ id }: { id: string }) {
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const lift = useAct(leftAlone.remove, { done: () => setOpen(false) })
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      title={p.liftWhy}
      content={
        <form
          className="row"
          onSubmit={e => {
            e.preventDefault()
            if (reason.trim()) void lift.act({ id, body: { reason: reason.trim() } })
          }}
        >
          <Input value={reason} onChange={e => setReason(e.target.value)} aria-label={p.liftWhy} maxLength={300} autoFocus />
          <Button type="primary" htmlType="submit" disabled={!reason.trim()} loading={lift.acting}>
            {p.lift}
          </Button>
        </form>
      }
    >
      <Button size="small">{p.lift}</Button>
    </Popover>
  )
}
