import type { LineState } from '#contract/voiceSettings.ts'
import type { CallAt, Ears, Order, Switch } from '#domains/voice/ports.ts'
import { openAri, unless } from './ari.ts'
import { connect } from './connection.ts'
import { newHearing } from './hearing.ts'
import { newLegs, readLegs } from './legs.ts'
import { newOrders } from './orders.ts'
import { pushAgent, pushNobody, realm } from './provisioning.ts'
import { newRecordings, type Snoop } from './recordings.ts'
import type { Setup } from './setup.ts'
import { newTrunks } from './trunks.ts'

/** A node that does not let us in keeps orders waiting no longer: they fail, and are told so. */
const lateMs = 10_000
/** A phone that was asked for so lately is just being told. */
const freshMs = 10_000

/** Phones are called like their agents; trunks and what else a node knows have names of their own. */
const isPhone = (resource: string) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(resource)

/** One Asterisk, ours or somebody else's, as a switch. */
export function asterisk(setup: Setup): Switch {
  const { name, log, sounds, app = 'huiyin' } = setup
  const ari = openAri(setup.address)
  let ears: Ears | undefined
  let owes = false
  const legs = newLegs(
    { log },
    {
      ears: () => ears,
      unheard: () => {
        owes = true
      },
    },
  )
  const waiting = new Map<string, () => void>()
  /** Makes a channel of ours, and waits until it has entered the application: a moment later, or a moment earlier than the answer. */
  const snoop = async (id: string, channel: string, how: Parameters<Snoop>[2]) => {
    let late: NodeJS.Timeout | undefined
    const there = new Promise<boolean>(resolve => {
      waiting.set(id, () => resolve(true))
      late = setTimeout(() => resolve(false), 5_000)
    })
    try {
      // There already, where the answer was lost and it was asked for again.
      const made = await ari.ask('POST', `channels/${channel}/snoop/${id}`, { ...how, app, appArgs: 'snoop' }).catch(unless(409))
      if (!(await there) && made !== null) throw new Error(`${id} did not come`)
    } finally {
      clearTimeout(late)
      waiting.delete(id)
    }
  }
  const recordings = newRecordings(ari, legs, snoop)
  const trunks = newTrunks({ ari, setup, legs })
  const orders = newOrders({ ari, app, legs, recordings, sounds, snoop, trunk: trunks.find, log })
  const entered = (id: string) => waiting.get(id)?.()
  const hearing = newHearing({ ari, app, name, legs, recordings, orders, entered, trunkNamed: trunks.named, ears: () => ears, log })
  /** Phones that were asked for here, and when first; the node forgets them when it ends. */
  const agents = new Map<string, number>()
  let phones = 0
  let looks = 0
  let standing: Pick<LineState, 'state' | 'code' | 'version'> & { since: Date } = {
    state: 'connecting',
    code: null,
    version: null,
    since: new Date(),
  }
  /** Until it is known who lives no order is carried: it would be told as failed. */
  const known = Promise.withResolvers<void>()
  const compare = async () => {
    await ears?.back(name, async () => {
      await hearing.adopt()
      known.resolve()
      return legs.live()
    })
    owes = false
  }
  const provisionAgent = (agentId: string) => pushAgent(ari, agentId, setup.phonePassword(agentId))

  const hasElsewhere = () => standing.code === 'taken_over'
  const tellPhones = async (wanted: (agentId: string, asked: number) => boolean) => {
    for (const [agentId, asked] of agents) if (wanted(agentId, asked)) await provisionAgent(agentId)
  }
  /** The node forgot them, and another process of ours never heard of them. */
  const tellMissing = (there: ReadonlySet<string>) => tellPhones((agentId, asked) => !there.has(agentId) && asked < Date.now() - freshMs)
  const open = (takes: boolean) =>
    connect({
      ...{ ari, app, log, hearing, takes },
      stands: (state, code, heard) => {
        const version = heard ?? standing.version
        if (state === standing.state && code === standing.code && version === standing.version) return
        log.info({ line: name, state, code }, 'the telephone line stands otherwise')
        standing = { state, code, version, since: new Date() }
      },
      ready: async () => {
        await pushNobody(ari)
        await trunks.push(true)
        await tellPhones(() => true)
      },
      looked: endpoints => {
        phones = endpoints.filter(e => e.state === 'online' && isPhone(e.resource)).length
        trunks.looked(endpoints)
        tellMissing(new Set(endpoints.map(e => e.resource))).catch(error =>
          log.warn({ err: error }, 'phones could not be told to the node'),
        )
        if (owes) compare().catch(error => log.warn({ err: error }, 'what lives at the node could not be compared'))
        // Another process may have changed them.
        if (++looks % 6 === 0 && takes && !hasElsewhere())
          trunks.push().catch(error => log.warn({ err: error }, 'trunks could not be told to the node'))
      },
      watched: async () => {
        if (looks % 6 === 0) await trunks.read()
        await readLegs(ari, legs)
      },
      gone: async () => {
        legs.byLeg.clear()
        legs.byChannel.clear()
        recordings.forget()
        known.resolve()
        await ears?.back(name, async () => [])
      },
      back: compare,
    })
  /** Whether it is asked how the node is at all. */
  let isOpen = false

  return {
    name,
    kind: 'asterisk',
    start: async given => {
      ears = given
      isOpen = true
      const late = setTimeout(known.resolve, lateMs)
      const connection = open(true)
      return {
        stop: async () => {
          clearTimeout(late)
          known.resolve()
          await hearing.settle()
          await connection.stop()
          ari.close()
        },
      }
    },
    watch: () => {
      isOpen = true
      const connection = open(false)
      return {
        stop: async () => {
          await connection.stop()
          ari.close()
        },
      }
    },
    elsewhere: hasElsewhere,
    carry: async (call: CallAt, given: readonly Order[]) => {
      await known.promise
      await hearing.inTurn(call, given)
    },
    look: async () => {
      await known.promise
      await hearing.adopt()
      return legs.live()
    },
    store: (_, recording, into) => recordings.wav(recording, into),
    forget: (_, recording) => recordings.remove(recording),
    state: () => ({
      name,
      kind: 'asterisk',
      ...standing,
      calls: new Set([...legs.byLeg.values()].map(l => l.callId)).size,
      phones: standing.state === 'ready' ? phones : 0,
      trunks: trunks.state(),
    }),
    phone: async ({ agentId }) => {
      // A node that comes, or that was here and comes again, is waited for by the phone itself; it is asked for once a minute only.
      if (isOpen && standing.version === null && standing.state !== 'connecting') return null
      // Begun, not awaited: whoever asks stands in a transaction, and the browser needs longer to come than the node to learn.
      if (!isOpen || !agents.has(agentId))
        provisionAgent(agentId).catch(error => {
          agents.delete(agentId)
          log.warn({ err: error, agentId }, 'a phone could not be made known to the node')
        })
      if (!agents.has(agentId)) agents.set(agentId, Date.now())
      return { url: `/api/phone/${encodeURIComponent(name)}`, user: agentId, password: setup.phonePassword(agentId), realm }
    },
    provision: async () => {
      if (standing.state === 'ready' && !hasElsewhere()) await trunks.push()
    },
  }
}
