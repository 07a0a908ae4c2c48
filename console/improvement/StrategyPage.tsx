import { Link } from '@tanstack/react-router'
import { Button, Form, Input, InputNumber } from 'antd'
import { useState } from 'react'
import type * as z from 'zod'
import { goals, type Standard, standards, strategies } from '#contract/standards.ts'
import { useMay } from '../app/me.ts'
import { useNames } from '../app/people.tsx'
import { call } from '../kit/call.ts'
import { queryClient, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconEdit, IconPlus } from '../kit/icons.ts'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { nameOf } from '../kit/words.ts'
import '../kit/page.css'
import { Spark, StateTag, targetText } from './attainment.tsx'
import { Names, OwnerField, TextField } from './Fields.tsx'
import { useDeclared, valueText, windowText } from './figures.ts'
import './improvement.css'
import { s } from './standards.words.ts'
import { Tabs } from './Tabs.tsx'

type Strategy = z.output<typeof strategies.Row>
type Goal = z.output<typeof goals.Row>
type Doing = { strategy: Strategy | 'new' } | { goal: Goal | 'new'; of: string }

/** What the house wants to be known for: its goals, and under each its standards with what they came to. */
export default function StrategyPage() {
  const may = useMay()
  const [doing, setDoing] = useState<Doing | null>(null)
  const { data, error, refetch } = useFetch(strategies.list, { query: {} })
  const all = useFetch(goals.list, { query: {} }).data ?? []
  const measured = useFetch(standards.list, { query: { size: 200 } }).data?.rows ?? []
  const configures = may('standard:configure')
  const nameOfPerson = useNames([...(data ?? []), ...all].map(r => r.ownerId))
  return (
    <div className="page improvepage">
      <header>
        <h1 className="hidden">{s.strategy}</h1>
        <Tabs />
        {configures && (
          <Button className="end" type="primary" icon={<IconPlus size={16} />} onClick={() => setDoing({ strategy: 'new' })}>
            {s.addStrategy}
          </Button>
        )}
      </header>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data ? (
        !error && <Waiting rows={6} />
      ) : data.length === 0 ? (
        <Empty title={s.strategyNothing} hint={s.strategyHint} />
      ) : (
        data.map(strategy => (
          <section key={strategy.id} className="card strategy" aria-label={nameOf(strategy)}>
            <header>
              <h2>{nameOf(strategy)}</h2>
              <span className="t3 f12">
                {windowText({ from: strategy.fromDay, until: strategy.untilDay })}
                {strategy.ownerId && (
                  <>
                    <i className="sep" />
                    {nameOfPerson(strategy.ownerId)}
                  </>
                )}
              </span>
              {configures && (
                <span className="end row">
                  <Button
                    size="small"
                    type="text"
                    aria-label={`${s.edit} ${nameOf(strategy)}`}
                    icon={<IconEdit size={14} />}
                    onClick={() => setDoing({ strategy })}
                  />
                  <Button size="small" icon={<IconPlus size={14} />} onClick={() => setDoing({ goal: 'new', of: strategy.id })}>
                    {s.addGoal}
                  </Button>
                </span>
              )}
            </header>
            <div className="body col">
              {strategy.text && <p className="prose">{strategy.text}</p>}
              {all
                .filter(g => g.strategyId === strategy.id)
                .map(goal => (
                  <article key={goal.id} className="goal">
                    <div className="row">
                      <h3>{nameOf(goal)}</h3>
                      <span className="t3 f12">{nameOfPerson(goal.ownerId)}</span>
                      {configures && (
                        <Button
                          className="end"
                          size="small"
                          type="text"
                          aria-label={`${s.edit} ${nameOf(goal)}`}
                          icon={<IconEdit size={14} />}
                          onClick={() => setDoing({ goal, of: strategy.id })}
                        />
                      )}
                    </div>
                    {goal.text && <p className="t2">{goal.text}</p>}
                    <ul className="col">
                      {measured
                        .filter(one => one.goalId === goal.id)
                        .toSorted((a, b) => Number(b.version?.period === 'year') - Number(a.version?.period === 'year'))
                        .map(one => (
                          <Line key={one.id} standard={one} />
                        ))}
                    </ul>
                  </article>
                ))}
            </div>
          </section>
        ))
      )}
      {doing && 'strategy' in doing && <StrategyForm strategy={doing.strategy} close={() => setDoing(null)} />}
      {doing && 'goal' in doing && <GoalForm goal={doing.goal} strategyId={doing.of} close={() => setDoing(null)} />}
    </div>
  )
}

function Line({ standard: one }: { standard: Standard }) {
  const { of } = useDeclared()
  const v = one.version
  const last = one.past.at(-1)
  const yearly = v?.period === 'year'
  const shown = yearly ? one.running : last
  return (
    <li className="row line">
      <Link className="cut grow" to={`/improvements/standards/${one.id}`}>
        {nameOf(one)}
      </Link>
      {yearly && <span className="tag">{s.yearly}</span>}
      {v ? (
        <>
          <span className="t3 f12 nowrap wideonly">{targetText(of(v.figure), v)}</span>
          <b className="nowrap">{valueText(of(v.figure), shown?.value ?? null)}</b>
          {shown && <StateTag attainment={shown} />}
          <span className="wideonly">
            <Spark past={one.past} version={v} definition={of(v.figure)} />
          </span>
        </>
      ) : (
        <span className="t3 f12">{s.notMeasured}</span>
      )}
    </li>
  )
}

const refresh = async (noun: string) => {
  await queryClient.invalidateQueries({ queryKey: [noun] })
  tell(s.saved)
}

type StrategyValues = Pick<Strategy, 'name' | 'nameEn' | 'text' | 'ownerId' | 'fromDay' | 'untilDay'>
function StrategyForm({ strategy, close }: { strategy: Strategy | 'new'; close: () => void }) {
  const year = new Date().getFullYear()
  const save = async ({ name, nameEn, text, ownerId, fromDay, untilDay }: StrategyValues) => {
    const body = { name, nameEn: nameEn ?? '', text: text ?? '', ownerId: ownerId ?? null, fromDay, untilDay }
    if (strategy === 'new') await call(strategies.add, { body })
    else await call(strategies.change, { id: strategy.id, body })
    await refresh('strategies')
  }
  return (
    <FormDrawer<StrategyValues>
      open
      title={strategy === 'new' ? s.addStrategy : s.changeStrategy}
      values={strategy === 'new' ? { fromDay: `${year}-01-01`, untilDay: `${year + 3}-01-01`, ownerId: null } : strategy}
      save={save}
      close={close}
      width={520}
    >
      <div className="two">
        <Names />
      </div>
      <TextField label={s.strategyText} max={8000} rows={4} />
      <div className="two">
        <Form.Item name="fromDay" label={s.fromDay} rules={[{ required: true, message: s.must }]}>
          <Input type="date" />
        </Form.Item>
        <Form.Item
          name="untilDay"
          label={s.until}
          dependencies={['fromDay']}
          rules={[
            { required: true, message: s.must },
            form => ({
              validator: (_, until: string) =>
                until > String(form.getFieldValue('fromDay')) ? Promise.resolve() : Promise.reject(new Error(s.must)),
            }),
          ]}
        >
          <Input type="date" />
        </Form.Item>
      </div>
      <OwnerField />
    </FormDrawer>
  )
}

type GoalValues = Pick<Goal, 'name' | 'nameEn' | 'text' | 'ownerId' | 'position'>
function GoalForm({ goal, strategyId, close }: { goal: Goal | 'new'; strategyId: string; close: () => void }) {
  const save = async ({ name, nameEn, text, ownerId, position }: GoalValues) => {
    const body = { name, nameEn: nameEn ?? '', text: text ?? '', ownerId: ownerId ?? null, position: position ?? 0 }
    if (goal === 'new') await call(goals.add, { body: { ...body, strategyId } })
    else await call(goals.change, { id: goal.id, body })
    await refresh('goals')
  }
  return (
    <FormDrawer<GoalValues>
      open
      title={goal === 'new' ? s.addGoal : s.changeGoal}
      values={goal === 'new' ? { position: 0, ownerId: null } : goal}
      save={save}
      close={close}
    >
      <div className="two">
        <Names />
      </div>
      <TextField label={s.strategyText} />
      <OwnerField />
      <Form.Item name="position" label={s.position}>
        <InputNumber min={0} max={10_000} style={{ width: 120 }} />
      </Form.Item>
    </FormDrawer>
  )
}
