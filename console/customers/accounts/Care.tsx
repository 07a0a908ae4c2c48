import { Link } from '@tanstack/react-router'
import { Button, Form, Input, InputNumber, Switch } from 'antd'
import { type CarePlan, type Care as CareState, keyAccounts } from '#contract/keyAccounts.ts'
import { useMay } from '../../app/me.ts'
import { PersonSelect } from '../../app/people.tsx'
import { call, RefusalError } from '../../kit/call.ts'
import { queryClient, useFetch } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { tell, tellRefusal } from '../../kit/tell.tsx'
import { day } from '../../kit/time.ts'
import './accounts.css'
import { dayAt } from './marks.ts'
import { k } from './words.ts'

type Values = Pick<CarePlan, 'visitDays' | 'contactDays' | 'byId' | 'startsOn' | 'note' | 'active'>
const today = () => {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}
const fresh = (): Values => ({ visitDays: 90, contactDays: 30, byId: null, startsOn: today(), note: '', active: true })
const valuesOf = ({ version: _, ...plan }: CarePlan): Values => plan

/** How often somebody, or everybody who is key, is to be visited and spoken with, and what came of it. */
export default function Care({ of, close }: { of: { id: string; name: string } | 'tier'; close: () => void }) {
  return of === 'tier' ? <OfTier close={close} /> : <OfCustomer customer={of} close={close} />
}

async function stale() {
  for (const noun of ['key-accounts', 'customers', 'care-plans', 'tasks']) await queryClient.invalidateQueries({ queryKey: [noun] })
}
const bodyOf = (values: Values, version: number) => ({
  ...values,
  visitDays: values.visitDays ?? null,
  contactDays: values.contactDays ?? null,
  byId: values.byId ?? null,
  note: values.note ?? '',
  version,
})

function OfTier({ close }: { close: () => void }) {
  const { data, error } = useFetch(keyAccounts.tiers, {}, { keep: false, staleTime: 0 })
  const plan = data?.find(one => one.tier === 'key')
  if (!data && !error) return null
  return (
    <PlanDrawer
      title={k.tierPlanTitle}
      plan={plan ?? null}
      close={close}
      save={async values => {
        await call(keyAccounts.planTier, { tier: 'key', body: bodyOf(values, plan?.version ?? 0) })
        await stale()
        tell(k.saved)
      }}
    >
      {error && <Failure error={error} />}
      <p className="t3">{k.tierPlanHint}</p>
    </PlanDrawer>
  )
}

function OfCustomer({ customer, close }: { customer: { id: string; name: string }; close: () => void }) {
  const { data, error, refetch } = useFetch(keyAccounts.care, { id: customer.id }, { keep: false })
  // Typed values stay while pushes refresh what stands behind them; the version is the one first seen.
  const [seen] = Form.useForm<Values>()
  const may = useMay()
  const unplan = async () => {
    try {
      await call(keyAccounts.unplan, { id: customer.id })
    } catch (refused) {
      if (!(refused instanceof RefusalError)) throw refused
      tellRefusal(refused)
      return
    }
    await stale()
    tell(k.unplanned)
    close()
  }
  if (!data && !error) return null
  return (
    <PlanDrawer
      form={seen}
      title={k.planOf(customer.name)}
      plan={data?.own ?? data?.ofTier ?? null}
      close={close}
      save={async values => {
        await call(keyAccounts.plan, { id: customer.id, body: bodyOf(values, data?.own?.version ?? 0) })
        await stale()
        tell(k.saved)
      }}
    >
      <div className="row wrap" style={{ marginBottom: 12 }}>
        {data && !data.own && data.ofTier && <span className="t3">{byTier(data.ofTier)}</span>}
        <Link className="end" to={`/customers/${customer.id}`}>
          {k.openCustomer}
        </Link>
        {data?.own && may('account:write') && (
          <Button size="small" onClick={() => void unplan()}>
            {k.unplan}
          </Button>
        )}
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data ? <Rounds of={data} /> : <Waiting rows={2} />}
    </PlanDrawer>
  )
}

const byTier = ({ visitDays, contactDays }: CarePlan) =>
  k.byTier(visitDays ? k.everyVisit(visitDays) : '', contactDays ? k.everyTalk(contactDays) : '')

function Rounds({ of: { rounds } }: { of: CareState }) {
  return (
    <section className="rounds" aria-label={k.rounds}>
      <h4>{k.rounds}</h4>
      {rounds.length === 0 && <span className="t3">{k.noRounds}</span>}
      <ul>
        {rounds.map(round => (
          <li key={round.id} className="row">
            <span className={`tag ${round.doneAt ? 'ok' : 'wa'}`}>{round.kind === 'visit' ? k.visit : k.talk}</span>
            <span className="cut grow">
              {round.doneAt ? k.doneRound(day(round.doneAt), round.doneByName ?? '') : k.dueRound(day(dayAt(round.dueOn)))}
            </span>
            {round.taskId && (
              <Link to="/tasks" search={{ box: round.doneAt ? 'done' : 'open', t: round.taskId } as never}>
                {k.task}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

type Drawn = {
  title: string
  plan: CarePlan | null
  save: (values: Values) => Promise<void>
  close: () => void
  children: React.ReactNode
  form?: ReturnType<typeof Form.useForm<Values>>[0]
}
function PlanDrawer({ title, plan, save, close, children, form }: Drawn) {
  const may = useMay()
  const days = (name: 'visitDays' | 'contactDays', label: string) => (
    <Form.Item name={name} label={label} extra={k.daysHint}>
      <InputNumber min={1} max={730} precision={0} style={{ width: '100%' }} />
    </Form.Item>
  )
  return (
    <FormDrawer<Values> open title={title} {...(form ? { form } : {})} values={plan ? valuesOf(plan) : fresh()} save={save} close={close}>
      {children}
      <fieldset className="plan" disabled={!may('account:write')}>
        <div className="two">
          {days('visitDays', k.visitDays)}
          {days('contactDays', k.contactDays)}
        </div>
        <Form.Item name="byId" label={k.by} extra={k.byHint}>
          <PersonSelect aria-label={k.by} />
        </Form.Item>
        <Form.Item name="startsOn" label={k.startsOn}>
          <Input type="date" required />
        </Form.Item>
        <Form.Item name="note" label={k.note} extra={k.noteHint}>
          <Input.TextArea maxLength={1000} autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
        <Form.Item name="active" label={k.active} valuePropName="checked">
          <Switch />
        </Form.Item>
      </fieldset>
    </FormDrawer>
  )
}
