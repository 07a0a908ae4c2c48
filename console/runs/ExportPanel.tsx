import { Button, Checkbox, Form, Input, Segmented } from 'antd'
import { useState } from 'react'
import * as z from 'zod'
import { type ExportColumn, ExportFormat } from '#contract/exports.ts'
import { useMay } from '../app/me.ts'
import { call } from '../kit/call.ts'
import { queryClient, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconEyeOff, IconShield } from '../kit/icons.ts'
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
  const sensitive = columns.data?.filter(column => column.sensitive) ?? []
  // What is not for everybody's eyes leaves only when somebody chose it for this very file.
  const usual = all.filter(key => !sensitive.some(column => column.key === key))
  const chosen = last?.columns.filter(key => usual.includes(key)) ?? []
  const now = Form.useWatch('columns', form) ?? []
  const carried = sensitive.filter(column => now.includes(column.key))
  if (!columns.data && !columns.error) return null
  return (
    <FormDrawer<Values>
      open
      form={form}
      title={x.exportOf(what)}
      saveWord={x.begin}
      close={close}
      values={{ format: last?.format ?? 'xlsx', language: language(), columns: chosen.length > 0 ? chosen : usual }}
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
      <div className="row">
        <span id="exportcolumns">{x.columns}</span>
        <Button className="end" size="small" type="link" onClick={() => form.setFieldValue('columns', all)}>
          {x.all}
        </Button>
        <Button size="small" type="link" onClick={() => form.setFieldValue('columns', [])}>
          {x.none}
        </Button>
      </div>
      <Legend columns={columns.data ?? []} isFull={isFull} />
      <Form.Item name="columns" rules={[{ required: true, message: x.columnsNone }]}>
        <Checkbox.Group
          className="exportcolumns"
          aria-labelledby="exportcolumns"
          options={(columns.data ?? []).map(column => ({
            value: column.key,
            label: (
              <>
                {nameOf(column)}
                <Marks column={column} isFull={isFull} />
              </>
            ),
          }))}
        />
      </Form.Item>
      {carried.length > 0 && (
        <p className="wac" role="status">
          {x.carriesSensitive(carried.map(nameOf).join(language() === 'zh' ? '、' : ', '))}
        </p>
      )}
    </FormDrawer>
  )
}

const isMasked = ({ masked, unmask }: ExportColumn, isFull: boolean) => masked && !(isFull && unmask !== null)

function Marks({ column, isFull }: { column: ExportColumn; isFull: boolean }) {
  return (
    <>
      {isMasked(column, isFull) && (
        <span className="exportmark t3" title={x.masked}>
          <IconEyeOff size={14} aria-label={x.masked} />
        </span>
      )}
      {column.sensitive && (
        <span className="exportmark wac" title={x.sensitive}>
          <IconShield size={14} aria-label={x.sensitive} />
        </span>
      )}
    </>
  )
}

/** What the marks beside the columns mean; nothing where there are none. */
function Legend({ columns, isFull }: { columns: readonly ExportColumn[]; isFull: boolean }) {
  const some = [
    columns.some(column => isMasked(column, isFull)) && (
      <span key="masked" className="exportmark t3">
        <IconEyeOff size={14} /> {x.maskedLegend}
      </span>
    ),
    columns.some(column => column.sensitive) && (
      <span key="sensitive" className="exportmark wac">
        <IconShield size={14} /> {x.sensitiveLegend}
      </span>
    ),
  ].filter(Boolean)
  return some.length === 0 ? null : <div className="exportlegend row wrap f12">{some}</div>
}
