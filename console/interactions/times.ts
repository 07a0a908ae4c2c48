import type { Interaction } from '#contract/interactions.ts'
import { durationText } from '../insight/periods.ts'

const between = (from: Date | null, to: Date | null) => (from && to ? durationText((to.getTime() - from.getTime()) / 1000) : '')
/** How long they talked, once it is over. */
export const lengthOf = (i: Pick<Interaction, 'answeredAt' | 'endedAt'>): string => between(i.answeredAt, i.endedAt)
/** How long the customer waited, until somebody answered or they went. */
export const waitOf = (i: Pick<Interaction, 'queuedAt' | 'answeredAt' | 'endedAt'>): string =>
  between(i.queuedAt, i.answeredAt ?? i.endedAt)
