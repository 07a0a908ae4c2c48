import type { CallAt, Ears, Order } from '#domains/voice/ports.ts'
import type { Ari } from './ari.ts'
import { unless } from './ari.ts'
import { causeOf } from './causes.ts'
import { found, type Held, heardBy, type Legs, nameOf, readName, trunkOf, writeName } from './legs.ts'
import { type AriEvent, type Channel, Channels, Variable } from './models.ts'
import type { newOrders } from './orders.ts'
import { countsVariable, qualityOf, readCounts } from './quality.ts'
import type { Recordings } from './recordings.ts'
import type { Setup } from './setup.ts'
import { variable } from './setup.ts'

type Around = {
  ari: Ari
  app: string
  name: string
  legs: Legs
  recordings: Recordings
  orders: ReturnType<typeof newOrders>
  entered: (channel: string) => void
  trunkNamed: (id: string) => { id: string; tenantId: string } | undefined
  ears: () => Ears | undefined
  log: Setup['log']
}

export type Hearing = ReturnType<typeof newHearing>
/** What the node tells, as signals; and orders, which wait for a call that has no name yet. */
export function newHearing({ ari, app, name, legs, recordings, orders, entered, trunkNamed, ears, log }: Around) {
  /** By call: its orders one after the other. */
  const turns = new Map<string, Promise<void>>()
  /** Calls that are being announced, and what was ordered for legs of theirs meanwhile. */
  let announcing = 0
  const arriving = new Set<string>()
  let parked: { call: CallAt; orders: readonly Order[] }[] = []

  const carry = (call: CallAt, given: readonly Order[]): Promise<void> => {
    const turn = (turns.get(call.callId) ?? Promise.resolve()).then(async () => {
      for (const order of given) await orders.one(call, order).catch(error => log.warn({ err: error, order: order.do }, 'an order failed'))
    })
    turns.set(call.callId, turn)
    void turn.then(() => turns.get(call.callId) === turn && turns.delete(call.callId))
    return turn
  }
  const isKnown = (call: CallAt) => [...legs.byLeg.values()].some(l => l.callId === call.callId)

  async function arrive(channel: Channel, called: string, at: Date): Promise<void> {
    if (arriving.has(channel.id) || legs.byChannel.has(channel.id)) return
    arriving.add(channel.id)
    const trunkId = trunkOf(channel)
    const trunk = trunkId && trunkNamed(trunkId)
    announcing++
    try {
      const named = await ears()?.arrived({
        line: name,
        caller: channel.caller.number,
        called,
        at,
        ...(trunk ? { trunk } : {}),
      })
      if (!named) return void (await ari.ask('DELETE', `channels/${channel.id}`, { reason_code: 1 }).catch(unless(404)))
      const held = legs.add({ ...named, channel: channel.id, inbound: true, trunkId })
      const [written] = await Promise.all([
        ari
          .ask('POST', `channels/${channel.id}/variable`, { variable, value: writeName(held) })
          .then(() => true)
          .catch(unless(404, 409)),
        follow(channel),
      ])
      if (written === null && legs.byLeg.has(held.leg)) {
        legs.drop(held)
        await legs.tell(held, { kind: 'gone', cause: 'abandoned', code: null, quality: null })
      } else if (channel.state === 'Up' && !held.up) {
        // Answered before it came to us: that is not told again.
        held.up = true
        await legs.tell(held, { kind: 'answered', at })
      }
    } catch (error) {
      log.error({ err: error }, 'a call could not be taken')
      await ari.ask('DELETE', `channels/${channel.id}`, { reason_code: 41 }).catch(unless(404))
    } finally {
      arriving.delete(channel.id)
      announcing--
      const [mine, others] = [
        parked.filter(p => announcing === 0 || isKnown(p.call)),
        parked.filter(p => announcing > 0 && !isKnown(p.call)),
      ]
      parked = others
      for (const { call, orders } of mine) void carry(call, orders)
    }
  }

  /** Channels of endpoints are followed with them; of others, beyond the application, nothing is told unless it is asked for. */
  const follow = async ({ id, name }: Pick<Channel, 'id' | 'name'>) => {
    if (!name.startsWith('PJSIP/'))
      await ari.ask('POST', `applications/${app}/subscription`, { eventSource: `channel:${id}` }).catch(unless(404, 422))
  }

  async function start({ channel, args, timestamp }: Extract<AriEvent, { type: 'StasisStart' }>): Promise<void> {
    if (args[0] === 'snoop') return entered(channel.id)
    if (args[0] === 'inbound') return arrive(channel, args[1] || calledIn(channel), when(timestamp))
    const held = legs.byChannel.get(channel.id)
    if (!held) return void (await ari.ask('DELETE', `channels/${channel.id}`).catch(unless(404)))
    if (held.up) return
    held.up = true
    await legs.tell(held, { kind: 'answered', at: when(timestamp) })
  }

  async function gone(held: Held, reason: number, answer: number, at: Date): Promise<void> {
    legs.drop(held)
    await orders.endListening(held.leg)
    if (!isKnown(held)) await orders.ended(held.callId)
    const { cause, code } = causeOf({ up: held.up, reason, answer })
    const quality = (await held.quality) ?? null
    await legs.tell(held, { kind: 'gone', at, cause: held.lost ? 'lost' : (held.cause ?? cause), code, quality })
  }

  async function lost(agentId: string): Promise<void> {
    for (const held of [...legs.byLeg.values()].filter(l => l.agentId === agentId && l.up && !l.lost)) {
      held.lost = true
      await legs.tell(held, { kind: 'lost' })
      held.quality ??= orders.measure(held)
      await held.quality
      await ari.ask('DELETE', `channels/${held.channel}`).catch(unless(404))
    }
  }

  async function take(event: AriEvent): Promise<void> {
    if (event.type === 'StasisStart') return start(event)
    if (event.type === 'ContactStatusChange') {
      if (event.contact_info.contact_status === 'Removed') await lost(event.endpoint.resource)
      return
    }
    if (event.type === 'RecordingFinished' || event.type === 'RecordingFailed') {
      const failed = event.type === 'RecordingFailed'
      const at = failed ? null : (legs.byChannel.get(event.recording.target_uri?.replace(/^channel:/, '') ?? '') ?? null)
      return recordings.ended(event.recording.name, failed ? 0 : (event.recording.duration ?? 0), failed, at)
    }
    if (event.type === 'PlaybackFinished') {
      const { id, target_uri, state } = event.playback
      const held = legs.byChannel.get(target_uri.replace(/^channel:/, ''))
      if (held && id.startsWith('music-')) await orders.again(held, id)
      else if (held)
        await legs.tell(held, { kind: 'played', play: id, heard: state === 'done' && !held.hushed.delete(id), at: when(event.timestamp) })
      return
    }
    if (event.type === 'ApplicationReplaced') return
    const held = legs.byChannel.get(event.channel.id)
    if (!held) return
    const at = when(event.timestamp)
    if (event.type === 'ChannelDtmfReceived') await legs.tell(held, { kind: 'digit', digit: event.digit, at })
    else if (event.type === 'ChannelDestroyed') await gone(held, event.cause ?? 0, event.tech_cause ?? 0, at)
    else if (event.type === 'ChannelHangupRequest') {
      if (held.up) held.quality ??= toldWith(event.channel) ?? orders.measure(held)
    } else if (event.channel.state === 'Ringing') await legs.tell(held, { kind: 'ringing', at })
    else if (event.channel.state === 'Up' && held.inbound && !held.up) {
      held.up = true
      await legs.tell(held, { kind: 'answered', at })
    }
  }

  return {
    /** What was begun is brought to its end. */
    settle: async (): Promise<void> => void (await Promise.all(turns.values())),
    take: (event: AriEvent): void =>
      void take(event).catch(error => log.warn({ err: error, event: event.type }, 'an event was not understood')),
    inTurn: async (call: CallAt, given: readonly Order[]): Promise<void> => {
      if (announcing > 0 && !isKnown(call) && !given.every(order => order.do === 'dial')) parked.push({ call, orders: given })
      else await carry(call, given)
    },
    /** Which legs live at the node, read from what their channels carry. */
    adopt: async (): Promise<void> => {
      const channels = Channels.parse(await ari.ask('GET', 'channels'))
      const alive = new Set(channels.map(channel => channel.id))
      for (const held of [...legs.byLeg.values()]) if (!alive.has(held.channel)) legs.drop(held)
      for (const channel of channels) {
        const known = legs.byChannel.get(channel.id)
        if (known) known.up = channel.state === 'Up'
        else if (!heardBy(channel)) {
          const named = nameOf(channel) ?? (await askName(channel))
          if (!named && isOurs(channel)) void arrive(channel, calledIn(channel), new Date())
          if (named) legs.add({ ...named, ...found, channel: channel.id, up: channel.state === 'Up', trunkId: trunkOf(channel) })
        }
      }
      await Promise.all(channels.filter(channel => legs.byChannel.has(channel.id)).map(follow))
      for (const channel of channels) {
        const held = legs.byChannel.get(heardBy(channel) ?? '')
        if (held && /-(in|out)$/.test(channel.id)) recordings.adopt(held, channel.id)
        if (held) orders.adopt(channel.id)
      }
    },
  }

  /** A caller who came to a process that died before the channel had its name. */
  function isOurs({ dialplan }: Channel): boolean {
    return dialplan?.app_name === 'Stasis' && dialplan.app_data?.startsWith(`${app},inbound`) === true
  }

  /** An Asterisk whose ari.conf does not tell the variable along. */
  async function askName(channel: Channel) {
    const answer = Variable.nullable().parse(
      await ari.ask('GET', `channels/${channel.id}/variable`, { variable }).catch(unless(400, 404, 409)),
    )
    return readName(answer?.value)
  }
}

/** How well a channel was heard that the other side has just left. */
function toldWith({ channelvars }: Channel) {
  const counts = readCounts(channelvars?.[countsVariable])
  return counts && Promise.resolve(qualityOf(counts))
}

/** `Stasis(huiyin,inbound,95000)` */
const calledIn = ({ dialplan }: Channel) => dialplan?.app_data?.split(',')[2] || dialplan?.exten || ''

const when = (timestamp: string | undefined) => (timestamp === undefined ? new Date() : new Date(timestamp))
