import * as z from 'zod'
import type { AuditEntry } from '#contract/audit.ts'
import { RuleAction } from '#contract/automation.ts'
import { Condition, type Group, type Leaf } from '#contract/conditions.ts'
import { Channel } from '#contract/interactions.ts'
import { LadderStep } from '#contract/segments.ts'
import { m as masking } from '../customers/privacy/masking.words.ts'
import { channelWord } from '../kit/parts.tsx'
import { full } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { purposeWords, reasonText, w as sending, stateWords } from '../outgoing/words.ts'
import { outcomeText, runWord } from '../runs/words.ts'
import { nounWord } from '../tasks/MatterLink.tsx'
import { actWords, decidedWords, endedWords, fieldWord, reasonWords, s } from './security.words.ts'
import { w } from './words.ts'

/** What the organisation itself calls things; each says what it is given where it does not know. */
export type Names = {
  leaf: (leaf: Leaf) => string
  action: (action: z.output<typeof RuleAction>) => string
  match: (match: Group['match']) => string
  wait: (minutes: number, working: boolean) => string
  trigger: (key: string) => string
  takes: (takes: string) => string
  approval: (kind: string) => string
  figure: (figure: string) => string
  target: (figure: string, value: number) => string
}
type Line = { name: string; value: string }
const own = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

export function parsed(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver)
  } catch {
    return null
  }
}
const Facts = z.record(z.string(), z.unknown())
const factsOf = (text: string | undefined) => Facts.catch({}).parse(text === undefined ? {} : parsed(text))
const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** What it is about: by name, else by what kind of thing it is. */
export function aboutWord({ what, aboutName, facts }: AuditEntry, names: Names): string {
  if (what === 'customer.imported') return runWord({ kind: 'import.customers', facts: {} })
  if (what === 'customer.taken_back') return runWord({ kind: 'taking_back.customers', facts: {} })
  if (what === 'person.imported') return runWord({ kind: 'import.people', facts: {} })
  if (what.startsWith('run.') && facts.kind) return runWord({ kind: facts.kind, facts: factsOf(facts.facts) })
  if (what === 'approval.decided' && facts.kind) return [names.approval(facts.kind), aboutName].filter(Boolean).join(' ')
  return aboutName ?? ''
}

/** Further facts, each in words; what only machines read is left out. */
export function factLines({ what, facts }: AuditEntry, names: Names): Line[] {
  return Object.entries(facts).flatMap(([key, text]) => {
    const value = factWord(what, key, text, facts, names)
    return value === '' ? [] : [{ name: fieldWord(key, what), value }]
  })
}

function factWord(what: string, key: string, text: string, facts: AuditEntry['facts'], names: Names): string {
  if (key === 'table' || isId(text)) return ''
  if (what.startsWith('run.') && (key === 'kind' || key === 'facts' || key === 'done')) return ''
  switch (key) {
    case 'act':
      return what === 'catalog.changed' ? '' : (own(actWords, text) ?? text)
    case 'kind':
      return what.startsWith('approval.') ? '' : valueWord(text)
    case 'by':
      return own(endedWords, text) ?? text
    case 'channel':
      return channelSaid(text)
    case 'purpose':
      return own(purposeWords, text) ?? text
    case 'reason':
      return own(reasonWords, text) ?? reasonText(text)
    case 'source':
      return own(sourceWords(), text) ?? text
    case 'outcome':
      return what.startsWith('run.')
        ? outcomeText({ outcome: z.record(z.string(), z.number()).catch({}).parse(parsed(text)) })
        : (own(decidedWords, text) ?? text)
    case 'verdict':
      return own(decidedWords, text) ?? text
    case 'figure':
      return names.figure(text)
    case 'target':
      return facts.figure ? names.target(facts.figure, Number(text)) : text
    case 'subjectNoun':
      return nounWord(text)
    case 'counts':
      return Object.entries(factsOf(text))
        .map(([state, n]) => `${own(stateWords, state) ?? state} ${n}`)
        .join(' / ')
    case 'matter':
      return matterWord(text)
    case 'fields':
      return listed(text, field => fieldWord(String(field)))?.join(' ') ?? ''
    case 'format':
      return text.toUpperCase()
    default:
      return text.startsWith('[') ? (listed(text)?.join(', ') ?? '') : valueWord(text)
  }
}

const channelSaid = (text: string): string => {
  if (text === 'mail' || text === 'sms') return sending[text]
  const channel = Channel.safeParse(text)
  return channel.success ? channelWord(channel.data) : text
}
const sourceWords = (): Record<string, string> => {
  const { counter, phone, chat, form, contract, message, import: brought } = sending
  return { counter, phone, chat, form, contract, message, import: brought }
}
function matterWord(text: string): string {
  const matter = z.object({ noun: z.string(), id: z.string() }).safeParse(parsed(text))
  if (!matter.success) return ''
  const { noun, id } = matter.data
  return [nounWord(noun), isId(id) ? '' : id].filter(Boolean).join(' ')
}

/** A field before and after: of lists only what went and what came. */
export function partsOf(field: string, was: string, is: string, names: Names): { was: string; is: string } {
  if (field === 'condition' || field === 'wait') return { was: ruleWord(field, was, names), is: ruleWord(field, is, names) }
  if (field === 'trigger') return { was: was && names.trigger(was), is: is && names.trigger(is) }
  if (field === 'takes') return { was: was && names.takes(was), is: is && names.takes(is) }
  if (field === 'figure') return { was: was && names.figure(was), is: is && names.figure(is) }
  const said = field === 'actions' ? actionWord(names) : field === 'steps' ? stepWord(names) : rowWord
  const [before, after] = [listed(was, said), listed(is, said)]
  if (before === null && after === null) return { was: valueWord(was), is: valueWord(is) }
  const without = (list: string[] | null, other: string[] | null) => (list ?? []).filter(part => !other?.includes(part)).join(', ')
  return { was: without(before, after), is: without(after, before) }
}

const isLeaf = (node: Leaf | Group): node is Leaf => 'field' in node
/** Names have taken the place of ids, so whose hours it asks for is no id any more. */
function ruleWord(field: 'condition' | 'wait', text: string, names: Names): string {
  const value = parsed(text, (key, inner) => (key === 'calendarId' ? null : inner))
  if (field === 'wait') {
    const wait = z.object({ minutes: z.number(), working: z.boolean() }).safeParse(value)
    return wait.success ? names.wait(wait.data.minutes, wait.data.working) : valueWord(text)
  }
  const condition = Condition.safeParse(value)
  return condition.success ? conditionWord(condition.data, names) : valueWord(text)
}
function conditionWord(node: Leaf | Group, names: Names): string {
  if (isLeaf(node)) return names.leaf(node)
  const parts = node.of.map(inner => conditionWord(inner, names))
  return parts.length > 1 ? `${names.match(node.match)} (${parts.join('; ')})` : parts.join('')
}
/** A tier or stage, and by what rule one stands there. */
const stepWord = (names: Names) => (row: unknown) => {
  const step = LadderStep.safeParse(row)
  if (!step.success) return rowWord(row)
  const { condition, ...named } = step.data
  return [nameOf(named), condition && conditionWord(condition, names)].filter(Boolean).join(': ')
}
const actionWord = (names: Names) => (row: unknown) => {
  const action = RuleAction.safeParse(row)
  return action.success ? names.action(action.data) : rowWord(row)
}

/** A list with its rows in words: 报修 3. */
function listed(text: string, said: (row: unknown) => string = rowWord): string[] | null {
  if (!text.startsWith('[')) return null
  const list = z.array(z.unknown()).safeParse(parsed(text))
  return list.success ? list.data.map(said) : null
}
/** Names before figures: jsonb keeps its keys in an order of its own. */
function rowWord(row: unknown): string {
  if (typeof row !== 'object' || row === null) return valueWord(String(row))
  const { weight, ...facts }: Record<string, unknown> = { ...row }
  const words = Object.entries(facts)
    .sort(([, a], [, b]) => Number(typeof a === 'number') - Number(typeof b === 'number'))
    .flatMap(([key, value]) => (key === 'channel' && typeof value === 'string' ? channelSaid(value) : leavesOf(value)))
  return [...words, ...(typeof weight === 'number' && weight > 0 ? [`${weight}%`] : [])].join(' ')
}
/** What stands at the ends of something built. */
function leavesOf(value: unknown): string[] {
  if (value === null || value === '' || value === undefined || value === false) return []
  if (Array.isArray(value)) return value.flatMap(leavesOf)
  if (typeof value !== 'object') return [valueWord(String(value))]
  return Object.entries(value).flatMap(([key, leaf]: [string, unknown]) =>
    leaf === true ? fieldWord(key) : typeof leaf === 'number' ? `${leaf} ${fieldWord(key)}` : leavesOf(leaf),
  )
}

export function valueWord(value: string): string {
  if (value.startsWith('{')) return leavesOf(parsed(value)).join(' ')
  if (value === 'true') return w.yes
  if (value === 'false') return w.no
  if (value === 'shown' || value === 'masked' || value === 'hidden') return masking[value]
  if (isId(value)) return s.nameless
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return full(new Date(value))
  return value.length > 120 ? `${value.slice(0, 120)}…` : value
}
