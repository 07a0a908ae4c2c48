import { Form, Input, InputNumber } from 'antd'
import { type Finding, improvements, type Round } from '#contract/improvement.ts'
import { declaredFigures, type FigureName } from '#contract/insight.ts'
import { call } from '../kit/call.ts'
import { queryClient, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconAlertTriangle } from '../kit/icons.ts'
import { tell } from '../kit/tell.tsx'
import { dayAfter, dayBefore, typed, untyped, useDeclared, valueText } from './figures.ts'
import { FigurePick, subjectOf, ValueField } from './Picks.tsx'
import { w } from './words.ts'

type Values = {
  cause: string
  measure: string
  figure: FigureName
  of: string
  expected: number
  beforeFrom: string
  beforeLast: string
  afterDays: number
  settleDays: number
  leastCases: number
  alpha: number
}
const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

/** What is declared before anybody acts. The figure of the window before is shown while it is chosen. */
export default function PlanForm({ finding, round, close }: { finding: Finding; round: Round | undefined; close: () => void }) {
  const [form] = Form.useForm<Values>()
  const { of } = useDeclared()
  const figure = Form.useWatch('figure', form)
  const save = async ({ of: subject, beforeLast, expected, ...plan }: Values) => {
    await call(improvements.plan, {
      id: finding.id,
      body: { ...plan, subject: subjectOf(subject), expected: untyped(of(plan.figure), expected), beforeUntil: dayAfter(beforeLast) },
    })
    await queryClient.invalidateQueries({ queryKey: ['improvements'] })
    tell(w.planSaved)
  }
  const last = round ?? finding.rounds[0]
  const values: Partial<Values> = {
    cause: round?.cause ?? '',
    measure: round?.measure ?? '',
    ...(last
      ? {
          figure: last.figure,
          of: `${last.subject.by}:${last.subject.key}`,
          afterDays: last.afterDays,
          settleDays: last.settleDays,
          leastCases: last.leastCases,
          alpha: last.alpha,
        }
      : { of: 'centre:', afterDays: 28, settleDays: 0, leastCases: 30, alpha: 0.05 }),
    ...(round
      ? { beforeFrom: round.beforeFrom, beforeLast: dayBefore(round.beforeUntil), expected: typed(of(round.figure), round.expected) }
      : { beforeFrom: ago(28), beforeLast: ago(1) }),
  }
  const better = figure ? of(figure)?.better : undefined
  return (
    <FormDrawer<Values> open form={form} title={round ? w.changePlan : w.makePlan} values={values} save={save} close={close} width={520}>
      <Form.Item name="cause" label={w.cause} rules={[{ required: true, whitespace: true, message: w.must }]}>
        <Input.TextArea maxLength={4000} autoSize={{ minRows: 2, maxRows: 8 }} autoFocus />
      </Form.Item>
      <Form.Item name="measure" label={w.measure} rules={[{ required: true, whitespace: true, message: w.must }]}>
        <Input.TextArea maxLength={4000} autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
      <FigurePick figure={figure} changed={() => form.setFieldsValue({ of: 'centre:' })} />
      <div className="two">
        <Form.Item name="beforeFrom" label={`${w.windowBefore} ${w.from}`} rules={[{ required: true, message: w.must }]}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="beforeLast" label={w.to} rules={[{ required: true, message: w.must }]}>
          <Input type="date" />
        </Form.Item>
      </div>
      <Baseline form={form} />
      <ValueField
        name="expected"
        label={w.expected}
        figure={figure}
        {...(better ? { help: w.expectedHint(better === 'up' ? w.higher : w.lower) } : {})}
      />
      <div className="two">
        <Form.Item name="settleDays" label={w.settleDays} help={w.settleHelp}>
          <InputNumber min={0} max={90} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="afterDays" label={w.afterDays} help={w.afterHelp}>
          <InputNumber min={1} max={365} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="leastCases" label={w.leastCases} help={w.leastHelp}>
          <InputNumber min={1} max={1_000_000} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="alpha" label={w.alpha} help={w.alphaHelp}>
          <InputNumber min={0.001} max={0.2} step={0.01} style={{ width: '100%' }} />
        </Form.Item>
      </div>
    </FormDrawer>
  )
}

function Baseline({ form }: { form: ReturnType<typeof Form.useForm<Values>>[0] }) {
  const { of } = useDeclared()
  const figure = Form.useWatch('figure', form)
  const subject = Form.useWatch('of', form)
  const from = Form.useWatch('beforeFrom', form)
  const last = Form.useWatch('beforeLast', form)
  const least = Form.useWatch('leastCases', form) ?? 30
  const asks = figure && subject && from && last && from <= last
  const { data } = useFetch(
    declaredFigures.measure,
    {
      query: {
        figure: figure ?? 'csat',
        ...subjectOf(subject ?? 'centre:'),
        from: from ?? '2026-01-01',
        until: dayAfter(last ?? '2026-01-01'),
      },
    },
    { enabled: Boolean(asks), keep: false },
  )
  if (!asks || !data) return null
  const few = data.n < least
  return (
    <p className={`note ${few ? 'wa' : ''}`} style={{ marginBottom: 16 }} role="status">
      {few && <IconAlertTriangle size={16} className="wac" />}
      <span className="grow">
        {w.baselineIs(valueText(of(data.figure), data.value), data.n.toLocaleString())}
        {few && <span className="t2">{` ${w.baselineFew}`}</span>}
      </span>
    </p>
  )
}
