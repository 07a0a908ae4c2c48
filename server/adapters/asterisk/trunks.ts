import type * as z from 'zod'
import type { LineState } from '#contract/voiceSettings.ts'
import { type Ari, AriRefusal } from './ari.ts'
import type { Legs } from './legs.ts'
import { Endpoints } from './models.ts'
import { pushTrunk, removeTrunk } from './provisioning.ts'
import type { Setup, TrunkSetup } from './setup.ts'

type State = LineState['trunks'][number]['state']

/** The trunks as this node knows them. */
export function newTrunks({ ari, setup, legs }: { ari: Ari; setup: Pick<Setup, 'trunks' | 'log'>; legs: Legs }) {
  let known: readonly TrunkSetup[] = []
  const states = new Map<string, State>()
  /** What the node was not told yet because it did not answer: told at the next look. */
  const leaving = new Set<string>()
  const untold = new Set<string>()
  let pushing: Promise<void> = Promise.resolve()

  async function remove(id: string): Promise<void> {
    try {
      await removeTrunk(ari, id)
      leaving.delete(id)
      states.delete(id)
    } catch (error) {
      setup.log.warn({ trunk: id, why: String(error) }, 'a trunk could not be taken from the node')
    }
  }

  async function push(trunk: TrunkSetup): Promise<void> {
    untold.delete(trunk.id)
    try {
      await pushTrunk(ari, trunk)
      if (states.get(trunk.id) === 'refused') states.set(trunk.id, 'unknown')
    } catch (error) {
      if (error instanceof AriRefusal) states.set(trunk.id, 'refused')
      else untold.add(trunk.id)
      setup.log.warn({ trunk: trunk.name, why: String(error) }, 'a trunk was refused by the node')
    }
  }

  const there = async () =>
    Endpoints.parse(await ari.ask('GET', 'endpoints/PJSIP')).flatMap(
      ({ resource }) => /^trunk-([0-9a-f]{8}-[0-9a-f-]{27})$/.exec(resource)?.[1] ?? [],
    )

  async function pushAll(anew: boolean): Promise<void> {
    const before = new Map(known.map(trunk => [trunk.id, JSON.stringify(trunk)]))
    known = await setup.trunks()
    const ids = new Set(known.map(trunk => trunk.id))
    // The node may still have those that were retired while nobody could tell it.
    for (const id of [...before.keys(), ...(anew ? await there() : [])]) leaving.add(id)
    for (const id of [...leaving]) if (ids.has(id)) leaving.delete(id)
    for (const id of leaving) await remove(id)
    for (const trunk of known) if (anew || untold.has(trunk.id) || before.get(trunk.id) !== JSON.stringify(trunk)) await push(trunk)
  }

  return {
    /** Those that changed, or all of them; one that Asterisk refuses keeps the others from nothing. One round after the other. */
    push: (anew = false): Promise<void> => {
      const round = pushing.then(() => pushAll(anew))
      pushing = round.catch(() => {})
      return round
    },
    /** For one who only looks. */
    read: async (): Promise<void> => {
      known = await setup.trunks()
    },
    looked: (endpoints: z.output<typeof Endpoints>): void => {
      for (const { id } of known) {
        if (states.get(id) === 'refused') continue
        const there = endpoints.find(e => e.resource === `trunk-${id}`)
        states.set(id, there?.state === 'online' ? 'ready' : 'unknown')
      }
    },
    find: (tenantId: string, id: string | null): TrunkSetup | null =>
      known.find(trunk => trunk.tenantId === tenantId && (id === null || trunk.id === id)) ?? null,
    named: (id: string): TrunkSetup | undefined => known.find(trunk => trunk.id === id),
    state: (): LineState['trunks'] =>
      known.map(({ id, name, most }) => ({
        id,
        name,
        most,
        state: states.get(id) ?? 'unknown',
        calls: [...legs.byLeg.values()].filter(l => l.trunkId === id).length,
      })),
  }
}
