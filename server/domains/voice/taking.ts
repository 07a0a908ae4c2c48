import type { PoolClient } from 'pg'
import { tenantsWhere } from '#kernel/directory.ts'
import { begin, type House } from '#kernel/house.ts'
import { startLoop } from '#kernel/loop.ts'
import { asSystem } from '#kernel/react.ts'
import { carryLeft, inTurn, stillCarried } from './carrying.ts'
import { forwardedChannel } from './forwarding.ts'
import { takeUp } from './readopting.ts'
import { switchesOf } from './switches.ts'

const restMs = 1000
const batch = 200

const linesHere = (house: House) => switchesOf(house).filter(line => !line.elsewhere?.())

const asked = new WeakMap<House, Set<string>>()
/** Has carried what was left for the switches of this process. Where it was left too long ago, the call is taken up as after a crash instead. */
export async function takeForwarded(house: House, tenantId: string): Promise<void> {
  const here = linesHere(house)
  if (here.length === 0) return
  const calls = await asSystem(house, tenantId, ctx =>
    ctx.db
      .selectFrom('voice.forwarded')
      .select(q => ['callId', 'line', q.fn.min('leftAt').as('since')])
      .where(
        'line',
        'in',
        here.map(line => line.name),
      )
      .groupBy(['callId', 'line'])
      .limit(batch)
      .execute(),
  )
  const waiting = asked.get(house) ?? new Set<string>()
  asked.set(house, waiting)
  for (const { callId, line, since } of calls) {
    if (waiting.has(callId)) continue
    const there = here.find(each => each.name === line)
    const isLate = since < stillCarried(house)
    // Once it is connected every call is compared.
    if (!there || (isLate && there.state().state !== 'ready')) continue
    waiting.add(callId)
    const call = { tenantId, callId }
    begin(house, 'carry orders of another process', () =>
      isLate
        ? takeUp(house, there, call).finally(() => waiting.delete(callId))
        : inTurn(house, call, () => {
            waiting.delete(callId)
            return carryLeft(house, line, call)
          }),
    )
  }
}

export async function takeEverywhere(house: House): Promise<void> {
  const here = linesHere(house).map(line => line.name)
  if (here.length === 0) return
  const left = 'select distinct tenant_id from voice.forwarded where line = any($1)'
  for (const tenantId of await tenantsWhere(house.control, 'orders that were left', left, [here])) await takeForwarded(house, tenantId)
}

/** Hears of what other processes leave; every second it looks by itself, in case it did not hear. */
export function startTaking(house: House): { stop: () => Promise<void> } {
  let ears: PoolClient | null = null
  const deaf = () => {
    ears?.release(true)
    ears = null
  }
  const listen = async () => {
    const client = await house.control.connect()
    client.on('error', () => client === ears && deaf())
    client.on('notification', () => loop.wake())
    try {
      await client.query(`listen ${forwardedChannel}`)
    } catch (error) {
      client.release(true)
      throw error
    }
    ears = client
  }
  const loop = startLoop(house, 'orders of other processes could not be looked for', async () => {
    if (ears === null) await listen()
    await takeEverywhere(house)
    return restMs
  })
  return {
    stop: async () => {
      await loop.stop()
      deaf()
    },
  }
}
