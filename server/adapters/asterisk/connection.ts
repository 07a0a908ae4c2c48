import * as z from 'zod'
import type { LineState } from '#contract/voiceSettings.ts'
import { type Ari, AriRefusal, AriSilence } from './ari.ts'
import type { Hearing } from './hearing.ts'
import { AriEvent, Endpoints, Info, Variable, wanted } from './models.ts'
import type { Setup } from './setup.ts'

type Around = {
  ari: Ari
  app: string
  log: Setup['log']
  hearing: Pick<Hearing, 'take'>
  stands: (state: LineState['state'], code: string | null, version?: string) => void
  /** Whether the line is to be ours; otherwise it is only looked at. */
  takes?: boolean
  /** Before anything is heard: what the node must know. */
  ready: () => Promise<void>
  looked: (endpoints: z.output<typeof Endpoints>) => void
  /** What goes on there while another process has the line. */
  watched?: () => Promise<void>
  /** Nothing listens there any more: what ran on it is over. */
  gone: () => Promise<void>
  back: () => Promise<void>
  patience?: { beatMs: number; beginsMs: number }
}

/** How often a line is tried, and for how long one that begins may greet. */
const usual = { beatMs: 5_000, beginsMs: 8_000 }
const standByBeats = 3
/** A variable of the node: who has the line, and that he lives. */
const holder = 'HUIYIN_HOLDER'
/** So long nobody has to be there before its calls count as over: an Asterisk that is started anew is back sooner. */
const deadAfterMs = 2_000
const beginning = { state: 'connecting', code: 'starting', soon: true } as const
/** Nobody's fault and soon over, and somebody's mistake that takes a person. */
const againMs = { soon: [200, 300, 500, 500, 600, 1_000, 2_000, 3_000], later: [5_000, 10_000, 30_000] }

/** What an attempt came to, in a code people can be told; `soon`: it is worth trying again at once. */
export function diagnose(error: unknown): { state: LineState['state']; code: string; soon: boolean } {
  if (error instanceof AriRefusal) {
    if (error.status === 401 || error.status === 403) return { state: 'refused', code: 'wrong_password', soon: false }
    if (error.status === 503) return { state: 'connecting', code: 'starting', soon: true }
    if (error.status === 404 && error.message.includes('asterisk/info')) return { state: 'refused', code: 'not_asterisk', soon: false }
    return { state: 'connecting', code: 'not_now', soon: true }
  }
  if (error instanceof AriSilence && error.code !== 'not_asterisk') return { state: 'down', code: 'no_answer', soon: true }
  if (error instanceof AriSilence || error instanceof z.ZodError) return { state: 'refused', code: 'not_asterisk', soon: false }
  // Ours: the database is away, say.
  return { state: 'connecting', code: 'not_now', soon: true }
}

/** Whoever follows endpoints hears of their channels twice, in the same words. */
function newSieve(): (text: string) => boolean {
  const [last, known] = [[] as string[], new Set<string>()]
  return text => {
    if (known.has(text)) return false
    known.add(text)
    last.push(text)
    if (last.length > 200) known.delete(last.shift() ?? '')
    return true
  }
}

/** Only what is said in ARI's words. */
function readEvent(text: string): AriEvent | null {
  try {
    return AriEvent.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** Keeps the line to one node open, for as long as the product runs. */
export function connect({ ari, app, log, hearing, takes = true, stands, ready, looked, watched, gone, back, patience = usual }: Around): {
  stop: () => Promise<void>
} {
  const { beatMs, beginsMs } = patience
  let stopping = false
  let wake = () => {}
  let hangUp = () => {}
  const wait = (ms: number) =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  /** From the first question to the end of the line; tells why it ended. */
  async function once(): Promise<'closed' | 'replaced'> {
    const { system } = Info.parse(await ari.ask('GET', 'asterisk/info', { only: 'system' }))
    if (stopping) return 'closed'
    const line = ari.socket(app)
    let isOver = false
    let isReplaced = false
    /** Ours is over when we say so: a node whose network is away never says good-bye. */
    const over = new Promise<void>(resolve => {
      hangUp = () => {
        isOver = true
        line.close()
        resolve()
      }
    })
    /** What is told before the legs are known waits for them. */
    let early: AriEvent[] | null = []
    const isNew = newSieve()
    line.addEventListener('message', ({ data }) => {
      const text = String(data)
      if (isOver || !isNew(text)) return
      const event = readEvent(text)
      if (event?.type === 'ApplicationReplaced') {
        isReplaced = true
        hangUp()
      } else if (event && early) early.push(event)
      else if (event) hearing.take(event)
    })
    line.addEventListener('close', hangUp)
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(hangUp, beginsMs)
      line.addEventListener('open', () => {
        clearTimeout(late)
        resolve()
      })
      void over.then(() => {
        clearTimeout(late)
        reject(new AriSilence('no_socket', 'no events'))
      })
    })
    try {
      await ari.ask('PUT', `applications/${app}/eventFilter`, {}, { allowed: wanted.map(type => ({ type })) })
      await ready()
      await ari.ask('POST', `applications/${app}/subscription`, { eventSource: 'endpoint:PJSIP' })
      await back()
      for (const event of early) hearing.take(event)
      early = null
      const look = async () => {
        await show(`${process.pid} ${Date.now()}`)
        looked(Endpoints.parse(await ari.ask('GET', 'endpoints/PJSIP')))
      }
      await look()
      stands('ready', null, system.version)
      const beat = setInterval(() => {
        look().catch(error => {
          log.warn({ why: String(error) }, 'the telephone switch is silent')
          hangUp()
        })
      }, beatMs)
      await over
      clearInterval(beat)
      if (stopping && !isReplaced) await show('').catch(() => {})
      return isReplaced ? 'replaced' : 'closed'
    } finally {
      hangUp()
    }
  }

  /** Another process of ours has the line: how it is there is looked at, and it is taken again when that one has not shown for a while that it lives. */
  async function standBy(): Promise<void> {
    for (let [seen, still] = ['', 0]; !stopping; await wait(beatMs)) {
      const { system } = Info.parse(await ari.ask('GET', 'asterisk/info', { only: 'system' }))
      const { value } = Variable.parse(await ari.ask('GET', 'asterisk/variable', { variable: holder }))
      still = value === seen ? still + 1 : 0
      seen = value
      const lives = value !== '' && still < standByBeats
      if (takes && !lives) return
      await watched?.()
      looked(Endpoints.parse(await ari.ask('GET', 'endpoints/PJSIP')))
      if (lives) stands('ready', 'taken_over', system.version)
      else stands('down', 'nobody_holds', system.version)
    }
  }
  const show = (value: string) => ari.ask('POST', 'asterisk/variable', { variable: holder, value })

  const running = (async () => {
    let tries = 0
    let silentSince: number | null = null
    let told = false
    let wrongSince: number | null = null
    while (!stopping) {
      try {
        const end = takes ? await once() : 'replaced'
        tries = 0
        silentSince = null
        told = false
        if (stopping) return
        if (end === 'replaced') await standBy()
        else stands('connecting', 'line_lost')
      } catch (error) {
        if (stopping) return
        const found = diagnose(error)
        // One that begins listens before it knows its addresses.
        wrongSince = found.code === 'not_asterisk' ? (wrongSince ?? Date.now()) : null
        const { state, code, soon } = wrongSince !== null && Date.now() - wrongSince < beginsMs ? beginning : found
        if (code === 'not_asterisk' || code === 'not_now') log.warn({ why: String(error) }, 'the telephone line could not be opened')
        // One that begins is another than the one that fell silent.
        silentSince = code === 'no_answer' || (code === 'starting' && silentSince !== null) ? (silentSince ?? Date.now()) : null
        const dead = silentSince !== null && Date.now() - silentSince >= deadAfterMs
        stands(state === 'down' && !dead ? 'connecting' : state, code)
        if (dead && !told) {
          told = true
          await gone().catch(failure => log.error({ err: failure }, 'the end of a switch could not be told'))
        }
        const steps = soon ? againMs.soon : againMs.later
        await wait(steps[Math.min(tries++, steps.length - 1)] ?? 1_000)
      }
    }
  })()

  return {
    stop: async () => {
      stopping = true
      wake()
      hangUp()
      await running
    },
  }
}
