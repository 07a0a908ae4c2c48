import { Button, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { type Effect, type Finding, findingCan, improvements, type Round } from '#contract/improvement.ts'
import { useMay, useMe } from '../app/me.ts'
import { useAct } from '../kit/data.ts'
import { IconAlertTriangle } from '../kit/icons.ts'
import { tell } from '../kit/tell.tsx'
import { changeText, dayBefore, dayText, useDeclared, valueText, windowText } from './figures.ts'
import { VerdictTag } from './stages.tsx'
import { w } from './words.ts'

const chance = (p: number) => (p < 0.001 ? '< 0.1 %' : `${(100 * p).toFixed(p < 0.1 ? 1 : 0)} %`)
const pText = (p: number) => (p < 0.001 ? '< 0.001' : p.toFixed(3))

/** What the declared test says, with everything it was given. */
export function Check({ finding, round }: { finding: Finding; round: Round }) {
  const measure = useAct(improvements.measure)
  const may = useMay()
  const over = round.afterUntil !== null && new Date(`${round.afterUntil}T00:00`) <= new Date()
  return (
    <section className="card" aria-label={w.check}>
      <header>
        <h2>{w.check}</h2>
        {round.afterFrom && round.afterUntil && (
          <span className="t3 f12">{windowText({ from: round.afterFrom, until: round.afterUntil })}</span>
        )}
        {findingCan.measure(finding) && may('improvement:write') && (
          <Button
            className="end"
            size="small"
            disabled={!over}
            loading={measure.acting}
            onClick={() => void measure.act({ id: finding.id })}
          >
            {w.measureNow}
          </Button>
        )}
      </header>
      <div className="body col">
        {round.effects.length === 0 ? (
          <span className="t3">{round.afterUntil && !over ? w.notOver(dayText(dayBefore(round.afterUntil))) : w.nothingMeasured}</span>
        ) : (
          round.effects.map(effect => <OneEffect key={effect.id} effect={effect} round={round} />)
        )}
        {findingCan.decide(finding) && round.effects[0] && may('improvement:write') && (
          <Decide finding={finding} effect={round.effects[0]} />
        )}
        {round.verdict && (
          <p className="note">
            <span className="grow">
              <b>{w.verdict}</b> {round.verdict === 'effective' ? w.effective : w.notEffective}
              {round.overridden && <span className="tag wa">{w.overridden}</span>}
              {round.reason && <span className="prose t2"> {round.reason}</span>}
            </span>
          </p>
        )}
      </div>
    </section>
  )
}

const says = (effect: Effect, least: number): string =>
  effect.verdict === 'effective'
    ? w.saysEffective
    : effect.verdict === 'not_effective'
      ? w.saysNot
      : effect.verdict === 'undecided'
        ? w.saysUndecided
        : w.saysFew(least)

function OneEffect({ effect: e, round }: { effect: Effect; round: Round }) {
  const { of } = useDeclared()
  const definition = of(round.figure)
  const text = (value: number | null) => valueText(definition, value)
  const ratio = e.test === 'ratio'
  const change = (value: number | null) => (ratio ? (value === null ? '∞' : value.toFixed(2)) : changeText(definition, value))
  const better = definition?.better ?? 'up'
  const met = e.after.value !== null && (better === 'up' ? e.after.value >= round.expected : e.after.value <= round.expected)
  return (
    <div className="effect">
      <div className="row wrap">
        <VerdictTag verdict={e.verdict} />
        <b className="m5">{says(e, round.leastCases)}</b>
        {e.after.value !== null && <span className={`tag ${met ? 'ok' : ''}`}>{met ? w.reached : w.notReached}</span>}
      </div>
      <div className="sides">
        {(
          [
            [w.before, e.before],
            [w.after, e.after],
          ] as const
        ).map(([name, side]) => (
          <div key={name}>
            <span className="t3 f12">
              {name}
              <i className="sep" />
              {windowText(side)}
            </span>
            <b className="f20">{text(side.value)}</b>
            <span className="t2 f12">{w.cases(side.n.toLocaleString())}</span>
          </div>
        ))}
        {e.p !== null && (
          <div>
            <span className="t3 f12">{ratio ? w.rateRatio : w.difference}</span>
            <b className="f20">{change(e.effect)}</b>
            <span className="t2 f12">
              {w.interval(`${Math.round((1 - round.alpha) * 100)}%`)} {change(e.low)} … {change(e.high)}
            </span>
          </div>
        )}
        {e.p !== null && (
          <div>
            <span className="t3 f12">{w[e.test]}</span>
            <b className="f20">p {pText(e.p)}</b>
            <span className="t2 f12">
              {e.statistic !== null && `${e.test === 'welch' ? 't' : 'z'} = ${e.statistic.toFixed(2)}`}
              {e.df !== null && `, df = ${e.df.toFixed(1)}`}
              {e.statistic === null && `α = ${round.alpha}`}
            </span>
          </div>
        )}
      </div>
      {e.p !== null && <p className="t3 f12">{w.pMeans(chance(e.p))}</p>}
    </div>
  )
}

/** The test proposes, a person decides; against it only others than the owner, with a reason. */
function Decide({ finding, effect }: { finding: Finding; effect: Effect }) {
  const me = useMe()
  const may = useMay()
  const [reason, setReason] = useState('')
  const [days, setDays] = useState(28)
  const decide = useAct(improvements.decide)
  const against = (verdict: 'effective' | 'not_effective') =>
    verdict === 'effective' ? effect.verdict !== 'effective' : effect.verdict === 'effective'
  const mayOverride = may('improvement:decide') && finding.ownerId !== me?.user.id
  const run = async (verdict: 'effective' | 'not_effective' | 'undecided', said: string) => {
    if (await decide.act({ id: finding.id, body: { verdict, reason: reason.trim(), days } })) tell(said)
  }
  const blocked = (verdict: 'effective' | 'not_effective') => against(verdict) && (!mayOverride || reason.trim() === '')
  const first = effect.verdict === 'effective' ? 'effective' : effect.verdict === 'not_effective' ? 'not_effective' : 'undecided'
  return (
    <div className="decide col">
      <Input.TextArea
        value={reason}
        maxLength={2000}
        aria-label={w.reason}
        placeholder={w.reason}
        autoSize={{ minRows: 2, maxRows: 6 }}
        onChange={e => setReason(e.target.value)}
      />
      <div className="row wrap">
        <Button
          type={first === 'effective' ? 'primary' : 'default'}
          loading={decide.acting}
          disabled={blocked('effective')}
          onClick={() => void run('effective', w.decidedEffective)}
        >
          {w.goOn}
        </Button>
        <Button
          type={first === 'not_effective' ? 'primary' : 'default'}
          loading={decide.acting}
          disabled={blocked('not_effective')}
          onClick={() => void run('not_effective', w.decidedNot)}
        >
          {w.again}
        </Button>
        <span className="row">
          <Button
            type={first === 'undecided' ? 'primary' : 'default'}
            loading={decide.acting}
            onClick={() => void run('undecided', w.decidedLonger)}
          >
            {w.longer}
          </Button>
          <InputNumber
            aria-label={w.longerDays}
            min={1}
            max={365}
            value={days}
            onChange={n => setDays(n ?? 28)}
            style={{ width: 88 }}
            suffix={w.day}
          />
        </span>
      </div>
      {effect.verdict !== 'effective' && (
        <span className="t3 f12 row">
          <IconAlertTriangle size={14} className="wac" style={{ flex: 'none' }} />
          {w.against}
        </span>
      )}
    </div>
  )
}
