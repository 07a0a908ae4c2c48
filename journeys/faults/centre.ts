import { readdirSync, readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import path from 'node:path'
import type pg from 'pg'
import { expect } from 'vitest'
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
