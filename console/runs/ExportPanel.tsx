import { Button, Checkbox, Form, Input, Segmented } from 'antd'
import { useState } from 'react'
import * as z from 'zod'
import { ExportFormat } from '#contract/exports.ts'
import { useMay } from '../app/me.ts'
import { call } from '../kit/call.ts'
import { queryClient, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { language, nameOf } from '../kit/words.ts'
import type { ListExports } from './ExportButton.tsx'
import './runs.css'
import { x } from './words.ts'

type Values = { format: ExportFormat; columns: string[]; language: 'zh' | 'en'; why: string }
const formatWord: Record<ExportFormat, () => string> = { xlsx: () => x.xlsx, csv: () => x.csv, gb18030: () => x.gb18030 }

/** What was chosen last time for this list, on this machine. */
const keptAs = (path: string) => `huiyin.export.${path}`
const Kept = z.object({ format: ExportFormat, columns: z.array(z.string()) })
function kept(path: string): z.output<typeof Kept> | null {
  try {
    return Kept.parse(JSON.parse(localStorage.getItem(keptAs(path)) ?? ''))
  } catch {
    return null
  }
}

/** As in an address: everything is text. */
const wire = (filter: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([key, value]: [string, unknown]) =>
      value === undefined || value === null || key === 'after' || key === 'size'
        ? []
        : [[key, value instanceof Date ? value.toISOString() : Array.isArray(value) ? value.join(',') : String(value)]],
    ),
  )

export default function ExportPanel({ of, filter, what, close }: { of: ListExports; filter: object; what: string; close: () => void }) {
  const columns = useFetch(of.columns, {})
  const [form] = Form.useForm<Values>()
  const may = useMay()
  const [isFull, setFull] = useState(false)
  const mayUnmask = columns.data?.some(column => column.unmask !== null && may(column.unmask)) ?? false
  const last = kept(of.ask.path)
  const all = columns.data?.map(column => column.key) ?? []
  const chosen = last?.columns.filter(key => all.includes(key)) ?? []
  if (!columns.data && !columns.error) return null
  return (
    <FormDrawer<Values>
      open
      form={form}
      title={x.exportOf(what)}
      saveWord={x.begin}
      close={close}
      values={{ format: last?.format ?? 'xlsx', language: language(), columns: chosen.length > 0 ? chosen : all }}
      save={async values => {
        localStorage.setItem(keptAs(of.ask.path), JSON.stringify({ format: values.format, columns: values.columns }))
        const { why, ...asked } = values
        await call(of.ask, { body: { ...asked, filter: wire(filter), ...(isFull ? { reveal: { reason: why } } : {}) } })
        await queryClient.invalidateQueries({ queryKey: ['runs'] })
        tell(x.begun)
      }}
    >
      {columns.error && <Failure error={columns.error} retry={() => void columns.refetch()} />}
      {columns.isPending && <Waiting rows={4} />}
      <p className="t3">{x.hint}</p>
      <Form.Item name="format" label={x.format} extra={x.formatHint}>
        <Segmented options={ExportFormat.options.map(value => ({ value, label: formatWord[value]() }))} />
      </Form.Item>
      {mayUnmask && (
        <Form.Item extra={isFull ? undefined : x.fullHint}>
          <Checkbox checked={isFull} onChange={event => setFull(event.target.checked)}>
            {x.full}
          </Checkbox>
        </Form.Item>
      )}
      {isFull && (
        <Form.Item name="why" label={x.why} extra={x.fullHint} rules={[{ required: true, whitespace: true, message: x.why }]}>
          <Input maxLength={200} autoFocus />
        </Form.Item>
      )}
      <Form.Item name="language" label={x.language}>
        <Segmented
          options={[
            { value: 'zh', label: x.zh },
            { value: 'en', label: x.en },
          ]}
        />
      </Form.Item>
      <Form.Item
        label={
          <span className="row">
            {x.columns}
            <Button size="small" type="link" onClick={() => form.setFieldValue('columns', all)}>
              {x.all}
            </Button>
            <Button size="small" type="link" onClick={() => form.setFieldValue('columns', [])}>
              {x.none}
            </Button>
          </span>
        }
        name="columns"
        rules={[{ required: true, message: x.columns }]}
      >
        <Checkbox.Group className="exportcolumns" options={(columns.data ?? []).map(c => ({ value: c.key, label: nameOf(c) }))} />
      </Form.Item>
    </FormDrawer>
  )
}
