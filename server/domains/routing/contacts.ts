import type { Channel } from '#contract/interactions.ts'
import type { Ctx } from '#kernel/work.ts'

type Contact = { interactionId: string; agentId: string; queueId: string }

/** What a channel does when routing decides about one of its contacts; routing knows no more of a channel than this. */
export type ContactHandler = {
  channel: Channel
  /** Locks the channel's own row of the contact, before routing locks anything: whoever ends a conversation locks in that order too. */
  lock?: (ctx: Ctx, interactionId: string) => Promise<unknown>
  /** An agent took it; in the transaction of the taking. The interaction is marked answered already. */
  accepted: (ctx: Ctx, contact: Contact) => Promise<unknown>
  /** A hand-over to one agent was refused, missed or not answered in time; it stays with whoever holds it. */
  expired?: (ctx: Ctx, contact: Contact & { why: 'declined' | 'missed' | 'late' }) => Promise<unknown>
  overflowed?: (ctx: Ctx, contact: { interactionId: string; fromQueueId: string; queueId: string }) => Promise<unknown>
}

const handlers = new Map<Channel, ContactHandler>()

export function registerContacts(handler: ContactHandler): void {
  handlers.set(handler.channel, handler)
}

export const handlerOf = (channel: Channel): ContactHandler | undefined => handlers.get(channel)
