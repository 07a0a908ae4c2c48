import { Button, Form, Segmented, Switch } from 'antd'
import { type Inviting, invitations } from '#contract/invitations.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { KindPick, MinutesField, NumberField, QueuePick } from '../settings/fields.tsx'
import { v } from './invitations.words.ts'

/** Which customers are asked how it went, when, by what and how often. */
export default function InvitingPage() {
  const policy = useFetch(invitations.policy, {})
  return (
    <div className="page" style={{ maxWidth: 640 }}>
      <header>
        <h1>{v.settings}</h1>
        <span className="t3 cut">{v.settingsHint}</span>
      </header>
      {policy.error && <Failure error={policy.error} retry={() => void policy.refetch()} />}
      {policy.data ? <InvitingForm policy={policy.data} /> : policy.isPending && <Waiting />}
    </div>
  )
}

function InvitingForm({ policy }: { policy: Inviting }) {
  const { act, acting } = useAct(invitations.setPolicy, { done: () => tell(v.saved) })
  const [form] = Form.useForm<Inviting>()
  const contacts = Form.useWatch(['contacts', 'on'], form)
  const tickets = Form.useWatch(['tickets', 'on'], form)
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={policy}
      onFinish={() => {
        const p: Inviting = form.getFieldsValue(true)
        void act({ body: p })
      }}
    >
      <section className="card">
        <div className="body">
          <Form.Item name={['contacts', 'on']} label={v.contacts} extra={v.contactsHint} valuePropName="checked">
            <Switch aria-label={v.contacts} />
          </Form.Item>
          {contacts && (
            <>
              <QueuePick name={['contacts', 'queueIds']} label={v.queues} placeholder={v.everyQueue} many />
              <When of="contacts" />
            </>
          )}
          <Form.Item name={['tickets', 'on']} label={v.tickets} extra={v.ticketsHint} valuePropName="checked">
            <Switch aria-label={v.tickets} />
          </Form.Item>
          {tickets && (
            <>
              <KindPick name={['tickets', 'kindIds']} label={v.kinds} placeholder={v.everyKind} many />
              <When of="tickets" />
            </>
          )}
        </div>
      </section>
      <section className="card" style={{ marginTop: 12 }}>
        <div className="body">
          <Form.Item name="first" label={v.first} extra={v.firstHint}>
            <Segmented
              options={[
                { value: 'sms', label: v.sms },
                { value: 'mail', label: v.mail },
              ]}
            />
          </Form.Item>
          <div className="row wrap" style={{ alignItems: 'flex-start', gap: 24 }}>
            <NumberField name="pauseDays" label={v.pause} max={365} unit={v.days} extra={v.pauseHint} />
            <NumberField name="validDays" label={v.valid} min={1} max={60} unit={v.days} />
          </div>
          <Button type="primary" htmlType="submit" loading={acting}>
            {v.save}
          </Button>
        </div>
      </section>
    </Form>
  )
}

const When = ({ of }: { of: 'contacts' | 'tickets' }) => (
  <div className="row wrap" style={{ alignItems: 'flex-start', gap: 24 }}>
    <MinutesField name={[of, 'afterMinutes']} label={v.after} least={0} />
    <NumberField name={[of, 'share']} label={v.share} min={1} max={100} unit="%" />
  </div>
)
