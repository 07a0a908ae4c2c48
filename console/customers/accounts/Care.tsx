import { Link } from '@tanstack/react-router'
import { Button, Form, Input, InputNumber, Switch } from 'antd'
import { type ReactNode, useState } from 'react'
import { type CarePlan, type Care as CareState, keyAccounts } from '#contract/keyAccounts.ts'
import { useMay } from '../../app/me.ts'
import { PersonSelect, useNames } from '../../app/people.tsx'
import { Conflict } from '../../kit/Conflict.tsx'
import { call } from '../../kit/call.ts'
import { DayInput } from '../../kit/DayInput.tsx'
import { queryClient, useAct, useFetch } from '../../kit/data.ts'
import { FailureDrawer } from '../../kit/FailureDrawer.tsx'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { Failure } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { day } from '../../kit/time.ts'
import { useSeen } from '../../kit/useSeen.ts'
import './accounts.css'
import { dayAt } from './marks.ts'
import { k } from './words.ts'

type Values = Pick<CarePlan, 'visitDays' | 'contactDays' | 'byId' | 'startsOn' | 'note' | 'active'>
const today = () => {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}
const fresh = (): Values => ({ visitDays: 90, contactDays: 30, byId: null, startsOn: today(), note: '', active: true })

/** How often somebody, or everybody who is key, is to be visited and spoken with, and what came of it. */
export default function Care({ of, close }: { of: { id: string; name: string } | 'tier'; close: () => void }) {
  return of === 'tier' ? <OfTier close={close} /> : <OfCustomer customer={of} close={close} />
}

async function stale() {
  for (const noun of ['key-accounts', 'customers', 'care-plans', 'tasks']) await queryClient.invalidateQueries({ queryKey: [noun] })
}
/** A plan as its editor met it; 0: there is none yet, and `plan` is what would hold without it. */
type Met = { plan: CarePlan | null; version: number }
const ofTier = async (): Promise<Met> => metOf((await call(keyAccounts.tiers, {})).find(one => one.tier === 'key') ?? null)
const metOf = (own: CarePlan | null, besides: CarePlan | null = null): Met => ({ plan: own ?? besides, version: own?.version ?? 0 })

function OfTier({ close }: { close: () => void }) {
  const { data, error, refetch } = useFetch(keyAccounts.tiers, {}, { keep: false, staleTime: 0 })
  if (!data) return error && <FailureDrawer title={k.tierPlanTitle} error={error} retry={() => void refetch()} close={close} />
  return (
    <PlanDrawer
      title={k.tierPlanTitle}
      met={metOf(data.find(one => one.tier === 'key') ?? null)}
      latest={ofTier}
      send={body => call(keyAccounts.planTier, { tier: 'key', body })}
      close={close}
    >
      <p className="t3">{k.tierPlanHint}</p>
    </PlanDrawer>
  )
}

function OfCustomer({ customer: { id, name }, close }: { customer: { id: string; name: string }; close: () => void }) {
  const { data, error, refetch } = useFetch(keyAccounts.care, { id }, { keep: false })
  const { act, acting } = useAct(keyAccounts.unplan)
  const may = useMay()
  const unplan = async (version: number) => {
    if (!(await act({ id, query: { version } }))) return
    await stale()
    tell(k.unplanned)
    close()
  }
  if (!data) return error && <FailureDrawer title={k.planOf(name)} error={error} retry={() => void refetch()} close={close} />
  const { own } = data
  return (
    <PlanDrawer
      title={k.planOf(name)}
      met={metOf(own, data.ofTier)}
      latest={async () => {
        const now = await call(keyAccounts.care, { id })
        return metOf(now.own, now.ofTier)
      }}
      send={body => call(keyAccounts.plan, { id, body })}
      close={close}
    >
      <div className="row wrap" style={{ marginBottom: 12 }}>
        {!own && data.ofTier && <span className="t3">{byTier(data.ofTier)}</span>}
        <Link className="end" to={`/customers/${id}`}>
          {k.openCustomer}
        </Link>
        {own && may('account:write') && (
          <Button size="small" loading={acting} onClick={() => void unplan(own.version)}>
            {k.unplan}
          </Button>
        )}
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <Rounds of={data} />
    </PlanDrawer>
  )
}

const byTier = ({ visitDays, contactDays }: CarePlan) =>
  k.byTier(visitDays ? k.everyVisit(visitDays) : '', contactDays ? k.everyTalk(contactDays) : '')

function Rounds({ of: { rounds, isAlone } }: { of: CareState }) {
  return (
    <section className="rounds" aria-label={k.rounds}>
      <h4>{k.rounds}</h4>
      {isAlone && <p className="t3">{k.notCalled}</p>}
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
  met: Met
  latest: () => Promise<Met>
  send: (body: Values & { version: number }) => Promise<unknown>
  close: () => void
  children: ReactNode
}
function PlanDrawer({ title, met, latest, send, close, children }: Drawn) {
  const may = useMay()
  const [form] = Form.useForm<Values>()
  const [blank] = useState(fresh)
  const valuesOf = ({ plan }: Met): Values => {
    if (plan === null) return blank
    const { version: _, ...values } = plan
    return values
  }
  const { meanwhile, send: sendSeen } = useSeen<Met, Values>(met, form, { code: 'care_plan.changed_meanwhile', latest, valuesOf })
  const name = useNames([meanwhile?.mine.byId, meanwhile?.theirs.byId])
  const save = async ({ visitDays, contactDays, byId, note, ...given }: Values) => {
    const mine = { ...given, visitDays: visitDays ?? null, contactDays: contactDays ?? null, byId: byId ?? null, note: note ?? '' }
    await sendSeen(mine, ({ version }) => send({ ...mine, version }))
    await stale()
    tell(k.saved)
  }
  const label = (key: keyof Values) => (key === 'byId' ? k.by : k[key])
  const show = (key: keyof Values, value: unknown) =>
    key === 'byId'
      ? typeof value === 'string' && name(value)
      : value === true
        ? k.active
        : value === false
          ? k.resting
          : String(value ?? '')
  const days = (name: 'visitDays' | 'contactDays', label: string) => (
    <Form.Item name={name} label={label} extra={k.daysHint}>
      <InputNumber min={1} max={730} precision={0} style={{ width: '100%' }} />
    </Form.Item>
  )
  return (
    <FormDrawer<Values> form={form} open title={title} values={valuesOf(met)} save={save} close={close}>
      {meanwhile && <Conflict meanwhile={meanwhile} label={label} show={show} />}
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
          <DayInput allowClear={false} />
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
