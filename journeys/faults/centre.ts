import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { expect } from 'vitest'
import { Run } from '#contract/runs.ts'
import { removeData } from '../../server/boot/removeData.ts'
import { startProduct } from '../../tools/product.ts'
import { type Keys, say, type startLoad } from './load.ts'

const password = 'Endure-everything-2026'

/** A small centre that is open day and night, set up through its own doors. */
export async function setUpCentre(url: string): Promise<Keys> {
  const agent = new Agent()
  const ask = async <T>(path: string, body: unknown, token?: string): Promise<T> => {
    const answer = await say(agent, url, path, { body, patience: 30_000, ...(token ? { token } : {}) })
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.said)}`)
    return answer.said as T
  }
  await ask('/setup', { name: '经久', slug: 'endure', adminName: '经久', login: 'endure', password })
  const { bearer } = await ask<{ bearer: string }>('/session', { login: 'endure', password, bearer: true })
  const id = async (path: string, body: unknown) => (await ask<{ id: string }>(path, body, bearer)).id
  const always = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map(day => [day, [{ from: 0, to: 24 * 60 }]]))
  const calendarId = await id('/calendars', { name: '全天', week: always })
  const queueId = await id('/queues', { name: '热线', channel: 'chat' })
  const kindId = await id('/ticket-kinds', { name: '报修', code: 'BX', targetMinutes: 240 })
  const departmentId = await id('/departments', { name: '抢修一队' })
  await id('/widgets', {
    name: '网站',
    key: 'endure-site',
    calendarId,
    queueId,
    brand: '#0b6e8e',
    greeting: '您好',
    greetingEn: 'Hello',
    closedText: '',
    closedTextEn: '',
    choices: [],
  })
  agent.destroy()
  return { bearer, kindId, departmentId, widgetKey: 'endure-site' }
}

/** A product of its own with such a centre, which is struck down in the middle of long work and goes on. `endings`: what is to be done when all is over. */
export async function openCentre(name: string, endings: (() => Promise<unknown> | unknown)[]) {
  const folder = mkdtempSync(path.join(tmpdir(), `huiyin-${name}-`))
  endings.push(() => removeData(folder))
  let product = await startProduct(folder, { SAMPLE: 'off' })
  endings.push(() => product.stop())
  const { bearer } = await setUpCentre(product.url)
  const headers = { authorization: `Bearer ${bearer}` }
  const get = (at: string) => fetch(`${product.url}/api${at}`, { headers })
  async function post(at: string, body: object) {
    const typed = { ...headers, 'content-type': 'application/json' }
    const reply = await fetch(`${product.url}/api${at}`, { method: 'POST', headers: typed, body: JSON.stringify(body) })
    const said = await reply.json()
    if (!reply.ok) throw new Error(`${at}: ${reply.status} ${JSON.stringify(said)}`)
    return said
  }
  /** Customers from a table, read as it is guessed. */
  async function bring(file: Blob, onMatch: string): Promise<string> {
    const body = new FormData()
    body.append('file', file, 'customers.csv')
    const sent = await fetch(`${product.url}/api/customers/imports/file`, { method: 'POST', headers, body })
    const { id: fileId } = await sent.json()
    const { reading, mapping } = await post('/customers/imports/head', { fileId })
    return (await post('/customers/imports', { fileId, reading, mapping, onMatch, dry: false, language: 'zh' })).id
  }
  /** Blow after blow until it is done, each after it got a step of `rows` further than before. `look` is called all the while. */
  async function endure(
    id: string,
    { rows, strikes, patience, look }: { rows: number; strikes: number; patience: number; look?: (pid: number) => void },
  ) {
    const began = performance.now()
    let struck = 0
    let last = 0
    for (const until = Date.now() + patience; Date.now() < until; await wait(50)) {
      const run = Run.parse(await (await get(`/runs/${id}`)).json())
      look?.(product.pid)
      if (run.state === 'done') return { run, struck, seconds: (performance.now() - began) / 1000 }
      expect(run.state, run.code ?? '').toMatch(/waiting|running/)
      if (struck === strikes || run.done < last + rows / (strikes + 2)) continue
      last = run.done
      process.kill(product.pid, 'SIGKILL')
      struck++
      await wait(200)
      product = await startProduct(folder, { SAMPLE: 'off' })
    }
    throw new Error('it does not end')
  }
  async function ask<T extends object>(statement: string): Promise<T[]> {
    const client = new pg.Client({ connectionString: embeddedOf(folder).url })
    await client.connect()
    const { rows } = await client.query<T>(statement)
    await client.end()
    return rows
  }
  return { folder, get, post, bring, endure, ask }
}

export const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) }).then(
    answer => answer.ok,
    () => false,
  )

/** The embedded database of a data folder. */
export function embeddedOf(folder: string): { url: string; postmaster: () => number } {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const find = (end: string) => path.join(folder, names.find(name => name.endsWith(end)) ?? '')
  const [pidFile, secret] = [find('postmaster.pid'), readFileSync(find('postgres/password'), 'utf8').trim()]
  const port = readFileSync(pidFile, 'utf8').split('\n')[3]
  return {
    url: `postgres://huiyin:${encodeURIComponent(secret)}@127.0.0.1:${port}/huiyin`,
    postmaster: () => Number(readFileSync(pidFile, 'utf8').split('\n')[0]),
  }
}

/** Nothing acknowledged is lost, nothing is there twice, and everything that had to follow has followed. */
export async function expectWhole(database: pg.Pool, load: Awaited<ReturnType<typeof startLoad>>): Promise<void> {
  expect(load.bugs.slice(0, 5)).toEqual([])
  expect(load.failures.slice(0, 5)).toEqual([])
  expect(load.tickets.size).toBeGreaterThan(0)
  expect(load.messages.size).toBeGreaterThan(0)

  const tickets = await database.query<{ clientId: string; number: string }>('select client_id as "clientId", number from tickets.ticket')
  expect(tickets.rows.length, 'tickets opened').toBe(load.tickets.size)
  expect(new Set(tickets.rows.map(t => t.number)).size, 'numbers given').toBe(load.tickets.size)
  expect(tickets.rows.filter(t => load.tickets.get(t.clientId) !== t.number)).toEqual([])
  const { rows: halves } = await database.query(
    `select t.number from tickets.ticket t where (select count(*) from tickets.entry e where e.tenant_id = t.tenant_id and e.ticket_id = t.id) <> 2
       or (select count(*) from kernel.event e where e.tenant_id = t.tenant_id and e.about = t.id and e.name in ('ticket.opened', 'ticket.dispatched')) <> 2`,
  )
  expect(halves, 'tickets without their entries and events').toEqual([])

  const messages = await database.query<{ clientId: string; conversationId: string }>(
    `select client_id as "clientId", conversation_id as "conversationId" from messaging.message where client_id like 'fault-%'`,
  )
  expect(messages.rows.length, 'messages written').toBe(load.messages.size)
  expect(messages.rows.filter(m => load.messages.get(m.clientId) !== m.conversationId)).toEqual([])
  const { rows: order } = await database.query(
    `select conversation_id from (select conversation_id, client_id, seq, lag(client_id) over (partition by conversation_id order by seq) as before from messaging.message where client_id like 'fault-%') m
     where (client_id like 'fault-word-%-0' and before not like 'fault-first-%') or (client_id like 'fault-word-%-1' and before not like 'fault-word-%-0')`,
  )
  expect(order, 'conversations out of order').toEqual([])
  const { rows: open } = await database.query(
    `select state, count(*)::int as n from messaging.conversation where state not in ('abandoned', 'done') group by 1`,
  )
  expect(open, 'conversations left open').toEqual([])
  const { rows: waiting } = await database.query(`select id from routing.waiting`)
  expect(waiting, 'contacts still waiting').toEqual([])
  const { rows: failed } = await database.query('select reaction, error from kernel.failed_reaction')
  expect(failed, 'reactions given up').toEqual([])
}

/** Seconds until nothing is left to be done that is due. */
export async function drained(database: pg.Pool, limit: number): Promise<number> {
  const began = Date.now()
  for (;;) {
    const { rows } = await database.query<{ left: number }>(
      `select (select count(*) from kernel.undispatched)::int + (select count(*) from graphile_worker._private_jobs where run_at <= now())::int as left`,
    )
    if (rows[0]?.left === 0) return (Date.now() - began) / 1000
    if (Date.now() - began > limit) throw new Error(`${rows[0]?.left} jobs are left`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
