import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Button, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { automation, type Rule, type RuleBody } from '#contract/automation.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { tell, tellRefusal } from '../kit/tell.tsx'
import { undoable } from '../kit/undo.tsx'
import { WhyButton } from '../kit/WhyButton.tsx'
import { nameOf, refusalText } from '../kit/words.ts'
import { Actions } from './Actions.tsx'
import { Conditions } from './Conditions.tsx'
import { bodyOf, type Draft, emptyBody } from './draft.ts'
import { TimeKind, WhoseHours } from './Given.tsx'
import { Head } from './Head.tsx'
import { fieldsOf, useOffers } from './offered.ts'
import { RuleState } from './RulesPage.tsx'
import { Traces } from './Traces.tsx'
import { Trial } from './Trial.tsx'
import { Versions } from './Versions.tsx'
import './automation.css'
import { w } from './words.ts'

export default function RulePage() {
  const { id = '' } = useParams({ strict: false })
  const isNew = id === 'new'
  const offers = useOffers()
  const [marked, setMarked] = useState(false)
  const { data: kept, error, refetch } = useFetch(automation.one, { id }, { keep: false, enabled: !isNew })
  useFresh('rule', 'automation')
  const first = offers?.triggers.find(t => t.key === 'ticket.opened') ?? offers?.triggers[0]
  const data = isNew ? first && newRule(first.key) : kept
  if (!data)
    return error ? (
      <div className="page">
        <Failure error={error} retry={() => void refetch()} />
        <Link to="/settings/automation">{w.back}</Link>
      </div>
    ) : (
      <Waiting rows={10} />
    )
  // What somebody else saved begins anew; what is typed here is told when it is saved.
  return <Editor key={`${data.id} ${data.revision}`} rule={data} isNew={isNew} marked={marked} mark={setMarked} />
}

/** Nothing is kept of it until somebody saves it. */
const newRule = (trigger: string): Rule => ({
  ...{ id: '', name: w.newName, trigger, body: emptyBody, position: 0, version: 0, revision: 0, versions: [], acted: 0, refused: 0 },
  ...{ active: false, changed: false, retired: false, stopped: null, stoppedAt: null, changedAt: new Date() },
})

type EditorProps = { rule: Rule; isNew: boolean; marked: boolean; mark: (to: boolean) => void }
function Editor({ rule, isNew, marked, mark }: EditorProps) {
  const go = useNavigate()
  const may = useMay()('rule:configure')
  const offers = useOffers()
  const saved: Draft = { name: rule.name, trigger: rule.trigger, ...rule.body }
  const [draft, setDraft] = useState<Draft>(saved)
  const body = bodyOf(draft)
  const changed = JSON.stringify(draft) !== JSON.stringify(saved)
  const add = useAct(automation.add)
  const change = useAct(automation.change)
  const publish = useAct(automation.publish, { done: r => tell(w.published(r.version)) })
  const turn = useAct(automation.switch)
  const retire = useAct(automation.retire)
  const [leaving, setLeaving] = useState(false)
  const busy = add.acting || change.acting || publish.acting || leaving
  const save = async () => {
    if (!body.success) return undefined
    const said = { name: draft.name, trigger: draft.trigger, body: body.data }
    if (!isNew) return change.act({ id: rule.id, body: { ...said, revision: rule.revision } })
    const added = await add.act({ body: said })
    // What is typed from now on belongs to the kept rule: nothing follows before its page has taken this one's place.
    if (!added) return undefined
    setLeaving(true)
    await go({ to: `/automation/${added.id}`, replace: true })
    return added
  }
  const put = async (retired: boolean) => {
    if ((await retire.act({ id: rule.id, body: { retired } })) && retired) undoable(w.wasPutAway(rule.name), () => void put(false))
  }
  const goLive = async (note: string) => {
    if (body.success && body.data.actions.length === 0) {
      tellRefusal({ code: 'rule.does_nothing', message: refusalText('rule.does_nothing') })
      return false
    }
    const draftKept = changed ? await save() : rule
    if (!draftKept) return false
    const published = await publish.act({ id: draftKept.id, body: { revision: draftKept.revision, note } })
    // What is still to be filled in is shown where it stands.
    mark(!published)
    return published
  }
  return (
    <div className="page">
      <Head title={rule.name}>
        <RuleState rule={rule} />
        {may && (
          <span className="end row wrap">
            {rule.retired ? (
              <Button onClick={() => void put(false)}>{w.bringBack}</Button>
            ) : (
              <>
                {!isNew && (
                  <Button type="text" onClick={() => void put(true)} loading={retire.acting}>
                    {w.putAway}
                  </Button>
                )}
                {rule.version > 0 && rule.stopped === null && (
                  <Button loading={turn.acting} onClick={() => void turn.act({ id: rule.id, body: { active: !rule.active } })}>
                    {rule.active ? w.turnOff : w.turnOn}
                  </Button>
                )}
                <Button
                  disabled={!changed || !body.success || draft.name.trim() === ''}
                  loading={add.acting || change.acting || leaving}
                  onClick={() => void save()}
                >
                  {w.save}
                </Button>
                <WhyButton
                  label={w.publish}
                  title={w.publish}
                  placeholder={w.publishNote}
                  hint={w.actsAs}
                  most={200}
                  optional
                  act={goLive}
                  acting={busy}
                  button={{
                    type: 'primary',
                    disabled: busy || !body.success || (!changed && !rule.changed && rule.stopped === null && rule.version > 0),
                  }}
                />
              </>
            )}
          </span>
        )}
      </Head>
      {rule.stopped !== null && <p className="tag ba">{w[rule.stopped]}</p>}
      <div className="rulebody">
        <section className="card" aria-label={rule.name}>
          <div className="body">
            <fieldset className="rulegroup" disabled={!may}>
              <div className="rulesentence">
                <b>{w.name}</b>
                <Input value={draft.name} maxLength={60} aria-label={w.name} onChange={e => setDraft({ ...draft, name: e.target.value })} />
                <b>{w.when}</b>
                <div className="col" style={{ gap: 4 }}>
                  <Select
                    value={draft.trigger}
                    disabled={rule.version > 0}
                    aria-label={w.chooseTrigger}
                    showSearch={{ optionFilterProp: 'label' }}
                    options={offers?.triggers.map(t => ({ value: t.key, label: nameOf(t) })) ?? []}
                    onChange={trigger => setDraft({ ...draft, trigger, condition: { match: 'all', of: [] }, actions: [] })}
                  />
                  {draft.trigger === 'ticket.warned' && (
                    <span className="t3 f12">
                      {w.warnedWhen} <Link to="/settings/ticket-kinds">{w.warnedWhere}</Link>
                    </span>
                  )}
                </div>
                <b>{w.and}</b>
                <Conditions
                  group={draft.condition}
                  fields={fieldsOf(offers, draft.trigger)}
                  marked={marked}
                  change={condition => setDraft({ ...draft, condition })}
                />
                <b>{w.after}</b>
                <Wait wait={draft.wait} change={wait => setDraft({ ...draft, wait })} />
                <b>{w.thenDo}</b>
                <Actions
                  actions={draft.actions}
                  trigger={draft.trigger}
                  offers={offers}
                  marked={marked}
                  change={actions => setDraft({ ...draft, actions })}
                />
              </div>
            </fieldset>
          </div>
        </section>
        <aside className="ruleaside">
          {may && <Trial key={draft.trigger} draft={draft} />}
          <Versions rule={rule} load={may ? version => setDraft({ ...draft, name: version.name, ...version.body }) : null} />
          {!isNew && <Traces ruleId={rule.id} />}
        </aside>
      </div>
    </div>
  )
}

function Wait({ wait, change }: { wait: RuleBody['wait']; change: (wait: RuleBody['wait']) => void }) {
  if (wait === null)
    return (
      <div className="ruleline">
        <span className="t3">{w.noWait}</span>
        <Button size="small" type="dashed" onClick={() => change({ minutes: 30, working: true, calendarId: null })}>
          {w.addWait}
        </Button>
      </div>
    )
  return (
    <div className="ruleline">
      <InputNumber
        min={1}
        precision={0}
        value={wait.minutes}
        suffix={w.minutes}
        aria-label={w.minutes}
        onChange={minutes => change({ ...wait, minutes: minutes ?? 1 })}
        style={{ width: 128 }}
      />
      <TimeKind working={wait.working} change={working => change({ ...wait, working })} />
      {wait.working && <WhoseHours value={wait.calendarId} change={calendarId => change({ ...wait, calendarId })} />}
      <span className="t3">{w.stillSo}</span>
      <Button size="small" type="text" onClick={() => change(null)}>
        {w.noWait}
      </Button>
    </div>
  )
}
