import { Input, Select } from 'antd'
import { useRef, useState } from 'react'
import { choices, type Scope, wrongIn } from './naming.ts'
import { f } from './words.ts'

type Props = {
  label: string
  text: string
  scope: Scope
  change: (text: string) => void
  /** Several lines. */
  long?: boolean
  placeholder?: string
}

const alone = /^\{\{\s*([^{}]*?)\s*\}\}$/
const words = '…'

/** A value: a variable by its name, or words of one's own with variables in them. */
export function Valued(props: Omit<Props, 'long'>) {
  const { label, text, scope, change } = props
  const [writes, write] = useState(false)
  const path = alone.exec(text)?.[1]
  const groups = choices(scope)
  if (writes || path === undefined || !groups.some(g => g.options.some(o => o.value === path))) return <Worded {...props} />
  return (
    <Select
      className="valued"
      aria-label={label}
      value={path}
      popupMatchSelectWidth={264}
      showSearch={{ optionFilterProp: 'label' }}
      options={[{ label: '', options: [{ value: words, label: f.ownWords }] }, ...groups]}
      onChange={next => (next === words ? write(true) : change(`{{${next}}}`))}
    />
  )
}

/** Words with variables in them: picked from those that are there, told at once when one is not. */
export function Worded({ label, text, scope, change, long = false, placeholder = '' }: Props) {
  const at = useRef<number | null>(null)
  const wrong = wrongIn(text, scope)
  const keep = (e: { currentTarget: { selectionStart: number | null } }) => {
    at.current = e.currentTarget.selectionStart
  }
  const insert = (path: string) => {
    const place = Math.min(at.current ?? text.length, text.length)
    const words = `{{${path}}}`
    at.current = place + words.length
    change(text.slice(0, place) + words + text.slice(place))
  }
  const shared = {
    'aria-label': label,
    placeholder,
    value: text,
    onSelect: keep,
    onBlur: keep,
    ...(wrong ? { status: 'error' as const } : {}),
  }
  return (
    <div className="worded">
      {long ? (
        <Input.TextArea {...shared} autoSize={{ minRows: 2, maxRows: 10 }} onChange={e => change(e.target.value)} />
      ) : (
        <Input {...shared} onChange={e => change(e.target.value)} />
      )}
      <Select
        className="insert"
        value={null}
        aria-label={f.insertIn(label)}
        title={f.insert}
        placeholder="{ }"
        suffixIcon={null}
        popupMatchSelectWidth={264}
        showSearch={{ optionFilterProp: 'label' }}
        options={choices(scope)}
        onChange={path => path && insert(path)}
      />
      {wrong && (
        <span className="bac f12" role="alert">
          {'path' in wrong ? f.unknown(wrong.path || '{{}}') : f.openMark}
        </span>
      )}
    </div>
  )
}
