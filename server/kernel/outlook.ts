import type { Ctx } from './work.ts'

export type Touch = {
  id: string
  channel: string
  inward: boolean
  /** Given up while waiting, or a message was left, and nobody answered. */
  unanswered: boolean
  at: Date
  answeredAt: Date | null
  rating: number | null
}
export type Matter = { id: string; title: string; open: boolean; late: boolean; dueAt: Date | null; complaint: boolean; openedAt: Date }
/** What domains know of how it stands with a customer: the last contacts, newest first, and tickets that are open or lately were. */
export type Known = { touches: Touch[]; matters: Matter[] }

/** Says what the actor may read of it; nothing where they may read none. */
export type OutlookGiver = (ctx: Ctx, customerIds: readonly string[]) => Promise<Partial<Known>>

const givers: OutlookGiver[] = []

export function registerOutlooks(given: readonly OutlookGiver[]): void {
  givers.splice(0, givers.length, ...given)
}

export const knownOf = async (ctx: Ctx, customerIds: readonly string[]): Promise<Partial<Known>> =>
  Object.assign({}, ...(await Promise.all(givers.map(give => give(ctx, customerIds)))))
