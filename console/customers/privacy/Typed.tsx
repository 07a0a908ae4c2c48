import { Button, Form, Input } from 'antd'
import type { Dayjs } from 'dayjs'
import { type ComponentProps, useState } from 'react'
import { FilePick } from '../../kit/FilePick.tsx'
import { IconFile } from '../../kit/icons.ts'
import { p } from './words.ts'

/** In one request. */
const mostAtOnce = 20_000

export type Values = { values: string; until: Dayjs | null; reason: string }
export const oneByOne = (typed: string): string[] =>
  typed
    .split(/[\n,;，；]+/)
    .map(one => one.trim())
    .filter(Boolean)

type TypedProps = Omit<ComponentProps<typeof Input.TextArea>, 'value' | 'onChange'> & {
  value?: string
  onChange?: (values: string) => void
}
/** Typed, pasted, or read from a file: of a column of a table, or a whole one, whatever looks like a number or an address is put below what stands there. */
export function Typed({ value = '', onChange, ...field }: TypedProps) {
  const form = Form.useFormInstance<Values>()
  const [said, say] = useState('')
  const read = async ([file]: readonly File[]) => {
    const cells = ((await file?.text()) ?? '').split(/[\n\r,;\t，；"]+/).map(cell => cell.trim())
    const found = cells.filter(cell => /^\S+@\S+$/.test(cell) || /^\+?[\d\s()-]{7,20}$/.test(cell))
    if (found.length === 0) return say(p.noneInFile)
    // As it stands once the file is read.
    const stood = oneByOne(form.getFieldValue('values') ?? '')
    const all = [...new Set([...stood, ...found])]
    const values = all.slice(0, Math.max(mostAtOnce, stood.length))
    onChange?.(values.join('\n'))
    void form.validateFields(['values']).catch(() => {})
    say([p.readSome(values.length - new Set(stood).size), values.length < all.length ? p.notAll(all.length - values.length) : ''].join(' '))
  }
  return (
    <>
      <Input.TextArea {...field} value={value} onChange={e => onChange?.(e.target.value)} rows={6} autoFocus />
      <div className="row wrap" style={{ marginTop: 8 }}>
        <FilePick single name={p.fromFile} accept=".csv,.txt,text/csv,text/plain" pick={files => void read(files)}>
          {open => (
            <Button size="small" icon={<IconFile size={14} />} onClick={open}>
              {p.fromFile}
            </Button>
          )}
        </FilePick>
        <span className="t3 f12 grow" role="status">
          {said || p.fromFileHint}
        </span>
      </div>
    </>
  )
}
