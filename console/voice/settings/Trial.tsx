import { Button, DatePicker, Input, Select, Switch } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { Fragment, useEffect, useRef, useState } from 'react'
import { type FlowNode, type FlowWhole, flows, TrialCaller, type TrialStep } from '#contract/flows.ts'
import { announcements } from '#contract/voiceSettings.ts'
import { useAct, useFetch } from '../../kit/data.ts'
import { IconPhone } from '../../kit/icons.ts'
import { Sep } from '../../kit/parts.tsx'
import { nameOf, language as spoken } from '../../kit/words.ts'
import { hush, playSounds } from './sounding.ts'
import { callerWord, foundWords, outWord, waitWords, wayOf } from './trialWords.ts'
import { w } from './words.ts'

type Props = {
  flow: FlowWhole
  nodes: readonly FlowNode[] /** Keeps the draft first: what is walked through is what is kept. */
  ready: () => Promise<boolean>
  show: (key: string | null) => void
}
type Line = TrialStep & { pressed: string }

/** A call through the draft in the browser: captions, a keypad, and the sounds as a caller hears them. */
export function Trial({ flow, nodes, ready, show }: Props) {
  const [caller, setCaller] = useState<TrialCaller>('number')
  const [from, setFrom] = useState('')
  const [keys, setKeys] = useState('')
  const [language, setLanguage] = useState<'zh' | 'en'>(spoken())
  const [at, setAt] = useState<Dayjs | null>(null)
  const [loud, setLoud] = useState(true)
  const [state, setState] = useState<unknown>(undefined)
  const [lines, setLines] = useState<Line[]>([])
  const walk = useAct(flows.trial)
  const last = useRef<HTMLLIElement>(null)
  const names = new Map((useFetch(announcements.list, { query: { retired: true } }).data ?? []).map(a => [a.id, a]))
  useEffect(() => hush, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line comes into sight
  useEffect(() => {
    last.current?.scrollIntoView({ block: 'nearest' })
  }, [lines.length])
  const step = async (more: { state?: unknown; keys?: string; silence?: boolean }) => {
    const body = { from, caller, language, at: at?.toDate() ?? null, keys: '', silence: false, ...more }
    const done = await walk.act({ id: flow.id, body })
    if (!done) return null
    setState(done.state)
    const pressed = more.keys || (more.silence ? w.silence : '')
    setLines(had => [...(more.state === undefined ? [] : had), ...done.steps.map((s, n) => ({ ...s, pressed: n === 0 ? pressed : '' }))])
    show(done.over ? null : (done.steps.at(-1)?.node ?? null))
    if (loud) void playSounds(done.sounds)
    return done
  }
  const dial = async () => {
    hush()
    const begun = (await ready()) ? await step({}) : null
    if (begun && !begun.over && keys !== '') await step({ state: begun.state, keys })
  }
  /** Another caller or another time is another call. */
  const anew =
    <V,>(set: (value: V) => void) =>
    (value: V) => {
      set(value)
      setLines([])
      show(null)
    }
  const now = lines.at(-1)
  const over = now === undefined || now.waitsFor === 'over' || now.waitsFor === 'blocked'
  const words = ({ text, announcementId }: Line['heard'][number]) => {
    const row = announcementId === null ? undefined : names.get(announcementId)
    return row ? (language === 'en' && row.textEn) || row.text || row.name : text
  }
  return (
    <section className="card trial" aria-label={w.trial}>
      <div className="body col">
        <span className="t3 f12">{w.trialHint}</span>
        <div className="row wrap">
          <Select
            style={{ width: 136 }}
            aria-label={w.caller}
            value={caller}
            onChange={anew(setCaller)}
            options={TrialCaller.options.map(value => ({ value, label: callerWord(value) }))}
          />
          {caller === 'number' && (
            <Input
              style={{ width: 136 }}
              aria-label={w.from}
              placeholder={w.from}
              title={w.fromHint}
              maxLength={32}
              value={from}
              onChange={e => anew(setFrom)(e.target.value.replaceAll(/[^0-9+]/g, ''))}
            />
          )}
          <Select
            style={{ width: 88 }}
            aria-label={w.language}
            value={language}
            onChange={anew(setLanguage)}
            options={(['zh', 'en'] as const).map(value => ({ value, label: w[value] }))}
          />
          <DatePicker
            style={{ width: 176 }}
            aria-label={w.at}
            placeholder={w.now}
            format="YYYY-MM-DD HH:mm"
            needConfirm={false}
            showTime={{ format: 'HH:mm', defaultValue: dayjs().startOf('minute') }}
            value={at}
            onChange={anew(setAt)}
          />
        </div>
        <div className="row wrap">
          <Input
            style={{ width: 136 }}
            aria-label={w.press}
            placeholder={w.press}
            title={w.pressHint}
            maxLength={20}
            value={keys}
            onChange={e => setKeys(e.target.value.replaceAll(/[^0-9*#]/g, ''))}
            onPressEnter={() => void (over ? dial() : keys !== '' && step({ state, keys }))}
          />
          <Button type="primary" icon={<IconPhone size={16} />} loading={walk.acting} onClick={() => void dial()}>
            {lines.length === 0 ? w.dial : w.again}
          </Button>
          <span className="row f12 t3 end">
            <Switch
              size="small"
              checked={loud}
              aria-label={w.withSound}
              onChange={next => {
                setLoud(next)
                if (!next) hush()
              }}
            />
            {w.withSound}
          </span>
        </div>
        {lines.some(hasWay) && (
          <ol className="captions" aria-label={w.captions} aria-live="polite">
            {lines.map((line, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added
              <li key={n} ref={n === lines.length - 1 ? last : null}>
                {line.pressed && <span className="tag">{line.pressed}</span>}
                {wayOf(line).map((at, m) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: what was passed does not change
                  <Passed key={m} {...at} step={nodes.find(n => n.key === at.node)} words={words} />
                ))}
              </li>
            ))}
          </ol>
        )}
        {now && <b role="status">{waitWords[now.waitsFor]()}</b>}
        {!over && (
          <fieldset className="rowsof" aria-label={w.keypad}>
            <div className="keys">
              {[...'123456789*0#'].map(key => (
                <Button key={key} disabled={walk.acting} onClick={() => void step({ state, keys: key })}>
                  {key}
                </Button>
              ))}
            </div>
            <Button style={{ marginTop: 6 }} disabled={walk.acting} onClick={() => void step({ state, silence: true })}>
              {w.silence}
            </Button>
          </fieldset>
        )}
      </div>
    </section>
  )
}

const hasWay = ({ passed, heard }: TrialStep) => passed.length > 0 || heard.length > 0

type PassedProps = ReturnType<typeof wayOf>[number] & {
  step: FlowNode | undefined
  words: (heard: TrialStep['heard'][number]) => string
}
/** One step on the way: by which way it was left and why, and what was heard. */
function Passed({ step, out, found, heard, words }: PassedProps) {
  const way = outWord(step, out)
  const why = found === null ? [] : foundWords(found)
  return (
    <div>
      {step && <span className="t3 f12">{nameOf(step)}</span>} {way && <span className="tag nowrap">{way}</span>}{' '}
      {why.length > 0 && (
        <span className="t3 f12">
          {why.map((word, n) => (
            <Fragment key={word}>
              {n > 0 && <Sep />}
              {word}
            </Fragment>
          ))}
        </span>
      )}
      {heard.map((said, m) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was heard does not change
        <div key={m}>{words(said)}</div>
      ))}
    </div>
  )
}
