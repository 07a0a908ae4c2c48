import { openAs, transaction } from './db.ts'
import type { House } from './house.ts'
import type { Ctx } from './work.ts'

/** What tenants asked to be told of: known in every process, so that `emit` need not ask the database. */
export type Heeds = { of: Map<string, ReadonlySet<string>>; turn: number }
export const noHeeds = (): Heeds => ({ of: new Map(), turn: 0 })

export const heeds = (house: House, tenantId: string, event: string): boolean => house.heeds.of.get(tenantId)?.has(event) === true

/** From its commit on in this process, within two seconds in all others, these events of the tenant reach the reactions that are told only on request. */
export async function heed(ctx: Ctx, events: readonly string[]): Promise<void> {
  const wanted = new Set(events)
  ctx.write`delete from kernel.heeded where tenant_id = ${ctx.tenantId}`
  for (const event of wanted) ctx.write`insert into kernel.heeded (tenant_id, event) values (${ctx.tenantId}, ${event})`
  const { tenantId } = ctx
  ctx.afterCommit('heed other events', ({ heeds: known }) => {
    known.of.set(tenantId, wanted)
    known.turn++
  })
}

export async function learnHeeds(house: House): Promise<void> {
  const { turn } = house.heeds
  const { rows } = await transaction(house.control, openAs('relay'), client =>
    client.query<{ tenant_id: string; event: string }>({ name: 'heeded', text: 'select tenant_id, event from kernel.heeded' }),
  )
  // What this process has just changed itself is newer than what was read.
  if (turn !== house.heeds.turn) return
  house.heeds.of = new Map(
    [...Map.groupBy(rows, row => row.tenant_id)].map(([tenantId, heeded]) => [tenantId, new Set(heeded.map(row => row.event))]),
  )
}

const every = 2000
export function startHeeding(house: House): { stop: () => Promise<void> } {
  let learning = Promise.resolve()
  const learn = () => {
    learning = learnHeeds(house).catch(error => house.log.warn({ err: error }, 'what tenants ask to be told of could not be read'))
  }
  const timer = setInterval(learn, every)
  return {
    stop: async () => {
      clearInterval(timer)
      await learning
    },
  }
}
