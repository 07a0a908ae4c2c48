import { createHash } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { inBulk } from './fill.ts'
import { idsOf, wordsIn } from './furnishing.ts'
import { writeHistory } from './history.ts'
import { makeSample, sampleAtStart } from './making.ts'

let house: TestHouse
let tenantId: string
let db: pg.Client
const wanted = () => ({ size: 'S', language: 'zh', now: house.now() }) as const
beforeAll(async () => {
  house = await openHouse()
  db = new pg.Client({ connectionString: house.url })
  await db.connect()
  tenantId = await makeSample(house.house, house.url, wanted())
}, 120_000)
afterAll(async () => {
  await db.end()
  await house.close()
})

/** How many rows of the sample centre break a rule. */
const breaking = async (from: string) =>
  (await db.query<{ n: number }>(`select count(*)::int as n from ${from}`, from.includes('$1') ? [tenantId] : [])).rows[0]?.n

test('every account of the sign-in page signs in', async () => {
  const welcome = await house.app.inject({ url: '/api/welcome', headers: { 'x-huiyin-tenant': 'qingyuan' } })
  const { accounts } = welcome.json()
  expect(accounts.map((a: { login: string }) => a.login)).toEqual(['agent', 'agent2', 'lead', 'supervisor', 'field', 'admin'])
  for (const { login, password } of accounts) {
    const reply = await house.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: { tenant: 'qingyuan', login, password, bearer: true },
    })
    expect([login, reply.statusCode, reply.json().tenant?.id]).toEqual([login, 200, tenantId])
  }
})

test('the identity card stands masked for every role', async () => {
  const roles = 'identity.role r where r.tenant_id = $1'
  const masked = `exists (select 1 from customers.masking m where m.tenant_id = r.tenant_id and m.role = r.id::text and m.field = 'own.idCard' and m.showing = 'masked')`
  expect(await breaking(`${roles} and ${masked}`)).toBeGreaterThan(3)
  expect(await breaking(`${roles} and not ${masked}`)).toBe(0)
})

test('there is a year of history', async () => {
  const counts = await db.query(
    `select (select count(*)::int from interactions.interaction where tenant_id = $1) as contacts, (select count(*)::int from customers.customer where tenant_id = $1) as customers,
    (select count(*)::int from tickets.ticket where tenant_id = $1) as tickets, (select count(*)::int from surveys.rating where tenant_id = $1) as ratings`,
    [tenantId],
  )
  const { contacts, customers, tickets, ratings } = counts.rows[0]
  expect(customers).toBe(3000)
  expect(contacts).toBeGreaterThan(9_000)
  expect(contacts).toBeLessThan(11_000)
  expect(tickets).toBeGreaterThan(2_000)
  expect(ratings).toBeGreaterThan(2_000)
  for (const status of ['accepted', 'dispatched', 'handling', 'waiting', 'resolved', 'closed'])
    expect([status, await breaking(`tickets.ticket where tenant_id = $1 and status = '${status}'`)]).not.toEqual([status, 0])
})

test('something went wrong, too: a block that was lifted, a follow-up that failed, telephone numbers that were looked at', async () => {
  const kinds = {
    "messaging.block b join messaging.conversation c using (tenant_id) where b.tenant_id = $1 and c.id = b.conversation_id and c.visitor_id::text = b.subject and b.state = 'lifted'": 1,
    "kernel.failed_reaction f join kernel.event e using (tenant_id) where f.tenant_id = $1 and e.id = f.event_id and e.name = f.event and f.state = 'open'": 1,
    "kernel.event where tenant_id = $1 and audit and name = 'customer.revealed' and at <= now()": 2,
  }
  for (const [from, wanted] of Object.entries(kinds)) expect([from, await breaking(from)]).toEqual([from, wanted])
})

test('the history agrees with itself', async () => {
  const rules = {
    'marks of time run forward': `interactions.interaction where tenant_id = $1 and not (coalesce(queued_at, started_at) >= started_at and coalesce(answered_at, ended_at, started_at) >= coalesce(queued_at, started_at)
      and (answered_at is null or state = 'left' or ended_at >= answered_at) and (wrapped_at is null or wrapped_at >= ended_at))`,
    'nothing lies in the future': `interactions.interaction where tenant_id = $1 and greatest(started_at, answered_at, ended_at, wrapped_at) > now()`,
    'who answered is known': `interactions.interaction where tenant_id = $1 and (answered_at is null) <> (agent_id is null)`,
    'an answered contact is wrapped up with reason and outcome': `interactions.interaction where tenant_id = $1 and state = 'done' and (wrapped_at is null or reason_id is null or outcome_id is null)`,
    'a conversation says what its contact says': `messaging.conversation c join interactions.interaction i on i.tenant_id = c.tenant_id and i.id = c.interaction_id where c.tenant_id = $1
      and (c.state, c.queue_id, c.agent_id, c.customer_id, c.answered_at, c.ended_at, c.rating) is distinct from (i.state, i.queue_id, i.agent_id, i.customer_id, i.answered_at, i.ended_at, i.rating)`,
    'every chat has a conversation': `interactions.interaction i where i.tenant_id = $1 and i.channel = 'chat' and not exists (select 1 from messaging.conversation c where c.tenant_id = i.tenant_id and c.interaction_id = i.id)`,
    'messages are numbered without gaps, in the order of time': `(select conversation_id, count(*) as n, max(seq) as last, bool_and(later) as ordered from
      (select conversation_id, seq, sent_at >= lag(sent_at, 1, sent_at) over (partition by conversation_id order by seq) as later from messaging.message where tenant_id = $1) m group by 1) t where n <> last or not ordered`,
    'a rating stands in three places alike': `surveys.rating r join interactions.interaction i on i.tenant_id = r.tenant_id and i.id = r.interaction_id where r.tenant_id = $1 and (r.score, r.agent_id, r.customer_id) is distinct from (i.rating::int, i.agent_id, i.customer_id)`,
    'a low rating has its task': `surveys.rating where tenant_id = $1 and (score <= 2) <> (task_id is not null)`,
    'a ticket stands where its last step led': `tickets.ticket t where t.tenant_id = $1 and t.status <> (select case e.kind when 'opened' then 'accepted' when 'returned' then 'accepted' when 'taken' then 'handling' when 'resumed' then 'handling' else e.kind end
      from tickets.entry e where e.tenant_id = t.tenant_id and e.ticket_id = t.id and e.kind <> 'urged' order by e.at desc, e.id desc limit 1)`,
    'a ticket changed when its last step was taken': `tickets.ticket t where t.tenant_id = $1 and t.changed_at <> (select max(e.at) from tickets.entry e where e.tenant_id = t.tenant_id and e.ticket_id = t.id)`,
    'late is what was resolved too late, or is open too long': `tickets.ticket where tenant_id = $1 and late <> (case when status = 'waiting' then late when resolved_at is not null then resolved_at > due_at else due_at < $2 end)`,
    'nobody talks with more than three at once': `(select a.agent_id, a.id, count(*) as n from interactions.interaction a join interactions.interaction b on b.tenant_id = a.tenant_id and b.agent_id = a.agent_id and b.answered_at <= a.answered_at and b.wrapped_at > a.answered_at
      where a.tenant_id = $1 group by 1, 2) h where n > 3`,
    'a customer was last heard when the last contact began': `customers.customer c where c.tenant_id = $1 and c.last_contact_at is distinct from (select max(started_at) from interactions.interaction i where i.tenant_id = c.tenant_id and i.customer_id = c.id)`,
    'every contact has its events': `interactions.interaction i where i.tenant_id = $1 and not exists (select 1 from kernel.event e where e.tenant_id = i.tenant_id and e.about = i.id and e.name = 'interaction.opened' and e.at = i.started_at)`,
  }
  for (const [rule, broken] of Object.entries(rules)) {
    const values: unknown[] = broken.includes('$2') ? [tenantId, house.now()] : [tenantId]
    const { rows } = await db.query<{ n: number }>(`select count(*)::int as n from ${broken}`, values)
    expect([rule, rows[0]?.n]).toEqual([rule, 0])
  }
})

test('made again, it stays as it is; an installation of somebody else is left alone', async () => {
  const before = await breaking('interactions.interaction where tenant_id = $1')
  expect(await sampleAtStart(house.house, house.url, wanted())).toBe(tenantId)
  expect(await breaking('interactions.interaction where tenant_id = $1')).toBe(before)
  const other = await openHouse()
  expect(await sampleAtStart(other.house, other.url, wanted())).toBeNull()
  await other.close()
})

test('a filling that was cut short is done again, whole', async () => {
  const other = await openHouse()
  await expect(makeSample(other.house, other.url.replace(/\/[^/]*$/, '/no_such_database'), wanted())).rejects.toThrow()
  const id = await makeSample(other.house, other.url, { ...wanted(), size: { contacts: 300, customers: 60 }, language: 'en' })
  const { rows } = await other.house.control.query<{ n: number; name: string }>(
    `select count(*)::int as n, min(t.name) as name from interactions.interaction i join identity.tenant t on t.tenant_id = i.tenant_id where i.tenant_id = $1`,
    [id],
  )
  // Of the language in which it was begun, and once.
  expect(rows[0]?.name).toBe('清源供水')
  expect(rows[0]?.n).toBeGreaterThan(250)
  expect(rows[0]?.n).toBeLessThan(600)
  await other.close()
}, 60_000)

test('the same day makes the same history, only longer later that day', async () => {
  const printed = async (now: Date, language: 'zh' | 'en' = 'zh') => {
    const hash = createHash('sha256')
    const cut = new Date('2026-06-01T00:00:00Z')
    let n = 0
    await writeHistory(
      async (table, rows) => {
        if (table !== 'messaging.message') return
        for (const row of rows) {
          if (row.sentAt instanceof Date && row.sentAt < cut) hash.update(`${row.id} ${row.text}\n`)
          n++
        }
      },
      { tenantId, amount: { contacts: 2000, customers: 300 }, language, say: wordsIn(language), ids: idsOf(language, now), now },
    )
    return { n, hash: hash.digest('hex') }
  }
  const first = await printed(new Date('2026-06-18T02:00:00Z'))
  expect(await printed(new Date('2026-06-18T02:00:00Z'))).toEqual(first)
  expect((await printed(new Date('2026-06-18T14:00:00Z'))).n).toBeGreaterThan(first.n)
  expect((await printed(new Date('2026-06-18T02:00:00Z'), 'en')).hash).not.toBe(first.hash)
}, 60_000)

test('an owner that is under row-level security fills by inserts', async () => {
  await db.query(`create role sample_owner login password 'x'; grant app to sample_owner`)
  const url = new URL(house.url)
  url.username = 'sample_owner'
  url.password = 'x'
  const id = newId()
  await inBulk(url.href, tenantId, fill =>
    fill('customers.customer', [
      {
        id,
        number: 'T1',
        kind: 'person',
        name: '反\\斜\t线\n',
        care: ['elderly', 'a"b'],
        tags: [],
        since: house.now(),
        search: `'反斜':1`,
      },
    ]),
  )
  const { rows } = await db.query('select name, care, search::text as search from customers.customer where id = $1', [id])
  expect(rows).toEqual([{ name: '反\\斜\t线\n', care: ['elderly', 'a"b'], search: `'反斜':1` }])
  await db.query('delete from customers.customer where id = $1', [id])
  await inBulk(house.url, tenantId, fill =>
    fill('customers.customer', [
      {
        id,
        number: 'T1',
        kind: 'person',
        name: '反\\斜\t线\n',
        care: ['elderly', 'a"b'],
        tags: [],
        since: house.now(),
        search: `'反斜':1`,
      },
    ]),
  )
  expect((await db.query('select name, care, search::text as search from customers.customer where id = $1', [id])).rows).toEqual(rows)
  await db.query(`delete from customers.customer where id = '${id}'; drop owned by sample_owner; drop role sample_owner`)
})
