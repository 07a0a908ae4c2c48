import { Button, Checkbox, Form, Input, InputNumber, Segmented, Switch } from 'antd'
import { type OutgoingPolicy, outgoingPolicy } from '#contract/outgoingSettings.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import './outgoing.css'
import { w } from './words.ts'

type Values = Omit<OutgoingPolicy, 'quietFrom' | 'quietTo'> & { from: string; to: string }
const clock = (minute: number) => `${String(Math.floor((minute % 1440) / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
const steps = ['opened', 'taken', 'waiting', 'resolved', 'closed'] as const

/** Quiet hours, caps, and what customers and colleagues are told by itself. */
export default function PolicyPage() {
  const policy = useFetch(outgoingPolicy.read, {})
  const { act, acting } = useAct(outgoingPolicy.change, { done: () => tell(w.saved) })
  const cap = (key: keyof OutgoingPolicy['caps'], label: string) => (
    <Form.Item name={['caps', key]} label={label}>
      <InputNumber min={1} max={1000} precision={0} style={{ width: '100%' }} />
    </Form.Item>
  )
  return (
    <div className="page" style={{ maxWidth: 760 }}>
      <header>
        <h1>{w.rules}</h1>
        <span className="t3 cut">{w.rulesHint}</span>
      </header>
      {policy.error && <Failure error={policy.error} retry={() => void policy.refetch()} />}
      {!policy.data ? (
        <Waiting />
      ) : (
        <Form<Values>
          layout="vertical"
          initialValues={{ ...policy.data, from: clock(policy.data.quietFrom), to: clock(policy.data.quietTo) }}
          onFinish={({ from, to, caps, ...rest }) =>
            void act({
              body: {
                ...rest,
                linkBase: rest.linkBase ?? '',
                caps: {
                  day: caps.day ?? null,
                  week: caps.week ?? null,
                  mailDay: caps.mailDay ?? null,
                  mailWeek: caps.mailWeek ?? null,
                  smsDay: caps.smsDay ?? null,
                  smsWeek: caps.smsWeek ?? null,
                },
                quietFrom: minuteOf(from),
                quietTo: minuteOf(to),
              },
            })
          }
        >
          <section className="card">
            <div className="body">
              <Form.Item label={w.quiet} extra={w.quietHint}>
                <div className="row">
                  <Form.Item name="from" noStyle>
                    <Input type="time" style={{ width: 128 }} aria-label={w.quiet} />
                  </Form.Item>
                  –
                  <Form.Item name="to" noStyle>
                    <Input type="time" style={{ width: 128 }} aria-label={w.quiet} />
                  </Form.Item>
                </div>
              </Form.Item>
              <Form.Item label={w.caps} extra={w.capsHint} style={{ marginBottom: 4 }} />
              <div className="pairs4">
                {cap('day', w.capDay)}
                {cap('week', w.capWeek)}
                {cap('smsDay', w.capSmsDay)}
                {cap('smsWeek', w.capSmsWeek)}
                {cap('mailDay', w.capMailDay)}
                {cap('mailWeek', w.capMailWeek)}
              </div>
            </div>
          </section>
          <section className="card" style={{ marginTop: 12 }}>
            <div className="body">
              <Form.Item name="ticketSteps" label={w.ticketTold}>
                <Checkbox.Group options={steps.map(value => ({ value, label: value === 'waiting' ? w.waitingStep : w[value] }))} />
              </Form.Item>
              <Form.Item name="ticketWay" label={w.ticketWay}>
                <Segmented
                  options={[
                    { value: 'either', label: w.either },
                    { value: 'sms', label: w.sms },
                    { value: 'mail', label: w.mail },
                  ]}
                />
              </Form.Item>
              <Form.Item name="passwordLinks" label={w.links} valuePropName="checked">
                <Switch />
              </Form.Item>
              <Form.Item name="linkBase" label={w.linkBase} extra={w.linkBaseHint}>
                <Input placeholder="https://kf.example.cn" />
              </Form.Item>
              <Button type="primary" htmlType="submit" loading={acting}>
                {w.save}
              </Button>
            </div>
          </section>
        </Form>
      )}
    </div>
  )
}
