import * as z from 'zod'
import type { FlowBody, Trial, TrialFound, TrialPassed, TrialStep } from '#contract/flows.ts'
import type { Language, Prompt } from '../ports.ts'
import type { Act, Ask, Call, Clock, Input, Setting, Told } from './call.ts'
import { begin, next } from './machine.ts'
import { wordsOf } from './sayings.ts'
import { heardIn } from './speech.ts'

type Known = Extract<Act, { act: 'known' }>
/** What the house would say, and what of it is worth telling. */
type Answered = { told: Told; found: TrialFound | null }
export type Tried = {
  from: string
  language: Language
  now: Date
  /** What came of the last step; undefined: the call begins. */
  state?: unknown
  keys: string
  silence: boolean
  /** At the time of the call; `known`: what the caller keyed in so far. */
  answer: (ask: Ask, known: readonly Known[], now: Date) => Answered | Promise<Answered>
}

/** What the caller did so far, and when it began: the machine walks the whole way again each time, and nothing else needs to be trusted. */
const State = z.object({
  at: z.iso.datetime(),
  language: z.enum(['zh', 'en']),
  from: z.string().max(32),
  did: z.string().regex(/^[0-9*#_]{0,300}$/),
})
const silence = '_'
/** How long a sound takes, as far as a trial is concerned. */
const soundSeconds = 3
const leg = 'caller'

/** A call through a flow with the machine of every call, up to where it waits for something. */
export async function walkThrough(flow: FlowBody, { state, keys, silence: silent, answer, ...given }: Tried): Promise<Trial> {
  const began = State.safeParse(state)
  const { at, language, from, did } = began.success ? began.data : { ...given, at: given.now.toISOString(), did: '' }
  const call = trialOf(flow, { at: new Date(at), language, from, answer })
  let steps = [await call.begin()]
  const doing = began.success ? keys + (silent ? silence : '') : ''
  for (const deed of did) await call.does(deed)
  if (doing !== '') steps = []
  for (const deed of doing) if (!call.over()) steps.push(await call.does(deed))
  const told = { at, language, from, did: (did + doing).slice(0, 300) } satisfies z.output<typeof State>
  return { state: told, steps: steps.filter((step, n) => isTold(step) || n === steps.length - 1), over: call.over() }
}

const isTold = ({ heard, passed }: TrialStep) => heard.length > 0 || passed.length > 0

type Walk = { at: Date; language: Language; from: string; answer: Tried['answer'] }

function trialOf(flow: FlowBody, { at, language, from, answer }: Walk) {
  let call: Call = begin({ id: 'trial', direction: 'in', leg, language, caller: from, called: '', trunkId: null })
  let now = at
  let ids = 0
  let heard: TrialStep['heard'] = []
  const known: Known[] = []
  /** By the place in its path that the asking step will have. */
  const found = new Map<number, TrialFound | null>()
  const pass = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1000)
  }
  const setting = (): Setting => ({
    now,
    flow,
    customer: null,
    id: () => `id-${ids++}`,
    queue: () => ({ recording: 'off', rating: false, musicId: null, callbackTries: 1, callbackMinutes: 10 }),
  })

  async function take(input: Input): Promise<void> {
    const step = next(call, input, setting())
    if ('refused' in step) return
    call = step.call
    for (const order of step.orders)
      if (order.do === 'play') heard.push(...textOf(order.prompts, order.language).map(h => ({ ...h, node: call.flow.node })))
    for (const act of step.acts) if (act.act === 'known') known.push(act)
    if (!step.ask) return
    const answered = await answer(step.ask, known, now)
    if (step.ask.ask !== 'place') found.set(call.path.length, answered.found)
    await take({ from: 'house', ...answered.told })
  }

  /** Everything is heard to its end, until something else is waited for. */
  async function hear(): Promise<void> {
    for (let play = call.flow.play; play !== null; play = call.flow.play) {
      pass(soundSeconds)
      await take({ from: 'switch', leg, at: now, kind: 'played', play, heard: true })
    }
  }

  async function step(inputs: readonly Input[]): Promise<TrialStep> {
    const walked = call.path.length
    heard = []
    for (const input of inputs) await take(input)
    await hear()
    const passed = call.path.slice(walked).map(({ node, out }, n) => ({ node, out, found: found.get(walked + n) ?? keyedAt(node, out) }))
    return { node: call.flow.node, passed, heard, waitsFor: waitsFor(call, flow) }
  }
  const keyedAt = (node: string, out: string): TrialPassed['found'] => {
    const digits = call.flow.collected[node]
    return digits !== undefined && out === 'next' ? { of: 'keyed', digits } : null
  }

  /** Time goes by until a clock strikes. */
  const passTime = (): Input[] => {
    const clocks: Clock[] = ['key', 'tell', 'offer', 'late', 'ring', 'message']
    const [first] = clocks
      .flatMap(clock => (call.timers[clock] === undefined ? [] : [{ clock, at: call.timers[clock] }]))
      .sort((a, b) => a.at.localeCompare(b.at))
    if (!first) return []
    now = new Date(Math.max(now.getTime(), Date.parse(first.at)))
    return [{ from: 'house', kind: 'due', clock: first.clock }]
  }

  return {
    over: () => waitsFor(call, flow) === 'over',
    begin: () =>
      step([
        { from: 'house', kind: 'began' },
        { from: 'switch', leg, at: now, kind: 'answered' },
      ]),
    does(deed: string) {
      pass(soundSeconds)
      return step(deed === silence ? passTime() : [{ from: 'switch', leg, at: now, kind: 'digit', digit: deed }])
    },
  }
}

function waitsFor({ stage, flow: { node: key } }: Call, flow: FlowBody): TrialStep['waitsFor'] {
  if (stage.at === 'waiting') return 'queue'
  if (stage.at === 'voicemail') return 'record'
  if (stage.at === 'connecting') return 'answer'
  if (stage.at !== 'flow') return 'over'
  return flow.nodes.find(node => node.key === key)?.kind === 'digits' ? 'digits' : 'key'
}

/** As words; the sounds that make up one number stand together. */
function textOf(prompts: readonly Prompt[], language: Language): Omit<TrialStep['heard'][number], 'node'>[] {
  const heard: { text: string; announcementId: string | null; figure: boolean }[] = []
  for (const sound of heardIn(language, prompts)) {
    const figure = sound.kind === 'sound' && !sound.name.includes('/said-')
    const text = sound.kind === 'sound' ? wordsOf(sound.name) : sound.kind === 'text' ? sound.text : ''
    const last = heard.at(-1)
    if (figure && last?.figure) last.text += (language === 'zh' ? '' : ' ') + text
    else heard.push({ text, announcementId: sound.kind === 'announcement' ? sound.id : null, figure })
  }
  return heard.map(({ text, announcementId }) => ({ text, announcementId }))
}
