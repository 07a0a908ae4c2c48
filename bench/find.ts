import { findCustomers } from '#domains/customers/finding/find.ts'
import { listCustomers } from '#domains/customers/queries.ts'
import { startProduct } from '../tools/product.ts'
import { crowd } from './crowd.ts'
import { databaseOf } from './inside.ts'
import { ask, drive, enter } from './load.ts'
import { cpuOf, cpuOfPostgres, type Figure, round } from './measure.ts'
import { neighbour } from './neighbour.ts'

type Typed = { kind: string; words: string[] }

/** Anyone of a million customers in one box, as somebody types: from one letter to a whole number. */
export async function find(say: (words: string) => void): Promise<Figure[]> {
  const folder = await crowd(say)
  const product = await startProduct(folder)
  try {
    const typed = await whatIsTyped(folder)
    const all = typed.flatMap(({ words }) => words).sort((a, b) => (hash(a) < hash(b) ? -1 : 1))
    say(`  ${all.length} texts of ${typed.length} kinds`)
    const door = await enter(product.url)
    const one = (n: number) => ask(door, 'GET', `/customers/find?q=${encodeURIComponent(all[(n * 7) % all.length] ?? '')}`)
    await drive(2, 4_000, one)
    const single = await drive(1, 10_000, one)
    const before = { node: cpuOf(product.pid), postgres: cpuOfPostgres(folder) }
    const four = await drive(4, 10_000, one)
    const spent = { node: cpuOf(product.pid) - before.node, postgres: cpuOfPostgres(folder) - before.postgres }
    door.agent.destroy()
    const kinds = await databaseOf(folder, async db => {
      const made: Figure[] = []
      for (const { kind, words } of typed) {
        const query = (ctx: Parameters<typeof findCustomers>[0], n: number) => findCustomers(ctx, { q: words[n % words.length] ?? '' })
        await db.timed(query, words.length)
        const times = await db.timed(query, words.length * 2)
        made.push({ metric: `${kind}: in the database, p95`, value: round(times.p95, 2), unit: 'ms', goal: '≤ 50', met: times.p95 <= 50 })
      }
      const any = (ctx: Parameters<typeof findCustomers>[0], n: number) => findCustomers(ctx, { q: all[n % all.length] ?? '' })
      await db.timed(any, 40, neighbour)
      const small = await db.timed(any, 120, neighbour)
      const lists = ['张', 'wang', '滨江路', 'chenyu'].map(q => ({ q }))
      const list = await db.timed((ctx, n) => listCustomers(ctx, { ...lists[n % lists.length], size: 50 }), lists.length * 4)
      return [
        ...made,
        { metric: 'tenant with a twentieth of the rows, p95', value: round(small.p95, 2), unit: 'ms', goal: '≤ 50', met: small.p95 <= 50 },
        { metric: 'the first page of the list for common words, p95', value: round(list.p95, 2), unit: 'ms', goal: null, met: null },
      ]
    })
    return [
      { metric: 'over HTTP, one client, p50', value: round(single.p50, 2), unit: 'ms', goal: null, met: null },
      { metric: 'over HTTP, one client, p95', value: round(single.p95, 2), unit: 'ms', goal: '≤ 50', met: single.p95 <= 50 },
      { metric: 'over HTTP, four clients, p95', value: round(four.p95, 2), unit: 'ms', goal: null, met: null },
      { metric: 'over HTTP, four clients', value: round(four.rate, 0), unit: '/s', goal: null, met: null },
      { metric: 'processor time, Node', value: round(spent.node / four.n, 2), unit: 'ms', goal: null, met: null },
      { metric: 'processor time, PostgreSQL', value: round(spent.postgres / four.n, 2), unit: 'ms', goal: null, met: null },
      ...kinds,
    ]
  } finally {
    await product.stop()
  }
}

const hash = (text: string) => [...text].reduce((sum, sign) => (Math.imul(sum, 31) + (sign.codePointAt(0) ?? 0)) | 0, 7)

/** Of customers who are there, and what nobody has. */
async function whatIsTyped(folder: string): Promise<Typed[]> {
  return databaseOf(folder, async ({ house, tenantId }) => {
    const { rows } = await house.control.query<{ name: string; number: string; phone: string; address: string }>(
      `select name, number, phone, address from customers.customer where tenant_id = $1 and phone is not null and right(id::text, 4) = 'abcd' order by id limit 16`,
      [tenantId],
    )
    const records = await house.control.query<{ number: string }>(
      `select number from customers.record where tenant_id = $1 and right(id::text, 4) = 'abcd' order by id limit 8`,
      [tenantId],
    )
    const things = records.rows.map(row => row.number)
    return [
      { kind: 'one letter', words: [...'zwlcxyhjsqtgfdmkbrpnvaoe'] },
      { kind: 'two letters', words: ['zh', 'wa', 'li', 'ch', 'cy', 'xj', 'ou', 'ya', 'yt', 'gq', 'vv', 'zg'] },
      { kind: 'one common sign', words: [...'张王李陈伟明建国金路'] },
      { kind: 'one rare sign', words: [...'仇单查区覃龘㐂'] },
      { kind: 'common pinyin', words: ['wang', 'zhang', 'chen', 'yang', 'ming', 'jin', 'wangw'] },
      { kind: 'rare pinyin', words: ['ouyang', 'zhuge', 'shan', 'qiuxue', 'chenyutong', 'ouyangzixuan', 'zhayi'] },
      { kind: 'initials', words: ['cyt', 'zwm', 'wjg', 'oyx', 'lzh', 'zgl'] },
      { kind: 'a name', words: rows.map(row => row.name) },
      { kind: 'part of a name', words: rows.map(row => row.name.slice(1)) },
      { kind: 'last four digits', words: ['1234', '0000', '8888', ...rows.map(row => row.phone.slice(-4))] },
      { kind: 'telephone', words: rows.map(row => row.phone.slice(3)) },
      { kind: 'the beginning of a number', words: rows.flatMap(row => [row.number.slice(0, 4), row.number.slice(0, 7), row.number]) },
      {
        kind: 'meter or plate',
        words: things.flatMap(number => [number.slice(0, 4), number.slice(0, 6), number, number.slice(-4), number.slice(-6)]),
      },
      {
        kind: 'address',
        words: [
          '滨江路',
          '金沙苑',
          '中山路 12',
          '12号',
          '城东片区',
          ...rows.map(row => row.address.slice(0, 8)),
          ...rows.map(row => row.address),
        ],
      },
      { kind: 'nobody', words: ['vvvv', 'qqqq', '没有这个人', '99999999999', 'zzz zzz'] },
    ]
  })
}
