import { Form, Input, InputNumber, Select, Switch } from 'antd'
import type { FigureName } from '#contract/insight.ts'
import { goals, type Standard, standards } from '#contract/standards.ts'
import { call } from '../kit/call.ts'
import { queryClient, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { tell } from '../kit/tell.tsx'
import { nameOf } from '../kit/words.ts'
import { kindWord, periodWord } from './attainment.tsx'
import { Names, OwnerField, TextField } from './Fields.tsx'
import { typed, untyped, useDeclared } from './figures.ts'
import { FigurePick, subjectOf, ValueField } from './Picks.tsx'
import { s } from './standards.words.ts'

type Words = {
  name: string
  nameEn: string
  kind: Standard['kind']
  text: string
  source: string
  goalId: string | null
  ownerId: string | null
}
type Measured = {
  figure: FigureName
  of: string
  target: number
  tolerance: number
  period: 'day' | 'week' | 'month' | 'quarter' | 'year'
  leastCases: number
  fromDay: string
}
type Values = Words & Measured & { measured: boolean }
const kinds = ['result', 'language', 'behaviour', 'process'] as const
const periods = ['day', 'week', 'month', 'quarter', 'year'] as const

const wordsOf = ({ name, nameEn, kind, text, source, goalId, ownerId }: Words) => ({
  name,
  nameEn: nameEn ?? '',
  kind,
  text: text ?? '',
  source: source ?? '',
  goalId: goalId ?? null,
  ownerId: ownerId ?? null,
})
const refresh = async () => {
  await queryClient.invalidateQueries({ queryKey: ['standards'] })
  tell(s.saved)
}
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** A new one, with or without a measure. */
export function NewStandard({ close }: { close: () => void }) {
  const [form] = Form.useForm<Values>()
  const { of } = useDeclared()
  const measured = Form.useWatch('measured', form) ?? true
  const save = async (values: Values) => {
    await call(standards.add, { body: { ...wordsOf(values), measure: values.measured ? measureOf(values, of(values.figure)) : null } })
    await refresh()
  }
  return (
    <FormDrawer<Values>
      open
      form={form}
      title={s.add}
      width={520}
      values={{
        kind: 'result',
        measured: true,
        of: 'centre:',
        tolerance: 0,
        period: 'month',
        leastCases: 30,
        fromDay: `${inDays(0).slice(0, 8)}01`,
        goalId: null,
        ownerId: null,
      }}
      save={save}
      close={close}
    >
      <WordFields />
      <Form.Item name="measured" label={s.measured} valuePropName="checked">
        <Switch />
      </Form.Item>
      {measured && <MeasureFields />}
    </FormDrawer>
  )
}

export function ChangeStandard({ standard, close }: { standard: Standard; close: () => void }) {
  const save = async (values: Words) => {
    await call(standards.change, { id: standard.id, body: wordsOf(values) })
    await refresh()
  }
  return (
    <FormDrawer<Words> open title={s.change} width={520} values={standard} save={save} close={close}>
      <WordFields />
    </FormDrawer>
  )
}

/** Another target from a day on; what was judged before stays as it was. */
export function NewTarget({ standard, close }: { standard: Standard; close: () => void }) {
  const { of } = useDeclared()
  const v = standard.version
  const save = async (values: Measured) => {
    await call(standards.measure, { id: standard.id, body: measureOf(values, of(values.figure)) })
    await refresh()
  }
  const values: Partial<Measured> = v
    ? {
        figure: v.figure,
        of: `${v.subject.by}:${v.subject.key}`,
        target: typed(of(v.figure), v.target),
        tolerance: typed(of(v.figure), v.tolerance),
        period: v.period,
        leastCases: v.leastCases,
        fromDay: inDays(1),
      }
    : { of: 'centre:', tolerance: 0, period: 'month', leastCases: 30, fromDay: inDays(1) }
  return (
    <FormDrawer<Measured> open title={s.newTarget} width={520} values={values} save={save} close={close}>
      <MeasureFields />
    </FormDrawer>
  )
}

const measureOf = (
  { of: subject, figure, target, tolerance, period, leastCases, fromDay }: Measured,
  definition: Parameters<typeof untyped>[0],
) => ({
  figure,
  subject: subjectOf(subject),
  target: untyped(definition, target),
  tolerance: untyped(definition, tolerance ?? 0),
  period,
  leastCases,
  fromDay,
})

function WordFields() {
  const all = useFetch(goals.list, { query: {} }).data ?? []
  return (
    <>
      <div className="two">
        <Names />
        <Form.Item name="kind" label={s.kind}>
          <Select options={kinds.map(value => ({ value, label: kindWord(value) }))} />
        </Form.Item>
        <Form.Item name="source" label={s.source}>
          <Input maxLength={200} placeholder="GB/T 33358" />
        </Form.Item>
      </div>
      <TextField label={s.text} />
      <div className="two">
        <Form.Item name="goalId" label={s.goal}>
          <Select allowClear placeholder={s.noGoal} options={all.map(g => ({ value: g.id, label: nameOf(g) }))} />
        </Form.Item>
        <OwnerField />
      </div>
    </>
  )
}

function MeasureFields() {
  const form = Form.useFormInstance()
  const figure: FigureName | undefined = Form.useWatch('figure', form)
  return (
    <>
      <FigurePick figure={figure} changed={() => form.setFieldsValue({ of: 'centre:' })} />
      <div className="two">
        <ValueField name="target" label={s.target} figure={figure} />
        <ValueField name="tolerance" label={s.tolerance} figure={figure} required={false} help={s.toleranceHint} />
        <Form.Item name="period" label={s.period}>
          <Select options={periods.map(value => ({ value, label: periodWord(value) }))} />
        </Form.Item>
        <Form.Item name="leastCases" label={s.leastCases}>
          <InputNumber min={1} max={1_000_000} style={{ width: '100%' }} />
        </Form.Item>
      </div>
      <Form.Item name="fromDay" label={s.fromDay} rules={[{ required: true, message: s.must }]}>
        <Input type="date" style={{ width: 180 }} />
      </Form.Item>
    </>
  )
}
