import type { LiveLeg } from '../ports.ts'
import type { Call, Input, Leg } from './call.ts'
import { silentSwitchSeconds } from './connecting.ts'
import { arrange, roomOf } from './room.ts'
import { customerOf, holdMusic, isUp, music, ring, type StageAt, sayPlay, set, type Turn } from './turn.ts'

/** What a call missed of its legs while nobody listened. `open`: those it had before it was asked which live. */
export function missedBy(
  call: Call,
  open: ReadonlySet<string>,
  live: readonly Pick<LiveLeg, 'leg' | 'up'>[],
  switchForgot: boolean,
  at: Date,
): Input[] {
  const alive = new Map(live.map(leg => [leg.leg, leg]))
  return (
    call.legs
      .filter(leg => leg.state !== 'gone' && open.has(leg.id))
      // Without the customer nobody else need be missed.
      .toSorted((a, b) => Number(b.party === 'customer') - Number(a.party === 'customer'))
      .flatMap((leg): Input[] => {
        const there = alive.get(leg.id)
        if (there) return there.up && leg.state !== 'up' ? [{ from: 'switch', kind: 'answered', leg: leg.id, at }] : []
        if (switchForgot) return [{ from: 'house', kind: 'vanished', leg: leg.id, cause: 'switch_down' }]
        // That it is to be rung may have been lost with us; it is said again.
        if (leg.state === 'dialling') return []
        return [{ from: 'house', kind: 'vanished', leg: leg.id, cause: causeOf(leg) }]
      })
  )
}

/** Whoever called, or talked with us, hung up; whoever we rang did not answer; our own phones do not end without a word. */
const causeOf = ({ party, state, rung }: Leg) => (party !== 'customer' ? 'lost' : rung && state !== 'up' ? 'no_answer' : 'normal')

/** Everything that must be so at the switch: what is so there already changes nothing. */
export function sayAgain(turn: Turn): undefined {
  const { call, orders } = turn
  const { stage, flow, recording } = call
  if (stage.at === 'over') return
  const customer = customerOf(call)
  if (customer?.state === 'ringing' && !customer.rung) orders.push({ do: 'answer', leg: customer.id })
  for (const leg of call.legs) if (leg.state === 'dialling') ringAgain(turn, leg)
  if (customer && flow.hushed !== null) orders.push({ do: 'hush', leg: customer.id, play: flow.hushed })
  if (stage.at === 'talking') talkAgain(turn, stage)
  else orders.push({ do: 'join', legs: [] })
  // Whoever called out hears it ring.
  if (stage.at === 'connecting' && customer?.state !== 'up') music(turn, stage.leg, 'ring')
  if (!customer) return
  if (flow.play !== null) sayPlay(turn, customer, flow.play)
  else if (stage.at !== 'talking') music(turn, customer.id, heardMeanwhile(turn))
  if (!recording) return
  orders.push(
    { do: 'record', recording: recording.id, leg: customer.id, kind: stage.at === 'voicemail' ? 'voicemail' : 'talk' },
    { do: 'pause', recording: recording.id, paused: recording.state === 'paused' },
  )
}

function ringAgain(turn: Turn, leg: Leg): undefined {
  ring(turn, leg)
  if (leg.rung && leg.party !== 'leader') set(turn, 'ring', leg.rung.ringSeconds + silentSwitchSeconds)
}

function heardMeanwhile(turn: Turn): string | null {
  const { stage } = turn.call
  if (stage.at === 'connecting' && stage.agentId === null) return 'ring'
  return stage.at === 'waiting' || stage.at === 'connecting' || stage.at === 'mending' ? holdMusic(turn, stage.queueId) : null
}

function talkAgain(turn: Turn, stage: StageAt<'talking'>): undefined {
  const { call, orders } = turn
  const { leg, other, leader, queueId } = stage
  const customer = customerOf(call)
  const room = roomOf(turn, stage)
  const alone = (id: string) => room.length < 2 || !room.includes(id)
  arrange(turn, stage)
  if (customer && alone(customer.id) && call.flow.play === null) music(turn, customer.id, customer.held ? holdMusic(turn, queueId) : null)
  if (alone(leg) && (!other || isUp(call, other.leg))) music(turn, leg, null)
  if (other && alone(other.leg)) music(turn, other.leg, other.together || customer?.held ? null : 'own')
  if (leader && isUp(call, leader.leg) && leader.mode !== 'barge')
    orders.push({ do: 'attend', leg: leader.leg, agent: leg, whisper: leader.mode === 'whisper' })
}
