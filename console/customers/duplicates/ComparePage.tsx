import { Link, useCanGoBack, useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import * as z from 'zod'
import { type ComparedFile, type Comparison, duplicates, type MergeField, type NewMerge } from '#contract/duplicates.ts'
import { useMay } from '../../app/me.ts'
import { call, RefusalError } from '../../kit/call.ts'
import { queryClient, useAct, useFetch } from '../../kit/data.ts'
import { fieldText } from '../../kit/FieldInput.tsx'
import { useHotkey, withCommand } from '../../kit/hotkeys.ts'
import { IconAlertTriangle, IconArrowsExchange, IconChevronLeft } from '../../kit/icons.ts'
import { Avatar, Failure, Kbd, TierTag, tierWord, Waiting } from '../../kit/parts.tsx'
import { tellRefusal } from '../../kit/tell.tsx'
import { ago } from '../../kit/time.ts'
import { undoable } from '../../kit/undo.tsx'
import { nameOf } from '../../kit/words.ts'
import '../customers.css'
import '../../kit/page.css'
import { careWord, w as cw, kindWord } from '../words.ts'
import './duplicates.css'
import { type Choices, mergeFields, noChoices, ownFilled, ownSideOf, placeOf, sideOf, swapped, union } from './merged.ts'
import { reasonWord, w } from './words.ts'

const Ids = z.object({ keptId: z.uuid(), goneId: z.uuid() })

export default function ComparePage() {
  const asked = Ids.safeParse(useSearch({ strict: false }))
  // The same two files the other way round are the same page: what was chosen stays.
  return <Compared key={asked.data ? [asked.data.keptId, asked.data.goneId].sort().join() : ''} asked={asked.data ?? null} />
}

function Compared({ asked }: { asked: z.output<typeof Ids> | null }) {
  const [choices, setChoices] = useState<Choices>(noChoices)
  /** As it was when it was refused: what differs now is marked. */
  const [stale, setStale] = useState<Comparison | null>(null)
  const { data, error, refetch } = useFetch(
    duplicates.compare,
    { query: asked ?? { keptId: '', goneId: '' } },
    { enabled: asked !== null, keep: false },
  )
  if (!data)
    return (
      <div className="page">
        {error ? <Failure error={error} retry={() => void refetch()} /> : asked && <Waiting rows={10} />}
        <Link to="/customers/duplicates">{w.backToPairs}</Link>
      </div>
    )
  return (
    <Shown
      of={data}
      choices={choices}
      setChoices={setChoices}
      stale={stale}
      setStale={setStale}
      again={async () => (await refetch()).error}
    />
  )
}

const label: Record<MergeField, () => string> = {
  name: () => cw.name, kind: () => cw.kind, tier: () => cw.tier, phone: () => cw.phone, email: () => cw.email, address: () => cw.address,
  note: () => cw.note, ownerId: () => w.owner, stage: () => w.stage,
} // biome-ignore format: as a table
const shown: Record<MergeField, (file: ComparedFile) => string> = {
  name: f => f.name, kind: f => kindWord(f.kind), tier: f => tierWord(f.tier), phone: f => f.phone ?? '', email: f => f.email ?? '', address: placeOf,
  note: f => f.note, ownerId: f => f.ownerName ?? '', stage: f => (f.stageStep ? nameOf(f.stageStep) : f.stage),
} // biome-ignore format: as a table

type Page = {
  of: Comparison
  choices: Choices
  setChoices: (choices: Choices) => void
  stale: Comparison | null
  setStale: (stale: Comparison) => void
  /** Reads anew what stands; why not, when it cannot be read. */
  again: () => Promise<Pick<RefusalError, 'code'> | null>
}
type Pair = NonNullable<Comparison['pair']>
function Shown({ of, choices, setChoices, stale, setStale, again }: Page) {
  const go = useNavigate()
  const { history } = useRouter()
  const canGoBack = useCanGoBack()
  const mayMerge = useMay()('customer:merge')
  const [acting, setActing] = useState(false)
  const { kept, gone } = of
  const swap = () => {
    setChoices(swapped(choices))
    void go({ to: '/customers/compare', search: { keptId: gone.id, goneId: kept.id } as never, replace: true })
  }
  const merge = async () => {
    const body: z.output<typeof NewMerge> = {
      keptId: kept.id,
      goneId: gone.id,
      keptVersion: kept.version,
      goneVersion: gone.version,
      choices: choices.fields,
      fields: choices.own,
    }
    setActing(true)
    try {
      const merged = await call(duplicates.merge, { body })
      undoable(w.merged(`${kept.number} ${kept.name}`), () => void takeBack(merged.id))
      await goToOne(merged.keptId)
    } catch (error) {
      if (error instanceof RefusalError) await refused(error)
      else throw error
    } finally {
      setActing(false)
    }
  }
  const goToOne = async (id: string) => {
    for (const noun of ['customers', 'customer-duplicates', 'customer-merges']) void queryClient.invalidateQueries({ queryKey: [noun] })
    await go({ to: `/customers/${id}` })
    // Whoever comes back here reads that they are one.
    queryClient.removeQueries({ queryKey: ['customer-comparisons'] })
  }
  /** They may be one already: by somebody else, or by what was asked before and whose answer was lost. */
  const refused = async (error: RefusalError) => {
    if (error.code === 'merge.changed_meanwhile') {
      setStale(of)
      if ((await again())?.code === 'merge.one_already') await goToOne(kept.id)
    } else if (error.code === 'merge.one_already') await goToOne(kept.id)
    else tellRefusal(error)
  }
  const pair = of.pair
  const { act: decide, acting: deciding } = useAct(duplicates.dismiss, { also: ['customers', 'customer-comparisons'] })
  const dismiss = async (pair: Pair, dismissed: boolean) => {
    if (!(await decide({ id: pair.id, body: { dismissed } })) || !dismissed) return
    undoable(w.wasDismissed(kept.name, gone.name), () => void dismiss(pair, false))
    if (canGoBack) history.back()
    else void go({ to: '/customers/duplicates' })
  }
  useHotkey('mod+enter', () => void merge(), mayMerge && !acting)
  useHotkey('d', () => pair && void dismiss(pair, true), mayMerge && pair?.state === 'open' && !deciding)
  useHotkey('s', swap)
  const isFresh = (value: (file: ComparedFile) => unknown) =>
    stale !== null && [kept, gone].some(file => {
      const before = [stale.kept, stale.gone].find(one => one.id === file.id)
      return before !== undefined && JSON.stringify(value(before)) !== JSON.stringify(value(file))
    }) // biome-ignore format: reads as one question
  const changed = (key: keyof ComparedFile) => isFresh(file => file[key])
  const ownChanged = (key: string) => isFresh(file => file.fields[key])
  const rowOf = (field: MergeField) => (
    <Row
      key={field}
      name={label[field]()}
      kept={shown[field](kept)}
      gone={shown[field](gone)}
      side={sideOf(field, of, choices)}
      choose={side => setChoices({ ...choices, fields: { ...choices.fields, [field]: side } })}
      both={field === 'note'}
      differs={of.differ.includes(field)}
      fresh={changed(field)}
    />
  )
  const count = (n: number) => (n >= 1000 ? w.many : n === 0 ? '' : String(n))
  const plain: readonly [string, (file: ComparedFile) => string][] = [
    [cw.tags, f => f.tags.join(' ')],
    [cw.care, f => f.care.map(careWord).join(' ')],
    [w.identities, f => f.identities.map(one => one.value).join('\n')],
    [w.addresses, f => f.addresses.map(one => [one.label, one.text].filter(Boolean).join(' ')).join('\n')],
    [w.relations, f => count(f.relations)],
    [w.carers, f => f.carers.join(' ')],
    [w.records, f => count(f.records)],
    [w.contacts, f => count(f.counts.contacts)],
    [w.tickets, f => count(f.counts.tickets)],
    [w.ratings, f => count(f.counts.ratings)],
    [w.refused, f => count(f.refused)],
    [w.undisturbed, f => (f.undisturbed ? w.yes : '')],
  ]
  return (
    <div className="comparing">
      <header className="row wrap">
        {mayMerge && (
          <Link to="/customers/duplicates" className="row back" aria-label={w.backToPairs}>
            <IconChevronLeft size={16} />
            {w.title}
          </Link>
        )}
        <h1>{w.comparing}</h1>
        {pair && (
          <span className="row wrap">
            <b className="nowrap">{w.alikeBy(pair.score)}</b>
            {pair.reasons.map(reason => (
              <span key={reason} className="tag">
                {reasonWord(reason)}
              </span>
            ))}
          </span>
        )}
        <span className="end row">
          {mayMerge && pair && pair.state !== 'merged' && (
            <Button loading={deciding} onClick={() => void dismiss(pair, pair.state === 'open')}>
              {pair.state === 'open' ? w.notSame : w.maybeSame} {pair.state === 'open' && <Kbd>D</Kbd>}
            </Button>
          )}
          <Button icon={<IconArrowsExchange size={16} stroke={1.75} />} onClick={swap}>
            {w.swap} <Kbd>S</Kbd>
          </Button>
          {mayMerge && (
            <Button type="primary" loading={acting} onClick={() => void merge()}>
              {w.merge} <Kbd>{withCommand('Enter')}</Kbd>
            </Button>
          )}
        </span>
      </header>
      <div className="comparebody">
        <section className="card both" aria-label={w.comparing}>
          {stale && (
            <div className="note wa" role="alert">
              <IconAlertTriangle size={16} className="wac" />
              <span>{w.fresh}</span>
            </div>
          )}
          <div className="pair heads">
            <span />
            <Head file={kept} word={w.kept} tone="ok" />
            <Head file={gone} word={w.gone} tone="" />
          </div>
          {mergeFields.filter(field => shown[field](kept) !== '' || shown[field](gone) !== '').map(rowOf)}
          {ownFilled(of).map(field => (
            <Row
              key={`own ${field.key}`}
              name={ownLabel(field)}
              kept={fieldText(field, kept.fields[field.key])}
              gone={fieldText(field, gone.fields[field.key])}
              side={ownSideOf(field.key, of, choices)}
              {...(field.mayWrite && {
                choose: side => setChoices({ ...choices, own: { ...choices.own, [field.key]: side === 'gone' ? 'gone' : 'kept' } }),
              })}
              differs={of.differ.includes(`fields.${field.key}`)}
              fresh={ownChanged(field.key)}
            />
          ))}
          {plain
            .filter(([, tell]) => tell(kept) !== '' || tell(gone) !== '')
            .map(([name, tell]) => (
              <Row key={name} name={name} kept={tell(kept)} gone={tell(gone)} />
            ))}
        </section>
        <Result of={of} choices={choices} mayMerge={mayMerge} />
      </div>
    </div>
  )
}

const ownLabel = ({ label, labelEn }: Comparison['own'][number]) => nameOf({ name: label, nameEn: labelEn })

async function takeBack(id: string): Promise<void> {
  await call(duplicates.apart, { id, body: { differ: false } }).catch(tellRefusal)
  for (const noun of ['customers', 'customer-duplicates', 'customer-comparisons']) void queryClient.invalidateQueries({ queryKey: [noun] })
}

function Head({ file, word, tone }: { file: ComparedFile; word: string; tone: string }) {
  return (
    <div className="face">
      <Avatar name={file.name} size={36} />
      <span className="col">
        <span className="row wrap">
          <Link to={`/customers/${file.id}`}>
            <b>{file.name}</b>
          </Link>
          <TierTag tier={file.tier} />
          <span className={`tag ${tone}`}>{word}</span>
        </span>
        <span className="t3 f12">
          {file.number} · {file.lastContactAt ? ago(file.lastContactAt) : cw.never}
        </span>
      </span>
    </div>
  )
}

type Line = {
  name: string
  kept: string
  gone: string
  side?: 'kept' | 'gone' | 'both'
  choose?: (side: 'kept' | 'gone' | 'both') => void
  both?: boolean
  differs?: boolean
  fresh?: boolean
}
/** One field of both: where they differ one is chosen, else it is read. */
function Row({ name, kept, gone, side, choose, both, differs, fresh }: Line) {
  const cell = (which: 'kept' | 'gone', text: string) =>
    differs && choose ? (
      <label className={`cell pick ${side === which || side === 'both' ? 'on' : ''}`}>
        <input type="radio" name={name} checked={side === which} onChange={() => choose(which)} />
        <span>{text || <span className="t3">{w.empty}</span>}</span>
      </label>
    ) : (
      <div className="cell">{text || <span className="t3">–</span>}</div>
    )
  const inside = (
    <>
      {cell('kept', kept)}
      {cell('gone', gone)}
    </>
  )
  return (
    <fieldset className={`pair ${differs ? 'differs' : ''}`} aria-label={name}>
      <div className="t3 name">
        {name} {fresh && <span className="tag wa">{w.justChanged}</span>}
        {differs && both && choose && (
          <label className="row f12">
            <input type="radio" name={name} checked={side === 'both'} onChange={() => choose('both')} />
            {w.both}
          </label>
        )}
      </div>
      {inside}
    </fieldset>
  )
}

function Result({ of, choices, mayMerge }: { of: Comparison; choices: Choices; mayMerge: boolean }) {
  const { kept, gone } = of
  const value = (field: MergeField) => {
    const side = sideOf(field, of, choices)
    return side === 'both' ? `${kept.note}\n${gone.note}` : shown[field](side === 'gone' ? gone : kept)
  }
  const tags = union(kept.tags, gone.tags)
  const care = union(kept.care.map(careWord), gone.care.map(careWord))
  return (
    <section className="card result" aria-label={w.result}>
      <header>
        <h3>{w.result}</h3>
      </header>
      <div className="body col">
        <dl className="facts one">
          <div>
            <dt>{cw.number}</dt>
            <dd>{kept.number}</dd>
          </div>
          {mergeFields
            .filter(field => value(field) !== '')
            .map(field => (
              <div key={field}>
                <dt>{label[field]()}</dt>
                <dd className="prose">{value(field)}</dd>
              </div>
            ))}
          {ownFilled(of).map(field => (
            <div key={field.key}>
              <dt>{ownLabel(field)}</dt>
              <dd>{fieldText(field, of[ownSideOf(field.key, of, choices)].fields[field.key])}</dd>
            </div>
          ))}
        </dl>
        {tags.length + care.length > 0 && (
          <div className="row wrap">
            {[...tags, ...care].map(tag => (
              <span key={tag} className="tag">
                {tag}
              </span>
            ))}
          </div>
        )}
        <p className="t3 f12">{w.keepsAll}</p>
        {kept.refused + gone.refused > 0 || kept.undisturbed || gone.undisturbed ? <p className="t3 f12">{w.strict}</p> : null}
        {!mayMerge && <p className="t3 f12">{w.noMerge}</p>}
      </div>
    </section>
  )
}
