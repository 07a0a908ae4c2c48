import { setTimeout as wait } from 'node:timers/promises'
import { startProduct } from '../tools/product.ts'
import { cpuOf, cpuOfPostgres, dropFolder, type Figure, freshFolder, round } from './measure.ts'
import { noticeCentre, openProvider } from './noticeProvider.ts'

const customers = 40_000
const patienceMs = 120_000

/** A notice to forty thousand customers over a local provider: from the asking to the last one handed over, each past the guard with its caps. */
export async function notice(say: (words: string) => void): Promise<Figure[]> {
  const folder = freshFolder()
  const provider = await openProvider()
  const product = await startProduct(folder, { SAMPLE: 'off', PRIVATE_HOSTS: '127.0.0.1' })
  try {
    const centre = await noticeCentre(product.url, folder, provider.url, customers)
    say(`  ${customers} customers, one local provider`)
    const before = { node: cpuOf(product.pid), postgres: cpuOfPostgres(folder) }
    const began = performance.now()
    await centre.begin()
    while (provider.sent.size < customers && performance.now() - began < patienceMs) await wait(20)
    const seconds = (performance.now() - began) / 1000
    const rate = provider.sent.size / seconds
    const cpu = (cpuOf(product.pid) - before.node + cpuOfPostgres(folder) - before.postgres) / Math.max(1, provider.sent.size)
    await wait(2000)
    const { handed = 0 } = await centre.states()
    await centre.database.end()
    return [
      {
        metric: 'notices handed to a local provider per second, guard on',
        value: round(rate, 0),
        unit: '/s',
        goal: '≥ 2300',
        met: rate >= 2300,
      },
      { metric: 'handed over and written down', value: handed, unit: '', goal: `= ${customers}`, met: handed === customers },
      { metric: 'said twice to the provider', value: provider.again(), unit: '', goal: '= 0', met: provider.again() === 0 },
      { metric: 'CPU per notice, Node and PostgreSQL', value: round(cpu, 2), unit: 'ms', goal: null, met: null },
    ]
  } finally {
    await product.stop()
    provider.close()
    dropFolder(folder)
  }
}
