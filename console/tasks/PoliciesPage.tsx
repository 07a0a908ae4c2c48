import { Form, Input, InputNumber, Select, Switch } from 'antd'
import { type ApprovalPolicy, type ApprovalStepRule, approvalPolicies } from '#contract/approvals.ts'
import { rights } from '#contract/rights.ts'
import { PersonSelect } from '../app/people.tsx'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { useFetch } from '../kit/data.ts'
import { nameOf } from '../kit/words.ts'
import { column } from '../settings/column.ts'
import { NameField, NumberField, Rows } from '../settings/fields.tsx'
import { stepText } from './approvalWords.ts'
import { p } from './policies.words.ts'
import '../kit/page.css'
import './tasks.css'

const freshStep = (): Omit<ApprovalStepRule, 'decider'> & { decider: object } => ({
  name: '',
  nameEn: '',
  above: null,
  upTo: null,
  decider: { who: 'role', within: 'team' },
  minutes: 480,
})

/** Which kinds of approval there are, and who decides them by the amount. */
export default function PoliciesPage() {
  return (
    <CatalogPage
      of={approvalPolicies}
      title={p.title}
      adding={p.adding}
      hint={p.hint}
      width={640}
      empty={{ title: p.none, hint: p.noneHint }}
      fresh={{ currency: 'CNY', anyone: false, steps: [freshStep()] }}
      columns={[
        column(approvalPolicies, 'name', p.stepName, row => <b className="m5">{nameOf(row)}</b>, 160),
        column(approvalPolicies, 'steps', p.steps, row => <Steps policy={row} />),
        column(
          approvalPolicies,
          'anyone',
          p.anyone,
          row => <span className={`tag ${row.anyone ? 'ok' : ''}`}>{row.anyone ? p.yes : p.no}</span>,
          140,
        ),
      ]}
      fields={
        <>
          <NameField />
          <div className="two">
            <Form.Item
              name="kind"
              label={p.kind}
              extra={p.kindHint}
              rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,39}$/, message: p.kindHint }]}
            >
              <Input maxLength={40} lang="en" />
            </Form.Item>
            <Form.Item name="currency" label={p.currency} rules={[{ required: true, pattern: /^[A-Z]{3}$/, message: p.must }]}>
              <Input maxLength={3} lang="en" />
            </Form.Item>
          </div>
          <Form.Item name="anyone" label={p.anyone} extra={p.anyoneHint} valuePropName="checked">
            <Switch />
          </Form.Item>
          <Rows name="steps" label={p.steps} add={p.addStep} fresh={freshStep} max={8} ordered>
            {row => <StepFields row={row} />}
          </Rows>
        </>
      }
    />
  )
}

function Steps({ policy }: { policy: ApprovalPolicy }) {
  return (
    <span className="row wrap" style={{ gap: 4 }}>
      {policy.steps.map(s => (
        <span key={stepText(policy, s)} className="tag">
          {stepText(policy, s)}
        </span>
      ))}
    </span>
  )
}

function StepFields({ row }: { row: number }) {
  const who = Form.useWatch(['steps', row, 'decider', 'who'])
  const roles = useFetch(rights.roles, {}, { staleTime: 60_000 }).data ?? []
  const required = [{ required: true, message: p.must }]
  return (
    <div className="stepfields">
      <div className="two">
        <Form.Item name={[row, 'name']} label={p.stepName} rules={[{ required: true, whitespace: true, message: p.must }]}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name={[row, 'nameEn']} label={p.stepNameEn}>
          <Input maxLength={60} lang="en" />
        </Form.Item>
      </div>
      <div className="two">
        <Form.Item name={[row, 'decider', 'who']} label={p.who} rules={required}>
          <Select
            options={[
              { value: 'role', label: p.role },
              { value: 'person', label: p.person },
            ]}
          />
        </Form.Item>
        {who === 'person' ? (
          <Form.Item name={[row, 'decider', 'personId']} label={p.person} rules={required}>
            <PersonSelect />
          </Form.Item>
        ) : (
          <Form.Item name={[row, 'decider', 'roleId']} label={p.role} rules={required}>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              options={roles.filter(r => !r.retired).map(r => ({ value: r.id, label: nameOf(r) }))}
            />
          </Form.Item>
        )}
      </div>
      <div className="two">
        {who !== 'person' && (
          <Form.Item name={[row, 'decider', 'within']} label={p.within} rules={required}>
            <Select
              options={[
                { value: 'team', label: p.team },
                { value: 'department', label: p.department },
                { value: 'all', label: p.all },
              ]}
            />
          </Form.Item>
        )}
        <NumberField name={[row, 'minutes']} label={p.minutes} min={1} unit={p.minutesUnit} />
      </div>
      <div className="two">
        <Form.Item name={[row, 'above']} label={p.above}>
          <Major />
        </Form.Item>
        <Form.Item name={[row, 'upTo']} label={p.upTo}>
          <Major />
        </Form.Item>
      </div>
    </div>
  )
}

/** Written in whole units, kept in minor ones. */
function Major({ value, onChange, id }: { value?: number | null; onChange?: (value: number | null) => void; id?: string }) {
  return (
    <InputNumber<number>
      {...(id ? { id } : {})}
      min={0}
      max={1e11}
      precision={2}
      style={{ width: '100%' }}
      placeholder={p.always}
      value={typeof value === 'number' ? value / 100 : null}
      onChange={n => onChange?.(n === null ? null : Math.round(n * 100))}
    />
  )
}
