import type { CallAt, Order } from '#domains/voice/ports.ts'
import type { Ari } from './ari.ts'
import { AriRefusal, unless } from './ari.ts'
import { reasonOf } from './causes.ts'
import { found, type Held, type Legs, nameOf, writeName } from './legs.ts'
import { Bridge, Channel, RtpStatistics } from './models.ts'
import { qualityOf } from './quality.ts'
import type { Recordings, Snoop } from './recordings.ts'
import type { Setup, TrunkSetup } from './setup.ts'
import { variable } from './setup.ts'

type Around = {
  ari: Ari
  app: string
  legs: Legs
  recordings: Recordings
  sounds: Setup['sounds']
  snoop: Snoop
  trunk: (tenantId: string, id: string | null) => TrunkSetup | null
  log: Setup['log']
}
type Of<D extends Order['do']> = Extract<Order, { do: D }>

/** Not there, not in the application (any more), or just leaving. */
const missing = unless(404, 409, 412, 422)
/** A play that just begins or ends cannot be stopped; either way it is told when it is over. */
const ending = unless(404, 409, 500)
/** An hour of the shortest piece; after its end it begins anew. */
const rounds = 60
/** The music of a leg goes by so many names in turn: whoever finds it running, and did not begin it, can end it. */
const tunes = 4
const tuneOf = (leg: string, n: number) => `music-${leg}-${n % tunes}`

const pairOf = (channels: readonly string[]) => channels.toSorted().join()

/** Sentences of the house in words of Asterisk. */
export function newOrders({ ari, app, legs, recordings, sounds, snoop, trunk, log }: Around) {
  const listeners = new Map<string, { ear: string; room: string }>()
  /** Of calls that are joined, made here. */
  const rooms = new Set<string>()
  /** Who talked with whom last in a room of two. */
  const pairs = new Map<string, string>()
  let ears = 0

  /** Known here, or a channel that another process of ours made. */
  async function find(leg: string): Promise<Held | null> {
    const known = legs.byLeg.get(leg)
    if (known) return known
    const channel = Channel.nullable().parse(await ari.ask('GET', `channels/${leg}`).catch(unless(404)))
    const named = channel && nameOf(channel)
    return channel && named ? legs.add({ ...named, ...found, channel: channel.id, up: channel.state === 'Up' }) : null
  }

  async function quiet(held: Held): Promise<void> {
    const { music } = held
    held.music = null
    if (music?.kind === 'play') await endMusic(held, music.id)
    if (music?.kind === 'unknown') for (let n = 0; n < tunes; n++) await endMusic(held, tuneOf(held.leg, n))
    if (music?.kind === 'moh' || music?.kind === 'unknown') await ari.ask('DELETE', `channels/${held.channel}/moh`).catch(missing)
  }
  const endMusic = async (held: Held, id: string) => {
    // Its end is told later, when another may have its name.
    held.hushed.add(id)
    await ari.ask('DELETE', `playbacks/${id}`).catch(error => {
      if (error instanceof AriRefusal && error.status === 404) held.hushed.delete(id)
      return ending(error)
    })
  }

  const isPlaying = async (id: string) => (await ari.ask('GET', `playbacks/${id}`).catch(unless(404))) !== null
  /** Asterisk plays two of one name, and ends one of them. */
  const begin = (held: Held, id: string, media: readonly string[]) =>
    ari.unlessDone(() => isPlaying(id), `channels/${held.channel}/play/${id}`, { media })
  const playMusic = (held: Held, id: string, media: readonly string[]) =>
    // A tone goes on by itself; of several the end of one would be the beginning of the next.
    begin(held, id, media.some(each => each.startsWith('tone:')) ? media : Array.from({ length: rounds }, () => media).flat())

  async function music(held: Held, what: Of<'music'>['music']): Promise<void> {
    const media = what === null ? [] : what === 'ring' ? ['tone:ring'] : await sounds.music(held, what)
    const { music: now } = held
    // What is heard already goes on.
    const goesOn = now?.kind === 'play' ? media?.join() === now.media.join() : now?.kind === 'moh' && media === null
    if (what !== null && goesOn) return
    await quiet(held)
    if (what === null) return
    if (media === null) {
      held.music = { kind: 'moh' }
      await ari.ask('POST', `channels/${held.channel}/moh`).catch(missing)
      return
    }
    const id = tuneOf(held.leg, held.tunes++)
    held.music = { kind: 'play', id, media }
    await playMusic(held, id, media).catch(missing)
  }

  async function dial(call: CallAt, order: Of<'dial'>): Promise<void> {
    const { leg, to, caller } = order
    if (legs.byLeg.has(leg)) return
    const way = to.kind === 'number' ? trunk(call.tenantId, to.trunkId) : null
    const agentId = to.kind === 'agent' ? to.agentId : null
    const held = legs.add({ ...call, leg, channel: leg, agentId, trunkId: way?.id ?? null })
    const gone = async (cause: 'unreachable' | 'limit') => {
      legs.drop(held)
      await legs.tell(held, { kind: 'gone', cause, code: null, quality: null })
    }
    const busy = [...legs.byLeg.values()].filter(l => way && l.trunkId === way.id).length
    if (way && busy > way.most) return gone('limit')
    // Its trunk is not ours any more: no call goes out by another way than was meant.
    if (to.kind === 'number' && to.trunkId !== null && !way) return gone('unreachable')
    const endpoint = to.kind === 'agent' ? `PJSIP/${to.agentId}` : `PJSIP/${to.number}@${way ? `trunk-${way.id}` : 'trunk'}`
    const shown = to.kind === 'number' ? to.shown : caller.number
    try {
      await ari.ask(
        'POST',
        'channels',
        {
          endpoint,
          app,
          appArgs: 'out',
          channelId: leg,
          timeout: Math.max(1, Math.ceil(order.ringSeconds)),
          callerId: `"${caller.name.replace(/["<>\\\p{C}]/gu, '')}" <${shown.replace(/[^0-9+*#]/g, '')}>`,
          formats: to.kind === 'agent' ? 'opus,alaw,ulaw' : 'alaw,ulaw',
        },
        {
          variables: {
            [variable]: writeName(held),
            ...(to.kind === 'agent'
              ? { 'PJSIP_HEADER(add,X-Leg)': leg, ...(order.atOnce ? { 'PJSIP_HEADER(add,X-At-Once)': '1' } : {}) }
              : {}),
          },
        },
      )
    } catch (error) {
      // Carried twice: it rings already.
      if (error instanceof AriRefusal && error.status === 409) return
      log.info({ endpoint, why: String(error) }, 'a phone could not be rung')
      if (legs.byLeg.get(leg) === held) await gone('unreachable')
    }
  }

  async function play(held: Held, order: Of<'play'>): Promise<void> {
    await quiet(held)
    // Carried twice: whoever hears it still is not disturbed.
    const isTwice = held.playing === order.play || held.playing === undefined
    if (isTwice && (await isPlaying(order.play))) return
    held.playing = order.play
    const media = await sounds.prompts(held, order.prompts, order.language)
    if (media.length === 0) return void (await legs.tell(held, { kind: 'played', play: order.play, heard: true }))
    await begin(held, order.play, media)
  }

  async function join(call: CallAt, wanted: readonly string[]): Promise<void> {
    const room = call.callId
    if (wanted.length === 0) return emptyRoom(room)
    const members = (await Promise.all(wanted.map(find))).filter(held => held !== null)
    const inside = await openRoom(room)
    const wantedIn = members.map(held => held.channel)
    const pair = wantedIn.length === 2 ? pairOf(wantedIn) : null
    // Whoever stays and hears another from now on leaves too, and comes anew: Asterisk (with the Opus of Debian) counts the packets that it recodes for somebody,
    // and lets those of the new one pass only when their number has become higher than that of the last one before. That is silence for minutes, or none, by chance.
    const isOther = pair !== null && pair !== (pairs.get(room) ?? pairOf(inside))
    if (pair !== null) pairs.set(room, pair)
    // Who of three talked first, before this process was there, nobody knows: two who stay of them come anew.
    else if (!pairs.has(room)) pairs.set(room, pairOf(wantedIn))
    const stays = isOther ? [] : inside.filter(channel => wantedIn.includes(channel))
    const leaving = inside.filter(channel => !stays.includes(channel))
    await seat('removeChannel', room, leaving)
    await Promise.all(members.map(quiet))
    // Whoever goes from one room to another has left the one before coming into the other: both at once is heard by nobody now and then.
    await Promise.all(members.map(held => endListening(held.leg)))
    await seat(
      'addChannel',
      room,
      wantedIn.filter(channel => !stays.includes(channel)),
    )
  }

  /** All at once; one that has just gone keeps the others from nothing. */
  async function seat(act: 'addChannel' | 'removeChannel', room: string, channels: readonly string[]): Promise<void> {
    const ask = (channel: string) => ari.ask('POST', `bridges/${room}/${act}`, { channel })
    if (channels.length > 0)
      await ask(channels.join()).catch(error => {
        missing(error)
        return Promise.all(channels.map(each => ask(each).catch(missing)))
      })
  }

  /** Who is in it already. A room that we did not make may have been made by another process of ours. */
  async function openRoom(room: string): Promise<readonly string[]> {
    const look = () => ari.ask('GET', `bridges/${room}`)
    const known = rooms.has(room) ? await look().catch(unless(404)) : null
    if (known) return Bridge.parse(known).channels
    rooms.add(room)
    const made = await ari.ask('POST', `bridges/${room}`, { type: 'mixing,dtmf_events' }).catch(unless(409, 500))
    return Bridge.parse(made ?? (await look())).channels
  }

  /**
   * Taken out one by one, which is over when it is answered. A room that is closed lets them go a moment after the answer, and music that is begun in that moment
   * is begun to be heard by nobody.
   */
  async function emptyRoom(room: string): Promise<void> {
    const there = await ari.ask('GET', `bridges/${room}`).catch(unless(404))
    pairs.delete(room)
    if (there === null) return
    rooms.add(room)
    await seat('removeChannel', room, Bridge.parse(there).channels)
  }

  async function endListening(leg: string): Promise<void> {
    const listening = listeners.get(leg)
    if (!listening) return
    listeners.delete(leg)
    const leader = legs.byLeg.get(leg)
    if (leader) await ari.ask('POST', `bridges/${listening.room}/removeChannel`, { channel: leader.channel }).catch(missing)
    await ari.ask('DELETE', `channels/${listening.ear}`).catch(missing)
    await ari.ask('DELETE', `bridges/${listening.room}`).catch(missing)
  }

  async function attend(leader: Held, order: Of<'attend'>): Promise<void> {
    const agent = await find(order.agent)
    if (!agent) return
    const ear = `ear-${leader.leg}-${++ears}`
    const room = `attend-${leader.leg}-${ears}`
    await quiet(leader)
    await snoop(ear, agent.channel, { spy: 'both', whisper: order.whisper ? 'out' : 'none' })
    await ari.ask('POST', `bridges/${room}`, { type: 'mixing' })
    await endListening(leader.leg)
    await ari.ask('POST', `bridges/${room}/addChannel`, { channel: `${ear},${leader.channel}` })
    listeners.set(leader.leg, { ear, room })
  }

  /** Asked while there still is a channel to ask. */
  async function measure(held: Held) {
    const counted = await ari.ask('GET', `channels/${held.channel}/rtp_statistics`).catch(() => null)
    const read = RtpStatistics.safeParse(counted)
    return read.success ? qualityOf(read.data) : null
  }

  async function hangUp(held: Held, order: Of<'hangUp'>): Promise<void> {
    held.cause ??= order.cause
    if (held.up) held.quality ??= measure(held)
    await held.quality
    await ari.ask('DELETE', `channels/${held.channel}`, { reason_code: reasonOf(order.cause) })
  }

  /** A failed one is told as what became of it. */
  async function one(call: CallAt, order: Order): Promise<void> {
    if (order.do === 'join') return join(call, order.legs)
    if (order.do === 'dial') return dial(call, order)
    if (order.do === 'pause') return recordings.pause(order.recording, order.paused)
    if (order.do === 'keep') return recordings.keep(call, order.recording)
    const held = await find(order.leg)
    try {
      if (!held) throw new AriRefusal(404, 'no such leg')
      if (order.do === 'answer') await ari.ask('POST', `channels/${held.channel}/answer`)
      else if (order.do === 'play') await play(held, order)
      else if (order.do === 'hush') {
        held.hushed.add(order.play)
        await ari.ask('DELETE', `playbacks/${order.play}`).catch(ending)
      } else if (order.do === 'music') await music(held, order.music)
      else if (order.do === 'record') await recordings.begin(held, order.recording, order.kind)
      else if (order.do === 'attend') await attend(held, order)
      else if (order.do === 'digits') await ari.once(`channels/${held.channel}/dtmf`, { dtmf: order.digits, duration: 120, between: 80 })
      else await hangUp(held, order)
    } catch (error) {
      if (!(error instanceof AriRefusal) || ![404, 409, 412].includes(error.status))
        log.warn({ err: error, order: order.do }, 'an order failed')
      const tell = (said: Parameters<Legs['say']>[2]) => (held ? legs.tell(held, said) : legs.say(call, order.leg, said))
      if (order.do === 'play') await tell({ kind: 'played', play: order.play, heard: false })
      else if (order.do === 'record') await tell({ kind: 'recorded', recording: order.recording, seconds: 0, failed: true })
      else if (error instanceof AriRefusal && error.status === 404 && (order.do === 'answer' || order.do === 'hangUp')) {
        if (held) legs.drop(held)
        await tell({ kind: 'gone', cause: held?.cause ?? (order.do === 'hangUp' ? order.cause : 'lost'), code: null, quality: null })
      }
    }
  }

  return {
    one,
    measure,
    endListening,
    /** After a reconnect: the ear of a leader. */
    adopt: (ear: string): void => {
      const [, leg, n] = /^ear-(.+)-(\d+)$/.exec(ear) ?? []
      if (leg === undefined) return
      listeners.set(leg, { ear, room: `attend-${leg}-${n}` })
      ears = Math.max(ears, Number(n))
    },
    /** The last leg of a call is gone. A room stays at the node when everybody has left it. */
    ended: async (callId: string): Promise<void> => {
      pairs.delete(callId)
      if (rooms.delete(callId)) await ari.ask('DELETE', `bridges/${callId}`).catch(missing)
    },
    /** Music that came to its end begins anew. */
    again: async (held: Held, playback: string): Promise<void> => {
      if (held.hushed.delete(playback)) return
      if (held.music?.kind === 'play' && held.music.id === playback) await playMusic(held, playback, held.music.media).catch(missing)
    },
  }
}
