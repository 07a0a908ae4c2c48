import { Form, Input, InputNumber, Radio, Select, Switch } from 'antd'
import { useState } from 'react'
import { type LineState, lines, Trunk, trunks } from '#contract/voiceSettings.ts'
import { CatalogPage } from '../../kit/CatalogPage.tsx'
import { useFetch } from '../../kit/data.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { ago } from '../../kit/time.ts'
import { LineFigures } from '../records/LineFigures.tsx'
import { l } from './lines.words.ts'

const tone: Readonly<Record<string, string>> = {
  ready: 'ok',
  connecting: 'wa',
  registering: 'wa',
  unknown: 'wa',
  refused: 'ba',
  down: 'ba',
}

/** Trunks to carriers, and the switches with how they are now. */
export default function LinesPage() {
  const { data, error, isPending, refetch } = useFetch(lines.list, {}, { refetchInterval: 5_000 })
  const all = data ?? []
  /** A trunk stands on every switch: the best of them counts. */
  const stateOf = (id: string) => {
    const states = all.flatMap(line => line.trunks.filter(t => t.id === id))
    return states.find(t => t.state === 'ready') ?? states[0]
  }
  const usesOf = (id: string) => all.reduce((sum, line) => sum + (line.trunks.find(t => t.id === id)?.calls ?? 0), 0)
  return (
    <CatalogPage
      of={trunks}
      title={l.lines}
      adding={l.addTrunk}
      hint={l.hint}
      empty={{ title: l.noTrunks, hint: l.noTrunksHint }}
      fresh={{ addresses: [], register: false, transport: 'udp', most: 30, login: '', password: '' }}
      columns={[
        { key: 'name', title: l.name, show: row => <b className="m5">{String(row.name)}</b> },
        { key: 'host', title: l.host, show: row => <span className="t2">{String(row.host)}</span> },
        {
          key: 'state',
          title: l.state,
          show: row => {
            const state = stateOf(row.id)
            return state && <State of={state.state} />
          },
        },
        {
          key: 'most',
          title: l.most,
          show: row => <span className="t2 nowrap">{l.callsOf(usesOf(row.id), Number(row.most))}</span>,
        },
      ]}
      fields={<TrunkFields />}
      below={
        <>
          <section className="card" aria-label={l.switches}>
            <header>
              <h3>{l.switches}</h3>
            </header>
            <div className="body">
              {error && <Failure error={error} retry={() => void refetch()} />}
              {isPending && <Waiting rows={2} />}
              <ul className="legs">
                {all.map(line => (
                  <Line key={line.name} line={line} />
                ))}
              </ul>
              {data && all.every(line => line.kind === 'practice') && <p className="t3">{l.onlyPractice}</p>}
            </div>
          </section>
          <LineFigures />
        </>
      }
    />
  )
}

const State = ({ of }: { of: LineState['state'] | LineState['trunks'][number]['state'] }) => (
  <span className={`tag ${tone[of]}`}>{l[of]}</span>
)

const reasons = ['wrong_password', 'not_asterisk', 'no_answer', 'starting', 'line_lost', 'not_now', 'taken_over', 'nobody_holds'] as const
function Line({ line: { name, kind, state, code, since, calls, phones, version } }: { line: LineState }) {
  const reason = reasons.find(known => known === code)
  return (
    <li className="row wrap">
      <b className="m5">{kind === 'practice' ? l.practice : name === 'asterisk' ? l.own : name}</b>
      <State of={state} />
      <span className="t2">{l.calls(calls)}</span>
      {kind === 'practice' && (
        <a href="/phone" target="_blank" rel="noopener">
          {l.practicePhone}
        </a>
      )}
      {kind === 'asterisk' && <span className="t2">{l.phones(phones)}</span>}
      {reason && <span className={state === 'refused' || state === 'down' ? 'bac' : 't2'}>{l[reason]}</span>}
      <span className="end t3 f12">
        {version?.replace(/[+~].*$/, '')} <time dateTime={since.toISOString()}>{l.since(ago(since))}</time>
      </span>
    </li>
  )
}

function TrunkFields() {
  const form = Form.useFormInstance<Trunk>()
  const login = Form.useWatch('login', form)
  const [chosen, choose] = useState<boolean | null>(null)
  const alone = chosen ?? !login
  const required = [{ required: true, message: l.required }]
  return (
    <>
      <Form.Item name="name" label={l.name} rules={required}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="host" label={l.host} extra={l.hostHint} rules={required}>
        <Input maxLength={120} placeholder="sip.carrier.example" />
      </Form.Item>
      <Form.Item label={l.by}>
        <Radio.Group
          optionType="button"
          value={alone}
          options={[
            { value: true, label: l.byAddress },
            { value: false, label: l.byAccount },
          ]}
          onChange={({ target }) => {
            choose(target.value === true)
            if (target.value === true) form.setFieldsValue({ login: '', password: '', register: false })
          }}
        />
      </Form.Item>
      <Form.Item name="addresses" label={l.addresses} extra={alone ? l.addressesOnly : l.addressesHint} rules={alone ? required : []}>
        <Select
          mode="tags"
          tokenSeparators={[',', ' ', '，']}
          open={false}
          suffixIcon={null}
          maxCount={10}
          placeholder={alone ? '203.0.113.7 203.0.113.0/24' : undefined}
        />
      </Form.Item>
      <Form.Item name="login" label={l.login} hidden={alone} rules={alone ? [] : required}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      <Form.Item name="password" label={l.password} extra={l.passwordHint} hidden={alone}>
        <Input.Password maxLength={120} autoComplete="new-password" />
      </Form.Item>
      <Form.Item name="register" label={l.register} valuePropName="checked" hidden={alone}>
        <Switch />
      </Form.Item>
      <Form.Item name="transport" label={l.transport}>
        <Select options={Trunk.shape.transport.unwrap().options.map(value => ({ value, label: value.toUpperCase() }))} />
      </Form.Item>
      <Form.Item name="most" label={l.most}>
        <InputNumber min={1} max={2000} precision={0} />
      </Form.Item>
    </>
  )
}
