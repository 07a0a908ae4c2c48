import type { FlowBody, FlowNode, Sound } from '#contract/flows.ts'
import { tierWord } from '../../kit/parts.tsx'
import { nameOf } from '../../kit/words.ts'
import { arranged, outsOf } from './nodes.ts'
import { kinds, w } from './words.ts'

/** One thing that a step is told, in words; two are the same when `raw` is. */
type Fact = { label: string; raw: string; words: string }
type Line = { label: string; was: string; is: string }
export type StepChange = { key: string; name: string; how: 'added' | 'gone' | 'changed'; lines: Line[] }
/** What queues, announcements and working hours are called. */
export type NameOf = (id: string) => string

/** What changed between two bodies, step by step, and within a step what it was told before and now. */
export function changesOf(was: FlowBody, is: FlowBody, name: NameOf): StepChange[] {
  const before = new Map(was.nodes.map(n => [n.key, n]))
  const after = new Set(is.nodes.map(n => n.key))
  const [from, to] = [firstOf(was), firstOf(is)]
  return [
    ...(from?.key === to?.key || !from || !to
      ? []
      : [{ key: '', name: w.start, how: 'changed' as const, lines: [{ label: w.start, was: nameOf(from), is: nameOf(to) }] }]),
    ...is.nodes.flatMap((node): StepChange[] => {
      const old = before.get(node.key)
      if (!old) return [{ key: node.key, name: nameOf(node), how: 'added', lines: [] }]
      const lines = linesOf(factsOf(old, was, name), factsOf(node, is, name))
      return lines.length === 0 ? [] : [{ key: node.key, name: nameOf(node), how: 'changed', lines }]
    }),
    ...was.nodes.filter(n => !after.has(n.key)).map(n => ({ key: n.key, name: nameOf(n), how: 'gone' as const, lines: [] })),
  ]
}

const firstOf = (body: FlowBody): FlowNode | undefined => arranged(body).nodes[0]

function linesOf(was: ReadonlyMap<string, Fact>, is: ReadonlyMap<string, Fact>): Line[] {
  return [...new Set([...is.keys(), ...was.keys()])].flatMap(about => {
    const [old, now] = [was.get(about), is.get(about)]
    if (old?.raw === now?.raw) return []
    return [{ label: now?.label ?? old?.label ?? '', was: old?.words || w.nothing, is: now?.words || w.nothing }]
  })
}

/** Everything that a step is told, by what it is about. */
function factsOf(node: FlowNode, { nodes }: FlowBody, name: NameOf): Map<string, Fact> {
  const facts = new Map<string, Fact>()
  const tell = (about: string, label: string, raw: unknown, words = raw === null ? '' : String(raw)) =>
    facts.set(about, { label, raw: JSON.stringify(raw), words })
  const stepName = (key: string | null) => {
    const step = nodes.find(n => n.key === key)
    return step ? nameOf(step) : w.toNowhere
  }
  tell('kind', w.kind, node.kind, kinds[node.kind]())
  tell('name', w.name, node.name)
  tell('nameEn', w.nameEn, node.nameEn)
  if ('sound' in node) soundFacts(node.sound)
  if ('queueId' in node) tell('queueId', w.queue, node.queueId, name(node.queueId))
  switch (node.kind) {
    case 'menu':
      for (const { key, next, ...named } of node.options) {
        tell(`options.${key}.name`, `${w.key} ${key}`, named, named.nameEn ? `${named.name} / ${named.nameEn}` : named.name)
        tell(`options.${key}.next`, `${w.key} ${key} · ${w.next}`, next, stepName(next))
      }
      figures(node, 'seconds', 'tries')
      break
    case 'digits':
      tell('meaning', w.meaning, node.meaning, w[meanings[node.meaning]])
      figures(node, 'min', 'max', 'seconds', 'tries')
      break
    case 'hours':
      tell('calendarId', w.calendar, node.calendarId, node.calendarId === null ? w.ownCalendar : name(node.calendarId))
      break
    case 'customer':
      tell('tiers', w.tiers, node.tiers.toSorted(), node.tiers.length === 0 ? w.anyTier : node.tiers.map(tierWord).join(', '))
      break
    case 'language':
      tell('language', w.language, node.language, w[node.language])
      break
    case 'queue':
      tell('musicId', w.music, node.musicId, node.musicId === null ? w.own : name(node.musicId))
      figures(node, 'tellEvery', 'callBackAfter', 'leaveAfter')
      break
    case 'voicemail':
      figures(node, 'most')
      break
    case 'transfer':
      tell('number', w.number, node.number)
      figures(node, 'ringSeconds')
  }
  for (const out of outsOf(node)) if (!out.field.startsWith('options.')) tell(out.field, out.name, out.next, stepName(out.next))
  return facts

  function soundFacts({ announcementId, text, textEn }: Sound) {
    tell('sound', w.announcement, announcementId, announcementId === null ? '' : name(announcementId))
    tell('text', `${w.heard} ${w.text}`, text)
    tell('textEn', `${w.heard} ${w.textEn}`, textEn)
  }
  function figures<F extends keyof typeof units>(of: { [K in F]: number }, ...fields: F[]) {
    for (const field of fields) {
      const unit = units[field]
      tell(field, w[field], of[field], unit === null ? String(of[field]) : `${of[field]} ${w[unit]}`)
    }
  }
}

const meanings = { customer: 'meaningCustomer', phone: 'meaningPhone', ticket: 'meaningTicket', other: 'meaningOther' } as const
const units = {
  seconds: 'secondsUnit',
  tries: 'triesUnit',
  min: null,
  max: null,
  tellEvery: 'secondsUnit',
  callBackAfter: 'secondsUnit',
  leaveAfter: 'secondsUnit',
  most: 'secondsUnit',
  ringSeconds: 'secondsUnit',
} as const
