import { Button, Input, InputNumber, Select } from 'antd'
import { mostActions, type Offers, type RuleBody } from '#contract/automation.ts'
import { PersonSelect } from '../app/people.tsx'
import { IconPlus } from '../kit/icons.ts'
import { nameOf } from '../kit/words.ts'
import { UpDown } from '../settings/Moves.tsx'
import { Away } from './Conditions.tsx'
import { isGap } from './draft.ts'
import { actionsFor } from './offered.ts'
import { w } from './words.ts'

type Act = RuleBody['actions'][number]
type Offer = Offers['actions'][number]

/** What is done, in order. */
export function Actions({
  actions,
  trigger,
  offers,
  marked,
  change,
}: {
  actions: readonly Act[]
  trigger: string
  offers: Offers | undefined
  /** Whether what is still to be filled in is shown. */
  marked: boolean
  change: (next: Act[]) => void
}) {
  const offered = actionsFor(offers, trigger)
  const put = (n: number, act: Act | null) =>
    change(act === null ? actions.filter((_, at) => at !== n) : actions.map((was, at) => (at === n ? act : was)))
  const move = (n: number, by: number) => {
    const next = [...actions]
    const [one] = next.splice(n, 1)
    if (one) next.splice(n + by, 0, one)
    change(next)
  }
  return (
    <div className="rulegroup">
      {actions.map((act, n) => {
        const offer = offers?.actions.find(a => a.key === act.action)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an action has no other name than its place
          <div className="ruleline" key={n}>
            <Select
              value={act.action || null}
              aria-label={w.chooseAction}
              placeholder={w.chooseAction}
              showSearch={{ optionFilterProp: 'label' }}
              options={offered.map(a => ({
                value: a.key,
                label: nameOf(a),
                disabled: !a.allowed,
                ...(a.allowed ? {} : { title: w.notAllowed }),
              }))}
              onChange={action => put(n, { action, params: {} })}
              style={{ width: 208 }}
            />
            {offer?.asks.map(ask => (
              <Ask
                key={ask.key}
                ask={ask}
                value={act.params[ask.key]}
                wrong={marked && isGap(ask, act)}
                change={value => put(n, { ...act, params: { ...act.params, [ask.key]: value } })}
              />
            ))}
            <span className="end row nowrap">
              {actions.length > 1 && <UpDown first={n === 0} last={n === actions.length - 1} move={by => move(n, by)} />}
              <Away act={() => put(n, null)} />
            </span>
          </div>
        )
      })}
      <div className="row">
        <Button
          size="small"
          type="dashed"
          icon={<IconPlus size={14} />}
          disabled={actions.length >= mostActions}
          onClick={() => change([...actions, { action: '', params: {} }])}
        >
          {w.addAction}
        </Button>
      </div>
    </div>
  )
}

type AskProps = { ask: Offer['asks'][number]; value: unknown; wrong: boolean; change: (value: unknown) => void }
function Ask(props: AskProps) {
  if (!props.wrong) return <AskField {...props} />
  return (
    <span className="col grow" style={{ gap: 0 }}>
      <AskField {...props} />
      <span className="bac f12" role="alert">
        {w.fillIn(nameOf(props.ask))}
      </span>
    </span>
  )
}

function AskField({ ask, value, wrong, change }: AskProps) {
  const label = nameOf(ask)
  const status = wrong ? ({ status: 'error' } as const) : {}
  const text = typeof value === 'string' ? value : ''
  switch (ask.kind) {
    case 'person':
      return (
        <PersonSelect value={text || null} placeholder={label} aria-label={label} allowClear={ask.optional} width={160} onChange={change} />
      )
    case 'choice':
      return (
        <Select
          {...status}
          value={text || null}
          placeholder={label}
          aria-label={label}
          allowClear={ask.optional}
          showSearch={{ optionFilterProp: 'label' }}
          options={ask.options?.map(o => ({ value: o.value, label: nameOf(o) })) ?? []}
          onChange={next => change(next ?? null)}
          style={{ minWidth: 144 }}
        />
      )
    case 'number':
    case 'minutes':
      return (
        <InputNumber
          {...status}
          min={1}
          precision={0}
          value={typeof value === 'number' ? value : null}
          placeholder={label}
          aria-label={label}
          title={label}
          {...(ask.kind === 'minutes' ? { suffix: w.minutes } : {})}
          onChange={change}
          style={{ width: 176 }}
        />
      )
    case 'text':
      return (
        <Input.TextArea
          {...status}
          value={text}
          placeholder={label}
          aria-label={label}
          autoSize={{ minRows: 1, maxRows: 4 }}
          maxLength={4000}
          onChange={e => change(e.target.value)}
          className="grow"
          style={{ minWidth: 176 }}
        />
      )
    case 'words':
      return (
        <Input
          {...status}
          value={text}
          placeholder={label}
          aria-label={label}
          maxLength={200}
          onChange={e => change(e.target.value)}
          className="grow"
          style={{ minWidth: 144 }}
        />
      )
  }
}
