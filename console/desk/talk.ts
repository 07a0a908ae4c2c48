import { type Conversation, conversations } from '#contract/messaging.ts'
import { type MyCall, softphone } from '#contract/voice.ts'
import { useAct } from '../kit/data.ts'
import { keep } from '../messaging/inbox.ts'
import { keepCall } from '../voice/phone.ts'

/** What the side of the desk needs to know of whoever is served, written or spoken with. */
export type Talk = {
  kind: 'conversation' | 'call'
  id: string
  interactionId: string | null
  customerId: string | null
  customerName: string
  knownBy: Conversation['knownBy']
  agentId: string | null
  over: boolean
}

export const talkOf = (c: Conversation): Talk => ({
  kind: 'conversation',
  id: c.id,
  interactionId: c.interactionId,
  customerId: c.customerId,
  customerName: c.customerName,
  knownBy: c.knownBy,
  agentId: c.agentId,
  over: c.state === 'done',
})
export const talkOfCall = (call: MyCall): Talk => ({
  kind: 'call',
  id: call.id,
  interactionId: call.interactionId,
  customerId: call.customerId,
  customerName: call.customerName,
  knownBy: null,
  agentId: call.agentId,
  over: false,
})

/** The agent says who it is. */
export function useIdentify({ kind, id }: Talk): { identify: (customerId: string) => Promise<unknown>; acting: boolean } {
  const also = ['interactions', 'customers']
  const written = useAct(conversations.identify, { done: keep, also })
  const spoken = useAct(softphone.identify, { done: keepCall, also })
  const input = (customerId: string) => ({ id, body: { customerId } })
  return {
    identify: customerId => (kind === 'call' ? spoken.act(input(customerId)) : written.act(input(customerId))),
    acting: written.acting || spoken.acting,
  }
}
