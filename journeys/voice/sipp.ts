import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Telephone } from './telephone.ts'

const scenarios = path.join(import.meta.dirname, 'sipp')
export type Place = { host: string; port: number }
/** One message as SIPp wrote it down: when, in which direction, what. */
export type Heard = { at: number; sent: boolean; text: string }
export type Marks = {
  invited: number
  ringing: number | null
  answered: number | null
  ended: number | null
  endedBy: 'us' | 'them' | null
}

type Wish = {
  /** Where SIPp is at home: the exchange knows its trunk by it. */
  host?: string
  to: Place
  called: string
  /** One number each, from the first again when there are more calls than numbers. */
  callers?: readonly string[]
  /** Whose mouth and ear it is; without one nothing is sent, and what comes is lost. */
  telephone?: Telephone
  /** Hangs up by itself after so long. */
  stayMs?: number
  calls?: number
  perSecond?: number
  /** Many: messages are not written down, only when each call began. */
  quiet?: boolean
}

/** Customers who call: SIPp does the signalling. */
export async function call({
  host = '127.0.0.2',
  to,
  called,
  callers = ['13800001111'],
  telephone,
  stayMs = 600_000,
  calls = 1,
  perSecond = 1,
  quiet = false,
}: Wish) {
  const running = await runSipp('caller', host, {
    options: [
      `${to.host}:${to.port}`,
      ...['-s', called, '-m', String(calls), '-r', String(perSecond), '-l', String(calls)],
      ...ears(telephone, host),
    ],
    names: { STAY: String(stayMs) },
    callers,
    quiet,
  })
  return {
    ...running,
    /** Once the other side has answered: from here on both hear each other. */
    answered: async (patience = 20_000): Promise<Marks> => {
      for (const until = Date.now() + patience; Date.now() < until; await wait(10)) {
        const marks = marksOf(running.messages())
        if (marks?.answered) {
          const media = mediaOf(running.messages())
          if (media) telephone?.connect(media)
          return marks
        }
        if (running.over()) break
      }
      throw new Error(`nobody answered\n${running.told()}`)
    },
    marks: (): Marks | null => marksOf(running.messages()),
    /** Everybody who was answered hangs up. */
    hangUp: async () => {
      const socket = createSocket('udp4')
      const answers = running.messages().filter(m => !m.sent && m.text.startsWith('SIP/2.0 200') && /^CSeq:\s*1 INVITE/m.test(m.text))
      for (const { text } of answers) {
        const [to, id] = [/^To: .*$/m.exec(text)?.[0], /^Call-ID: .*$/m.exec(text)?.[0]]
        const head = [
          `OPTIONS sip:${host} SIP/2.0`,
          'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-enough',
          'From: <sip:us@127.0.0.1>;tag=us',
        ]
        const words = [...head, to, id, 'CSeq: 9 OPTIONS', 'Max-Forwards: 70', 'Content-Length: 0', '', ''].join('\r\n')
        await new Promise(resolve => socket.send(words, running.port, host, resolve))
      }
      socket.close()
      return running.ended
    },
  }
}

/** Telephones that answer by themselves. */
export const phones = ({ host, port, telephone, quiet }: Place & { telephone?: Telephone; quiet?: boolean }) =>
  runSipp('phone', host, { options: ears(telephone, host), port, ...(quiet ? { quiet } : {}) })

const ears = (telephone: Telephone | undefined, host: string) => [
  ...['-key', 'ear_host', telephone?.host ?? host],
  ...['-key', 'ear_port', String(telephone?.port ?? 9)],
]

type Run = { options: readonly string[]; names?: Record<string, string>; callers?: readonly string[]; port?: number; quiet?: boolean }
async function runSipp(scenario: string, host: string, { options, names = {}, callers, port, quiet = false }: Run) {
  const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-sipp-'))
  const file = (name: string) => path.join(folder, name)
  const text = readFileSync(path.join(scenarios, `${scenario}.xml`), 'utf8').replace(/@([A-Z]+)@/g, (_, name: string) => names[name] ?? '')
  writeFileSync(file('scenario.xml'), text)
  if (callers) writeFileSync(file('callers'), `SEQUENTIAL\n${callers.map(number => `${number};\n`).join('')}`)
  const own = port ?? (await freeUdp(host))
  const child: ChildProcess = spawn(
    'sipp',
    [
      ...['-sf', file('scenario.xml'), '-i', host, '-p', String(own), '-nostdin', '-trace_err', '-error_file', file('errors')],
      ...(quiet ? ['-trace_logs', '-log_file', file('logs')] : ['-trace_msg', '-message_file', file('messages')]),
      ...['-trace_stat', '-stf', file('counts'), '-fd', '1'],
      ...(callers ? ['-inf', file('callers')] : []),
      ...options,
    ],
    { cwd: folder, stdio: 'ignore', env: { ...process.env, TZ: 'UTC', TERM: 'dumb' } },
  )
  let code: number | null = null
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (given, signal) => {
      code = given ?? (signal ? 128 : 0)
      resolve(code)
    })
  })
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '')
  return {
    host,
    port: own,
    /** 0: every call went as the scenario says. */
    ended,
    over: () => code !== null,
    messages: (): Heard[] => messagesIn(read('messages')),
    /** When each number began to call; when each leg of ours, or whoever else called, was answered here. */
    times: (): Map<string, number> => timesIn(read('logs')),
    /** What it counted, by the names of its columns. */
    counts: (): Record<string, string> => countsIn(read('counts')),
    told: () => `${read('errors')}\n${read('messages').slice(-4_000)}`,
    drop: async () => {
      if (code === null) child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** `-trace_msg`, with the clock in UTC. */
function messagesIn(log: string): Heard[] {
  return log.split(/^-{20,} /m).flatMap(part => {
    const head = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\d*\n(\S+) message (sent|received)[^\n]*\n\n/.exec(part)
    if (!head) return []
    return [{ at: Date.parse(`${head[1]}T${head[2]}Z`), sent: head[4] === 'sent', text: part.slice(head[0].length) }]
  })
}

function timesIn(log: string): Map<string, number> {
  const lines = log.matchAll(/^(\S+) (\d{4}-\d\d-\d\d)\s(\d\d:\d\d:\d\d\.\d{3})[^\n]*?([0-9a-f]{8}-[0-9a-f-]{27})?$/gm)
  return new Map([...lines].map(([, number = '', day, time, leg]) => [leg ?? number, Date.parse(`${day}T${time}Z`)]))
}

/** Of the first call in a log. */
function marksOf(messages: readonly Heard[]): Marks | null {
  const invite = messages.find(m => m.sent && m.text.startsWith('INVITE '))
  if (!invite) return null
  const first = (begins: string) => messages.find(m => !m.sent && m.text.startsWith(begins) && /CSeq:\s*1 INVITE/i.test(m.text))?.at ?? null
  const bye = messages.find(m => m.text.startsWith('BYE '))
  return {
    invited: invite.at,
    ringing: first('SIP/2.0 180'),
    answered: first('SIP/2.0 200'),
    ended: bye?.at ?? null,
    endedBy: bye ? (bye.sent ? 'us' : 'them') : null,
  }
}

/** Where the answer wants the sound to go. */
function mediaOf(messages: readonly Heard[]): Place | null {
  const answer = messages.find(m => !m.sent && m.text.startsWith('SIP/2.0 200') && m.text.includes('m=audio'))?.text ?? ''
  const [host, port] = [/^c=IN IP4 (\S+)/m.exec(answer)?.[1], /^m=audio (\d+)/m.exec(answer)?.[1]]
  return host && port ? { host, port: Number(port) } : null
}

function countsIn(csv: string): Record<string, string> {
  const lines = csv.trim().split('\n')
  const [names, last] = [lines[0]?.split(';') ?? [], lines.at(-1)?.split(';') ?? []]
  return Object.fromEntries(names.map((name, n) => [name, last[n] ?? '']))
}

export function freeUdp(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', reject)
    socket.bind(0, host, () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })
}
