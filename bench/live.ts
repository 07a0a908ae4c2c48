import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startProduct } from '../tools/product.ts'
import { grown } from './grown.ts'
import { ask, drive, enter } from './load.ts'
import { type Figure, memoryOf, root, round } from './measure.ts'

const sockets = 5_000
const watched = 500
const perSecond = 500
const seconds = 20

type Heard = { n: number; p50: number; p99: number; open: number }

/** Five thousand consoles, five hundred events a second, each seen by the ten who watch its ticket. Product, listeners and writers are processes of their own. */
export async function live(say: (words: string) => void): Promise<Figure[]> {
  const folder = await grown('S', say)
  const product = await startProduct(folder)
  const listeners = [0, 1].map(() => listen())
  try {
    const door = await enter(product.url, 'supervisor', 32)
    const ids: string[] = []
    for (let after = ''; ids.length < watched; ) {
      const page = await ask<{ rows: { id: string }[]; next: string | null }>(
        door,
        'GET',
        `/tickets?box=all&size=200${after && `&after=${after}`}`,
      )
      ids.push(...page.rows.map(t => t.id))
      if (page.next === null) break
      after = page.next
    }
    const topics = ids.slice(0, watched)
    say(`  ${sockets} sockets connect`)
    await Promise.all(
      listeners.map((child, n) =>
        tell<Heard>(child, { open: sockets / listeners.length, url: product.url, token: door.bearer, topics, from: n }),
      ),
    )
    await wait(2_000)
    say(`  ${perSecond} events a second for ${seconds} s`)
    let sent = 0
    const began = performance.now()
    const pace = async () => {
      const due = began + (sent * 1000) / perSecond
      const ahead = due - performance.now()
      if (ahead > 1) await wait(ahead)
    }
    const writing = await drive(24, seconds * 1000, async n => {
      await pace()
      sent++
      await ask(door, 'POST', `/tickets/${topics[n % topics.length]}/comments`, { text: '现场已到，正在处理。', public: false })
    })
    const memory = memoryOf(product.pid)
    await wait(1_500)
    const heard = await Promise.all(listeners.map(child => tell<Heard>(child, { report: true })))
    door.agent.destroy()
    const n = heard.reduce((sum, h) => sum + h.n, 0)
    const p99 = Math.max(...heard.map(h => h.p99))
    const expected = writing.n * (sockets / watched)
    return [
      {
        metric: 'sockets connected',
        value: heard.reduce((sum, h) => sum + h.open, 0),
        unit: '',
        goal: `= ${sockets}`,
        met: heard.reduce((sum, h) => sum + h.open, 0) === sockets,
      },
      {
        metric: 'events written per second',
        value: round(writing.rate, 0),
        unit: '/s',
        goal: `≥ ${perSecond * 0.97}`,
        met: writing.rate >= perSecond * 0.97,
      },
      { metric: 'pushes heard of those expected', value: round((100 * n) / expected, 2), unit: '%', goal: '= 100', met: n === expected },
      { metric: 'from event to screen, p50', value: round(Math.max(...heard.map(h => h.p50)), 1), unit: 'ms', goal: null, met: null },
      { metric: 'from event to screen, p99', value: round(p99, 1), unit: 'ms', goal: '≤ 100', met: p99 <= 100 },
      { metric: 'memory of the product', value: round(memory, 0), unit: 'MB', goal: '≤ 400', met: memory <= 400 },
    ]
  } finally {
    for (const child of listeners) child.kill()
    await product.stop()
  }
}

const listen = (): ChildProcess =>
  spawn(path.join(root, 'node_modules/.bin/node'), [path.join(root, 'bench/listeners.ts')], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })

/** Says something to a process of ours and waits for its answer. */
export const tell = <T>(child: ChildProcess, words: object): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once('message', answer => resolve(answer as T))
    child.once('exit', code => reject(new Error(`a process ended with code ${code}`)))
    child.send(words)
  })
