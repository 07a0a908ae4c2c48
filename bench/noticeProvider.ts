import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { addressOfRunning } from '../server/boot/embedded.ts'

/** A provider of short messages on this machine: it knows by our reference what it has had, and sends that once. `calls` counts what came twice. */
export async function openProvider() {
  const sent = new Map<string, string>()
  let again = 0
  const server = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      const { messages }: { messages: { reference: string; to: string }[] } = JSON.parse(Buffer.concat(parts).toString('utf8'))
      const answers = messages.map(({ reference, to }) => {
        if (sent.has(reference)) again++
        else sent.set(reference, to)
        return { reference, id: `n${reference}`, state: 'accepted' }
      })
      reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ messages: answers }))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/send`,
    sent,
    again: () => again,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const setUp = { name: '基准', slug: 'notice', adminName: '基准', login: 'bench', password: 'Measure-2026' }
async function send(url: string, bearer: string | null, body: unknown, method = 'POST') {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** A centre with so many customers, a way out to that provider, and caps that the guard must count for every one. */
export async function noticeCentre(url: string, folder: string, provider: string, customers: number) {
  await send(`${url}/api/setup`, null, setUp)
  const { bearer } = await send(`${url}/api/session`, null, { login: setUp.login, password: setUp.password, bearer: true })
  const database = new pg.Pool({ connectionString: addressOfRunning(folder) ?? '', max: 2 })
  // The database may end before us; whoever asks next hears of it.
  database.on('error', () => {})
  await database.query(
    `insert into customers.customer (tenant_id, id, number, kind, name, phone, district, since)
     select t.tenant_id, gen_random_uuid(), 'N' || g, 'person', '客户' || g, '+86138' || lpad(g::text, 8, '0'), '海棠里', now() from identity.tenant t, generate_series(1, $1::int) g`,
    [customers],
  )
  await database.query('analyze')
  const policy = await send(`${url}/api/outgoing-policy`, bearer, undefined, 'GET')
  await send(`${url}/api/outgoing-policy`, bearer, { ...policy, quietFrom: 0, quietTo: 0 }, 'PUT')
  await send(`${url}/api/providers`, bearer, {
    name: 'local',
    channel: 'sms',
    settings: { kind: 'http', url: provider, account: 'bench', signature: '' },
    secret: 'geheim',
    rate: 20_000,
    connections: 8,
    position: 0,
    enabled: true,
  })
  return {
    database,
    begin: async (): Promise<string> => {
      const notice = await send(`${url}/api/notices`, bearer, {
        name: '停水',
        channel: 'sms',
        template: 'notice',
        language: 'zh',
        variables: { title: '计划停水', content: '6 月 20 日 9:00 至 17:00 停水，提前储水。' },
        audience: { district: '海棠里' },
      })
      return notice.id
    },
    states: async (): Promise<Record<string, number>> => {
      const { rows } = await database.query<{ state: string; n: number }>(
        'select state, count(*)::int as n from messaging.outgoing group by 1',
      )
      return Object.fromEntries(rows.map(r => [r.state, r.n]))
    },
  }
}
