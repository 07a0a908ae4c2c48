import { Button, Input, Segmented, Switch } from 'antd'
import { useRef, useState } from 'react'
import * as z from 'zod'
import type { Condition } from '#contract/conditions.ts'
import { type Ladder, LadderStep, ladders } from '#contract/segments.ts'
import { Conditions, toTheGap } from '../../automation/Conditions.tsx'
import { isWhole } from '../../automation/offered.ts'
import { useAct } from '../../kit/data.ts'
import { EditingNotes } from '../../kit/Editing.tsx'
import { IconPlus, IconX } from '../../kit/icons.ts'
import { tell } from '../../kit/tell.tsx'
import { ago } from '../../kit/time.ts'
import { useEditing } from '../../kit/useEditing.ts'
import { nameOf } from '../../kit/words.ts'
import { UpDown } from '../../settings/Moves.tsx'
import { useSegmentFields } from './say.ts'
import { w } from './words.ts'

const Draft = z.object({ active: z.boolean(), steps: z.array(LadderStep) })
const fresh = (taken: readonly LadderStep[]): LadderStep => {
  let n = taken.length + 1
  while (taken.some(step => step.key === `step_${n}`)) n++
  return { key: `step_${n}`, name: '', nameEn: '', advice: '', adviceEn: '', condition: null }
}

export function LadderEditor({ ladder }: { ladder: Ladder }) {
  const editing = useEditing(`ladder ${ladder.kind}`, Draft, {
    version: ladder.version,
    draft: { active: ladder.active, steps: ladder.steps },
  })
  const { draft, change } = editing
  const write = useAct(ladders.change)
  const preview = useAct(ladders.preview)
  const apply = useAct(ladders.apply, { also: ['runs'] })
  const [moves, setMoves] = useState<{ of: string; found: Awaited<ReturnType<typeof preview.act>> } | null>(null)
  const steps = (next: LadderStep[]) => change({ ...draft, steps: next })
  const put = (n: number, step: LadderStep) => steps(draft.steps.map((was, at) => (at === n ? step : was)))
  const move = (n: number, by: number) => {
    const next = [...draft.steps]
    const [step] = next.splice(n, 1)
    if (step) next.splice(n + by, 0, step)
    steps(next)
  }
  const whole = z.array(LadderStep).min(1).safeParse(draft.steps).success
  const [marked, setMarked] = useState(false)
  const built = useRef<HTMLElement>(null)
  /** Only what is filled in is tried or saved; else where it is not. */
  const filledIn = () => {
    const isFilled = draft.steps.every(step => step.condition === null || isWhole(step.condition))
    setMarked(!isFilled)
    if (!isFilled) toTheGap(built.current)
    return isFilled
  }
  const save = async () => {
    if (!filledIn()) return
    const saved = await write.act({ kind: ladder.kind, body: { version: editing.version, ...draft } })
    if (!saved) return
    editing.settle({ version: saved.version, draft: { active: saved.active, steps: saved.steps } })
    tell(w.saved)
  }
  const asked = JSON.stringify(draft.steps)
  return (
    <>
      <EditingNotes editing={editing} />
      <section ref={built} className="card laddercard" aria-label={ladder.kind === 'tier' ? w.tier : w.stage}>
        <header className="row wrap">
          <Switch checked={draft.active} onChange={active => change({ ...draft, active })} aria-label={w.byNight} />
          <span title={w.byNightHint}>{w.byNight}</span>
          <span className="t3 f12">{ladder.appliedAt ? w.applied(ago(ladder.appliedAt)) : w.neverApplied}</span>
          <span className="end row wrap">
            <Button
              disabled={!whole}
              loading={preview.acting}
              onClick={() => {
                if (filledIn())
                  void preview.act({ kind: ladder.kind, body: { steps: draft.steps } }).then(found => setMoves({ of: asked, found }))
              }}
            >
              {w.preview}
            </Button>
            <Button
              disabled={editing.touched || ladder.version === 0}
              title={editing.touched || ladder.version === 0 ? w.saveFirst : undefined}
              loading={apply.acting}
              onClick={() =>
                void apply.act({ kind: ladder.kind, body: { version: ladder.version } }).then(begun => begun && tell(w.started))
              }
            >
              {w.applyNow}
            </Button>
            <Button
              type="primary"
              disabled={!(editing.touched || ladder.version === 0) || !whole || editing.overtaken}
              loading={write.acting}
              onClick={() => void save()}
            >
              {w.save}
            </Button>
          </span>
        </header>
        {moves?.found && moves.of === asked && <Moves steps={draft.steps} found={moves.found} />}
        {draft.steps.map((step, n) => (
          <Step
            key={step.key}
            step={step}
            marked={marked}
            unasked={ladder.unasked.includes(step.key)}
            fixed={ladder.kind === 'tier'}
            first={n === 0}
            last={n === draft.steps.length - 1}
            change={next => put(n, next)}
            move={by => move(n, by)}
            remove={() => steps(draft.steps.filter((_, at) => at !== n))}
          />
        ))}
        {ladder.kind === 'stage' && draft.steps.length < 12 && (
          <div className="ladderstep">
            <Button type="dashed" icon={<IconPlus size={14} />} onClick={() => steps([...draft.steps, fresh(draft.steps)])}>
              {w.addStep}
            </Button>
          </div>
        )}
      </section>
    </>
  )
}

type Found = z.output<(typeof ladders.preview)['reply']>
function Moves({ steps, found }: { steps: readonly LadderStep[]; found: Found }) {
  const name = (key: string) => {
    const step = steps.find(s => s.key === key)
    return step ? nameOf(step) : key || w.unset
  }
  return (
    <section className="body" aria-label={w.preview} aria-live="polite">
      {found.moves.length === 0 && <span>{w.noMoves}</span>}
      <div className="laddermoves">
        {found.moves.map(move => (
          <div key={`${move.was} ${move.becomes}`} style={{ display: 'contents' }}>
            <span>
              {name(move.was)} → {name(move.becomes)}
            </span>
            <b>{w.people(move.customers.toLocaleString())}</b>
            <span />
          </div>
        ))}
      </div>
      <span className="t3 f12">
        {w.stay(found.stay.toLocaleString())}
        {found.pinned > 0 && ` · ${w.pinnedMany(found.pinned.toLocaleString())}`}
      </span>
    </section>
  )
}

type StepProps = {
  step: LadderStep
  marked: boolean
  unasked: boolean
  fixed: boolean
  first: boolean
  last: boolean
  change: (next: LadderStep) => void
  move: (by: number) => void
  remove: () => void
}
function Step({ step, marked, unasked, fixed, first, last, change, move, remove }: StepProps) {
  const all = useSegmentFields()
  // A ladder that asks about itself would never come to rest.
  const fields = all.filter(f => f.key !== (fixed ? 'tier' : 'stage'))
  return (
    <section className="ladderstep" aria-label={nameOf(step)}>
      <div className="names">
        <Input
          value={step.name}
          maxLength={30}
          aria-label={w.step}
          disabled={fixed}
          onChange={e => change({ ...step, name: e.target.value })}
        />
        <Input
          value={step.nameEn}
          maxLength={40}
          aria-label={w.nameEn}
          placeholder={w.nameEn}
          disabled={fixed}
          onChange={e => change({ ...step, nameEn: e.target.value })}
        />
        <Segmented
          value={step.condition === null ? 'hand' : 'rule'}
          aria-label={w.condition}
          onChange={to => change({ ...step, condition: to === 'hand' ? null : { match: 'all', of: [] } })}
          options={[
            { value: 'rule', label: w.byRule },
            { value: 'hand', label: w.byHandOnly },
          ]}
        />
        <span className="row" style={{ justifyContent: 'flex-end' }}>
          <UpDown first={first} last={last} busy={false} move={move} />
          {!fixed && <Button type="text" size="small" icon={<IconX size={14} />} aria-label={w.remove} title={w.remove} onClick={remove} />}
        </span>
      </div>
      {step.condition !== null && (
        <>
          {unasked && (
            <p className="note wa f12" role="status">
              {w.unasked}
            </p>
          )}
          {step.condition.of.length === 0 && <span className="t3 f12">{w.rest}</span>}
          {all.length > 0 && (
            <Conditions
              group={step.condition}
              fields={fields}
              marked={marked}
              change={group => change({ ...step, condition: group as z.output<typeof Condition> })}
            />
          )}
        </>
      )}
      <div className="advices">
        <Input.TextArea
          autoSize={{ minRows: 1, maxRows: 4 }}
          value={step.advice}
          maxLength={500}
          placeholder={w.advice}
          aria-label={w.advice}
          onChange={e => change({ ...step, advice: e.target.value })}
        />
        <Input.TextArea
          autoSize={{ minRows: 1, maxRows: 4 }}
          value={step.adviceEn}
          maxLength={800}
          placeholder={w.adviceEn}
          aria-label={`${w.advice} ${w.adviceEn}`}
          onChange={e => change({ ...step, adviceEn: e.target.value })}
        />
      </div>
    </section>
  )
}
