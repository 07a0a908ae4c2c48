import type { Ctx } from './work.ts'

/** What a caller may hear of a matter of theirs, without anybody of us speaking. */
export type Progress = { number: string; stage: 'received' | 'dispatched' | 'in_work' | 'resolved' }
/** What a call may look up about whoever calls; lent by the domain that knows. */
export type CallLookup = {
  /** How the newest open matter of a caller stands. */
  progress: (ctx: Ctx, customerId: string) => Promise<Progress | null>
  /** Whose matter it is whose number's figures were keyed in. */
  whose: (ctx: Ctx, digits: string) => Promise<string | null>
}

const lookups: CallLookup[] = []

export function registerCallLookups(given: readonly CallLookup[]): void {
  lookups.splice(0, lookups.length, ...given)
}

/** The first that knows of an open matter. */
export async function progressFor(ctx: Ctx, customerId: string): Promise<Progress | null> {
  for (const { progress } of lookups) {
    const known = await progress(ctx, customerId)
    if (known) return known
  }
  return null
}

export async function whoseMatter(ctx: Ctx, digits: string): Promise<string | null> {
  for (const { whose } of lookups) {
    const customerId = await whose(ctx, digits)
    if (customerId !== null) return customerId
  }
  return null
}
