import { Button, Form, InputNumber, Switch } from 'antd'
import { securityPolicy } from '#contract/security.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { s } from './security.words.ts'
import { w } from './words.ts'

type Values = { passwordLength: number; everyone: boolean }

export default function SecurityPolicyPage() {
  const policy = useFetch(securityPolicy.read, {})
  const { act, acting } = useAct(securityPolicy.change, { also: ['me'], done: () => tell(w.saved) })
  return (
    <div className="page" style={{ maxWidth: 760 }}>
      <header>
        <h1>{s.policy}</h1>
        <span className="t3 cut">{s.policyHint}</span>
      </header>
      {policy.error && <Failure error={policy.error} retry={() => void policy.refetch()} />}
      {!policy.data ? (
        <Waiting />
      ) : (
        <section className="card">
          <div className="body">
            <Form<Values>
              layout="vertical"
              initialValues={{ passwordLength: policy.data.passwordLength, everyone: policy.data.secondFactor === 'required' }}
              onFinish={({ passwordLength, everyone }) =>
                void act({ body: { passwordLength, secondFactor: everyone ? 'required' : 'optional' } })
              }
            >
              <Form.Item name="passwordLength" label={s.length} extra={s.lengthHint} rules={[{ required: true, message: w.required }]}>
                <InputNumber min={8} max={64} precision={0} suffix={s.characters} style={{ width: 144 }} />
              </Form.Item>
              <Form.Item name="everyone" label={s.everyoneSecond} extra={s.everyoneSecondHint} valuePropName="checked">
                <Switch />
              </Form.Item>
              <Button type="primary" htmlType="submit" loading={acting}>
                {w.save}
              </Button>
            </Form>
          </div>
        </section>
      )}
      <section className="card">
        <header>
          <h2>{s.fixed}</h2>
        </header>
        <div className="body col t2" style={{ gap: 4 }}>
          <span>{s.fixedLock}</span>
          <span>{s.fixedAddress}</span>
          <span>{s.fixedRest}</span>
        </div>
      </section>
    </div>
  )
}
