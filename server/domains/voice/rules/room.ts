import { customerOf, holdMusic, isUp, music, type StageAt, type Turn } from './turn.ts'

/** Who hears whom follows from who is held, asked or on the line as a leader. */
export function arrange(turn: Turn, stage: StageAt<'talking'>): undefined {
  if (!customerOf(turn.call)) return
  const legs = roomOf(turn, stage)
  turn.orders.push({ do: 'join', legs: legs.length > 1 ? legs : [] })
  // Whoever is alone again hears whom they asked still being rung.
  if (legs.length < 2 && stage.other && !isUp(turn.call, stage.other.leg)) music(turn, stage.leg, 'ring')
}
export function roomOf(turn: Turn, { leg, other, leader }: StageAt<'talking'>): string[] {
  const customer = customerOf(turn.call)
  if (!customer) return []
  const asked = other && (other.together || customer.held) ? [other.leg] : []
  const room = [...(customer.held ? [] : [customer.id]), leg, ...asked, ...(leader?.mode === 'barge' ? [leader.leg] : [])]
  return room.filter(l => isUp(turn.call, l))
}

/** The customer hears music; whoever was asked meanwhile does when the customer is back. */
export function hold(turn: Turn, stage: StageAt<'talking'>, held: boolean): undefined {
  const customer = customerOf(turn.call)
  if (!customer || customer.held === held) return
  customer.held = held
  turn.acts.push({ act: 'said', what: held ? 'held' : 'resumed', by: stage.agentId, to: null })
  arrange(turn, stage)
  const { other } = stage
  if (held) music(turn, customer.id, holdMusic(turn, stage.queueId))
  else if (other && !other.together && isUp(turn.call, other.leg)) music(turn, other.leg, 'own')
}
