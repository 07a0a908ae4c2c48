import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Segmented, Switch } from 'antd'
import { useState } from 'react'
import { automation, type RuleLine } from '#contract/automation.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { IconHistory, IconPlus } from '../kit/icons.ts'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { language } from '../kit/words.ts'
import { UpDown } from '../settings/Moves.tsx'
import { leaves, minutesSaid, triggerName, useOffers, useSay } from './offered.ts'
import './automation.css'
import { w } from './words.ts'

const between = () => (language() === 'zh' ? '；' : '; ')
const inSentence = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

/** All rules, by what sets them off, in the order they are asked. */
export default function RulesPage() {
  const may = useMay()('rule:configure')
  const go = useNavigate()
  const offers = useOffers()
  const [withPutAway, setWithPutAway] = useState(false)
  const { data, error, refetch, dataUpdatedAt } = useFetch(automation.list, {})
  useFresh('rule', 'automation')
  const rules = data?.rules.filter(rule => withPutAway || !rule.retired) ?? []
  const triggers = [...new Set(rules.map(rule => rule.trigger))]
  return (
    <div className="page">
      <header>
        <h1>{w.title}</h1>
        <span className="t3 cut">{w.hint}</span>
        <span className="end row">
          <span className="row f12 t3">
            <Switch size="small" checked={withPutAway} onChange={setWithPutAway} aria-label={w.showPutAway} />
            {w.showPutAway}
          </span>
          <Link to="/automation/runs" className="row f12 nowrap" style={{ gap: 4 }}>
            <IconHistory size={14} />
            {w.traces}
          </Link>
          {may && (
            <Button type="primary" icon={<IconPlus size={16} />} onClick={() => void go({ to: '/automation/new' })}>
              {w.add}
            </Button>
          )}
        </span>
      </header>
      {error && <Failure error={error} retry={() => void refetch()} readAt={dataUpdatedAt} />}
      {!data && !error && <Waiting />}
      {data && rules.length === 0 && <Empty title={w.none} hint={w.noneHint} />}
      {triggers.map(trigger => (
        <TriggerRules
          key={trigger}
          name={triggerName(offers, trigger)}
          trigger={trigger}
          rules={rules.filter(rule => rule.trigger === trigger)}
          takes={data?.takes[trigger] ?? 'all'}
          may={may}
        />
      ))}
    </div>
  )
}

type Props = { trigger: string; name: string; rules: readonly RuleLine[]; takes: 'all' | 'first'; may: boolean }
function TriggerRules({ trigger, name, rules, takes, may }: Props) {
  const ordering = useAct(automation.order)
  const taking = useAct(automation.takes)
  const [dragged, setDragged] = useState<string | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const live = rules.filter(rule => !rule.retired).map(rule => rule.id)
  const put = (id: string, at: number) => {
    const ids = live.filter(other => other !== id)
    ids.splice(at, 0, id)
    void ordering.act({ body: { trigger, ids } })
  }
  return (
    <section className="card rulelist" aria-label={name}>
      <header>
        <h3>
          {w.when} {inSentence(name)}
        </h3>
        {live.length > 1 && may && (
          <span className="end row">
            <Segmented
              size="small"
              value={takes}
              onChange={next => void taking.act({ body: { trigger, takes: next } })}
              options={[
                { value: 'all' as const, label: w.takesAll },
                { value: 'first' as const, label: w.takesFirst },
              ]}
            />
          </span>
        )}
      </header>
      {rules.map(rule => (
        // biome-ignore lint/a11y/noStaticElementInteractions: the arrows beside it do the same by key
        <div
          key={rule.id}
          className={over === rule.id && dragged !== rule.id ? 'rulerow over' : 'rulerow'}
          style={{ opacity: rule.retired ? 0.6 : 1 }}
          draggable={may && !rule.retired && live.length > 1}
          title={may && live.length > 1 ? w.drag : undefined}
          onDragStart={() => setDragged(rule.id)}
          onDragOver={e => {
            if (!dragged || rule.retired) return
            e.preventDefault()
            setOver(rule.id)
          }}
          onDragEnd={() => {
            setDragged(null)
            setOver(null)
          }}
          onDrop={() => {
            if (dragged && dragged !== rule.id) put(dragged, live.filter(id => id !== dragged).indexOf(rule.id))
          }}
        >
          <Line
            rule={rule}
            at={live.indexOf(rule.id)}
            of={live.length}
            may={may}
            busy={ordering.acting}
            move={by => put(rule.id, live.indexOf(rule.id) + by)}
          />
        </div>
      ))}
    </section>
  )
}

type LineProps = { rule: RuleLine; at: number; of: number; may: boolean; busy: boolean; move: (by: number) => void }
function Line({ rule, at, of, may, busy, move }: LineProps) {
  const go = useNavigate()
  const switching = useAct(automation.switch)
  const say = useSay(rule.trigger, [rule.body])
  const asked = leaves(rule.body.condition).map(say.leaf)
  const { wait } = rule.body
  return (
    <>
      {of > 1 && at >= 0 && (
        <span className="row nowrap">
          <span className="t3" style={{ minWidth: 16 }}>
            {at + 1}
          </span>
          {may && <UpDown first={at === 0} last={at === of - 1} busy={busy} move={move} />}
        </span>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the link inside it does the same by key */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the same */}
      <div className="grow says" onClick={() => void go({ to: `/automation/${rule.id}` })}>
        <span className="row wrap" style={{ gap: 8 }}>
          <Link to={`/automation/${rule.id}`}>{rule.name}</Link>
          <RuleState rule={rule} />
        </span>
        <div className="f12 t2">
          {asked.length > 0 && (
            <>
              <span className="t3">{w.and}</span> {asked.join(between())}{' '}
            </>
          )}
          {wait && (
            <>
              <span className="t3">{w.after}</span> {minutesSaid(wait.minutes, wait.working)} {w.stillSo}{' '}
            </>
          )}
          <span className="t3">{w.thenDo}</span> {rule.body.actions.map(say.action).join(between())}
        </div>
      </div>
      <span className="f12 t3 nowrap">
        {rule.acted > 0 && w.acted(rule.acted)}
        {rule.refused > 0 && <div className="ba-t">{w.refusedTimes(rule.refused)}</div>}
      </span>
      {rule.version > 0 && !rule.retired && (
        <Switch
          size="small"
          checked={rule.active}
          disabled={!may || rule.stopped !== null}
          loading={switching.acting}
          aria-label={`${rule.active ? w.turnOff : w.turnOn} ${rule.name}`}
          onChange={active => void switching.act({ id: rule.id, body: { active } })}
        />
      )}
    </>
  )
}

export function RuleState({ rule }: { rule: Pick<RuleLine, 'version' | 'active' | 'stopped' | 'changed' | 'retired'> }) {
  return (
    <>
      {rule.stopped !== null ? (
        <span className="tag ba" title={w[rule.stopped]}>
          {w.stopped}
        </span>
      ) : rule.version === 0 ? (
        <span className="tag">{w.draft}</span>
      ) : (
        <span className={rule.active ? 'tag ok' : 'tag'}>
          {rule.active ? w.running : w.paused} {w.version(rule.version)}
        </span>
      )}
      {rule.version > 0 && rule.changed && <span className="tag wa">{w.changedDraft}</span>}
    </>
  )
}
