import { NewTicket } from '#contract/tickets.ts'
import { openTicket } from '#domains/tickets/index.ts'
import { allTenants } from '#kernel/directory.ts'
import { asSystem } from '#kernel/react.ts'
import { registerReactions } from '#kernel/worker.ts'
import { addressOfRunning } from '../server/boot/embedded.ts'
import { withHouse } from '../server/boot/tenant.ts'
import { readConfig } from '../server/config.ts'
import { furnish } from '../server/furnish.ts'

const rounds = 42
const each = 40
type Way = 'with' | 'without'

/**
 * What the rules engine costs an intake of an organisation without rules, in percent of Node's processor time: the same tickets in turns through the house as it
 * is and through one in which no rule listens. In turns, because the machine is never the same twice. To the database both say the same: events no rule waits for are told to nobody.
 */
export async function engineToll(folder: string, kindId: string, departmentId: string): Promise<number> {
  const url = addressOfRunning(folder)
  if (!url) throw new Error(`no database runs on ${folder}`)
  const ratios: number[] = []
  await withHouse(readConfig({ ...process.env, DATA: folder }), { dataUrl: url, controlUrl: url }, async house => {
    const { reactions, stop, app } = await furnish(house)
    const [tenant] = await allTenants(house.control)
    if (!tenant) throw new Error('no organisation to open tickets in')
    const whole = house.hearers
    const deaf = registerReactions([...reactions.byId.values()].filter(r => r.kind !== 'outward' || !r.heeded))
    const choose = (way: Way) => {
      house.hearers = way === 'with' ? whole : (event, detail) => deaf.hearers(event, detail, false)
    }
    const open = (n: number) =>
      asSystem(house, tenant.tenantId, ctx =>
        openTicket(ctx, NewTicket.parse({ kindId, departmentId, title: `水压不足 ${n}`, text: `从今天起水压不足，编号 ${n}` })),
      )
    const cpu = async (way: Way) => {
      choose(way)
      const from = process.cpuUsage()
      for (let n = 0; n < each; n++) await open(n)
      const { user, system } = process.cpuUsage(from)
      return user + system
    }
    for (let round = 0; round < rounds; round++) {
      const first: Way = round % 2 ? 'with' : 'without'
      const one = await cpu(first)
      const other = await cpu(first === 'with' ? 'without' : 'with')
      // The first rounds warm up.
      if (round >= rounds / 6) ratios.push(first === 'with' ? one / other : other / one)
    }
    await stop()
    await app.close()
  })
  const middle = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 1
  return 100 * (middle - 1)
}
