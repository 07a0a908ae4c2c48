import { entriesOf, ticketById } from '#domains/tickets/queries.ts'
import { startProduct } from '../tools/product.ts'
import { crowd } from './crowd.ts'
import { grown, type Size } from './grown.ts'
import { databaseOf } from './inside.ts'
import { ask, type Door, dice, drive, enter, type Times } from './load.ts'
import { type Figure, round } from './measure.ts'

const entriesWanted = 200

/** What an agent waits for: who is calling, with everything about them; a ticket with two hundred entries. At sizes S and M, and L and a million customers (CROWD) when asked. */
export async function desk(say: (words: string) => void): Promise<Figure[]> {
  const asked = process.env.BENCH_DESK?.split(',') ?? [
    'S',
    'M',
    ...(process.env.BENCH_L ? ['L'] : []),
    ...(process.env.BENCH_CROWD ? ['CROWD'] : []),
  ]
  const sizes = ([...Object.keys(folders)] as (keyof typeof folders)[]).filter(size => asked.includes(size))
  const found: { size: string; page: Times; pop: Times; ticket: Times; inside: Times }[] = []
  for (const size of sizes) {
    const folder = await folders[size](say)
    const product = await startProduct(folder)
    try {
      const door = await enter(product.url)
      const phones = await phonesOf(folder)
      const pop = (n: number) => screenPop(door, phones[n % phones.length] ?? '')
      const page = (n: number) => wholePage(door, phones[n % phones.length] ?? '')
      const id = await longTicket(door)
      const ticket = () => Promise.all([ask(door, 'GET', `/tickets/${id}`), ask(door, 'GET', `/tickets/${id}/entries`)])
      await drive(2, 2_000, pop)
      say(`  size ${size}: 1 client, 6 s of screen pops, 4 s of tickets`)
      const pops = await drive(1, 6_000, pop)
      await drive(1, 1_000, page)
      const pages = await drive(1, 6_000, page)
      await drive(1, 1_000, ticket)
      const tickets = await drive(1, 4_000, ticket)
      const inside = await databaseOf(folder, db => db.timed(async ctx => Promise.all([ticketById(ctx, id), entriesOf(ctx, id)]), 200))
      found.push({ size, page: pages, pop: pops, ticket: tickets, inside })
      door.agent.destroy()
    } finally {
      await product.stop()
    }
  }
  const small = found[0]
  return found.flatMap(({ size, page, pop, ticket, inside }) => [
    { metric: `size ${size}: screen pop, six requests, p50`, value: round(pop.p50, 2), unit: 'ms', goal: null, met: null },
    { metric: `size ${size}: screen pop, six requests, p95`, value: round(pop.p95, 2), unit: 'ms', goal: '≤ 25', met: pop.p95 <= 25 },
    { metric: `size ${size}: all that the customer's page reads, p50`, value: round(page.p50, 2), unit: 'ms', goal: null, met: null },
    {
      metric: `size ${size}: all that the customer's page reads, p95`,
      value: round(page.p95, 2),
      unit: 'ms',
      goal: '≤ 25',
      met: page.p95 <= 25,
    },
    {
      metric: `size ${size}: ticket with 200 entries in the database, p50`,
      value: round(inside.p50, 2),
      unit: 'ms',
      goal: '≤ 2',
      met: inside.p50 <= 2,
    },
    { metric: `size ${size}: ticket with 200 entries over HTTP, p50`, value: round(ticket.p50, 2), unit: 'ms', goal: null, met: null },
    ...(size === 'S' || !small
      ? []
      : [
          {
            metric: `size ${size} against S, screen pop p95`,
            value: round(pop.p95 / small.pop.p95, 2),
            unit: '×',
            goal: '≤ 1.5',
            met: pop.p95 / small.pop.p95 <= 1.5,
          },
          {
            metric: `size ${size} against S, ticket p50`,
            value: round(ticket.p50 / small.ticket.p50, 2),
            unit: '×',
            goal: '≤ 1.5',
            met: ticket.p50 / small.ticket.p50 <= 1.5,
          },
        ]),
  ])
}

const sized = (size: Size) => (say: (words: string) => void) => grown(size, say)
const folders = { S: sized('S'), M: sized('M'), L: sized('L'), CROWD: crowd }

/** Found by telephone, then every call that the page of a customer makes. */
async function wholePage(door: Door, phone: string): Promise<void> {
  const [known] = await ask<{ id: string }[]>(door, 'GET', `/customers/find?q=${encodeURIComponent(phone)}`)
  if (!known) throw new Error(`nobody has ${phone}`)
  const { id } = known
  const of = `customerId=${id}`
  await Promise.all(
    [
      ...['', '/outlook', '/profile', '/own', '/records', '/segments', '/ladders', '/account', '/timeline-counts', '/consents'].map(
        part => `/customers/${id}${part}`,
      ),
      ...['/timeline?size=100', '/notes?size=30', '/files?size=10', '/messages?size=6', '/duplicates', '/merges'].map(
        part => `/customers/${id}${part}`,
      ),
      `/customers/flags?ids=${id}`,
      `/interactions?${of}&size=50`,
      `/tickets?box=all&${of}&open=true&size=50`,
      `/tickets?box=all&${of}&size=100`,
      `/tasks?box=open&${of}&size=20`,
      `/needs?${of}&size=5`,
      `/opportunities?${of}&size=5`,
      `/documents?${of}&size=10`,
    ].map(path => ask(door, 'GET', path)),
  )
}

/** The page of a customer as the desk opens it: found by telephone, then all that stands beside a call at once. */
async function screenPop(door: Door, phone: string): Promise<void> {
  const [known] = await ask<{ id: string }[]>(door, 'GET', `/customers/find?q=${encodeURIComponent(phone)}&size=5`)
  const id = known?.id
  if (!id) throw new Error(`nobody has ${phone}`)
  await Promise.all([
    ask(door, 'GET', `/customers/${id}`),
    ask(door, 'GET', `/customers/${id}/outlook`),
    ask(door, 'GET', `/customers/flags?ids=${id}`),
    ask(door, 'GET', `/interactions?customerId=${id}&size=50`),
    ask(door, 'GET', `/tickets?box=all&customerId=${id}&open=true&size=50`),
  ])
}

/** Those who call are those who called before: taken from contacts, so that who calls often comes up often. */
async function phonesOf(folder: string): Promise<string[]> {
  return databaseOf(folder, async ({ house, tenantId }) => {
    const { rows } = await house.control.query<{ phone: string }>(
      `select c.phone from (select customer_id from interactions.interaction where tenant_id = $1 and customer_id is not null order by started_at desc limit 3000) i
       join customers.customer c on c.tenant_id = $1 and c.id = i.customer_id where c.phone is not null`,
      [tenantId],
    )
    const throwing = dice()
    return rows.map(r => r.phone).sort(() => throwing(3) - 1)
  })
}

/** One that has a long course already, or is given one. */
async function longTicket(door: Door): Promise<string> {
  const { rows } = await ask<{ rows: { id: string }[] }>(door, 'GET', '/tickets?box=open&size=200')
  const id = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))[0]?.id
  if (!id) throw new Error('there is no open ticket')
  const { length } = await ask<unknown[]>(door, 'GET', `/tickets/${id}/entries`)
  for (let n = length; n < entriesWanted; n++)
    await ask(door, 'POST', `/tickets/${id}/comments`, { text: `第 ${n} 次跟进：已与客户电话确认现场情况。`, public: false })
  return id
}
