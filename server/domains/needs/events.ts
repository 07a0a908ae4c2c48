import * as z from 'zod'
import { NeedState } from '#contract/needs.ts'
import { event } from '#kernel/events.ts'

const may = 'need:read'
export const needCaptured = event('need.captured', z.object({}), may)
/** One more said it; their words stand in the personal values. */
export const needVoiced = event('need.voiced', z.object({ voices: z.int() }), may)
const Given = z.string().nullable().optional()
/** Whose it is from now on, where that changed. */
export const needChanged = event('need.changed', z.object({ fields: z.array(z.string()), departmentId: Given, ownerId: Given }), may)
export const needMoved = event('need.moved', z.object({ from: NeedState, to: NeedState }), may)
export const needAnswered = event('need.answered', z.object({ state: NeedState, tell: z.boolean() }), may)
/** Told of both. */
const both = z.object({ fromId: z.string(), intoId: z.string() })
export const needMerged = event('need.merged', both, may)
export const needParted = event('need.parted', both, may)
/** The next of those who said it are to be told; about the need. */
export const needTellingDue = event('need.telling_due', z.object({}), may)
/** One customer was told what became of what they said: by a message, by a person, or in vain. */
export const needTold = event('need.told', z.object({ state: NeedState, way: z.enum(['message', 'person', 'none']) }), may)
