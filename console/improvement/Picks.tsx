import { Form, InputNumber, Select } from 'antd'
import { declaredFigures, type FigureName } from '#contract/insight.ts'
import { useFetch } from '../kit/data.ts'
import { nameOf, words } from '../kit/words.ts'
import { byText, ofVersion, subjectText, unitText, useDeclared } from './figures.ts'

const w = words({
  figure: ['指标', 'Figure'],
  subject: ['统计对象', 'Of'],
  must: ['必填', 'Required'],
})

/** Figure and subject of a form, in fields `figure` and `of` ("by:key"). */
export function FigurePick({ figure, changed }: { figure: FigureName | undefined; changed?: () => void }) {
  const { all, of } = useDeclared()
  const subjects =
    useFetch(declaredFigures.subjects, { query: { figure: figure ?? 'csat' } }, { enabled: figure !== undefined, staleTime: 60_000 })
      .data ?? []
  const definition = figure && of(figure)
  const centre = { by: 'centre' as const, key: '', name: '', nameEn: '' }
  // Until it is known of what the figure can be taken, the whole centre is.
  const known = subjects.length > 0 ? subjects : [centre]
  const groups = [...new Set(known.map(s => s.by))].map(by => ({
    label: byText(by),
    options: known.filter(s => s.by === by).map(s => ({ value: `${s.by}:${s.key}`, label: subjectText(s) })),
  }))
  return (
    <>
      <Form.Item
        name="figure"
        label={w.figure}
        rules={[{ required: true, message: w.must }]}
        help={definition ? ofVersion(nameOf({ name: definition.zh, nameEn: definition.en }), definition.version) : undefined}
      >
        <Select options={all.map(d => ({ value: d.figure, label: nameOf(d) }))} onChange={() => changed?.()} />
      </Form.Item>
      <Form.Item name="of" label={w.subject} rules={[{ required: true, message: w.must }]}>
        <Select showSearch={{ optionFilterProp: 'label' }} options={groups} />
      </Form.Item>
    </>
  )
}

/** A value in the unit of the figure. */
export function ValueField({
  name,
  label,
  figure,
  required = true,
  help,
}: {
  name: string
  label: string
  figure: FigureName | undefined
  required?: boolean
  help?: string
}) {
  const { of } = useDeclared()
  const definition = figure && of(figure)
  return (
    <Form.Item name={name} label={label} rules={[{ required, message: w.must }]} {...(help ? { help } : {})}>
      <InputNumber style={{ width: 160 }} min={0} {...(definition?.unit === 'share' ? { max: 100 } : {})} suffix={unitText(definition)} />
    </Form.Item>
  )
}

export function subjectOf(text: string) {
  const at = text.indexOf(':')
  const by = declaredFigures.measure.query.shape.by.parse(text.slice(0, at))
  return { by, key: text.slice(at + 1) }
}
