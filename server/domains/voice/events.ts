import * as z from 'zod'
import { CallPurpose } from '#contract/consent.ts'
import { Cause, LegParty, RecordingReason } from '#contract/voice.ts'
import { Difference } from '#kernel/difference.ts'
import { audited, event } from '#kernel/events.ts'

const seenBy = 'voice:read'
const who = z.object({ agentId: z.uuid().nullable() })

export const callArrived = event('call.arrived', z.object({ line: z.string(), numberId: z.uuid().nullable() }), seenBy)
export const callPlaced = event('call.placed', z.object({ line: z.string(), agentId: z.uuid(), purpose: CallPurpose.optional() }), seenBy)
/** The agent says who it is. */
export const callIdentified = event('call.identified', z.object({ customerId: z.uuid() }), seenBy)
export const callTalking = event('call.talking', who.extend({ queueId: z.uuid().nullable() }), seenBy)
export const callEnded = event(
  'call.ended',
  who.extend({ cause: Cause, seconds: z.int(), /** Left out: perhaps. */ recorded: z.boolean().optional() }),
  seenBy,
)
export const callTransferred = event(
  'call.transferred',
  z.object({ fromAgentId: z.uuid(), toAgentId: z.uuid().nullable(), toQueueId: z.uuid().nullable() }),
  seenBy,
)
/** The phone of somebody broke off in the middle of a call. */
export const callLost = event('call.lost', z.object({ party: LegParty, agentId: z.uuid().nullable() }), seenBy)
/** The agent was not there any more, or not yet: whoever calls waits again, first of all. */
export const callGivenBack = event('call.given_back', z.object({ agentId: z.uuid() }), seenBy)
/** What else was done with a running call, by whoever had it. */
export const callTurned = event(
  'call.turned',
  z.object({ what: z.enum(['held', 'resumed', 'consulted', 'joined', 'mended', 'left_attending']), by: z.uuid().nullable() }),
  seenBy,
)
export const callbackAsked = event('call.callback_asked', z.object({ queueId: z.uuid() }), seenBy)
export const voicemailLeft = event('voicemail.left', z.object({ queueId: z.uuid(), recordingId: z.uuid() }), seenBy)
/** By key, after the talk. */
export const callRated = event('call.rated', z.object({ score: z.int(), agentId: z.uuid(), queueId: z.uuid().nullable() }), seenBy)
export const callAttended = audited(
  'call.attended',
  z.object({ mode: z.enum(['listen', 'whisper', 'barge', 'takeover']), agentId: z.uuid() }),
  'voice:supervise',
)
export const recordingKept = event('recording.kept', z.object({ callId: z.uuid(), seconds: z.int() }), seenBy)
export const recordingHeard = audited('recording.heard', z.object({ callId: z.uuid() }), 'voice:listen')
export const recordingFailed = event('recording.failed', z.object({ callId: z.uuid(), reason: RecordingReason }), seenBy)
export const recordingRemoved = event('recording.removed', z.object({ callId: z.uuid() }), seenBy)
/** A sound that was said to be running is held: a card number is being said. */
export const recordingPaused = event('recording.paused', z.object({ callId: z.uuid(), paused: z.boolean() }), seenBy)
export const recordingKeeping = audited(
  'recording.keeping',
  z.object({ callId: z.uuid(), until: z.iso.datetime().nullable() }),
  'voice:configure',
)
/** Time to fetch its sound from the switch, for the nth time. */
export const recordingDue = event('recording.due', z.object({ tries: z.int() }), seenBy)
/** More recordings are to go than one night's turn takes. */
export const recordingsOver = event('recording.over', z.object({}), seenBy)
export const flowChanged = audited(
  'flow.changed',
  z.object({ name: z.string(), act: z.enum(['added', 'changed', 'renamed', 'retired', 'restored']) }),
  'voice:configure',
)
/** Whom words without a file are sent to, or when that ended; the key is nobody's business. */
export const speechChanged = audited('speech.changed', z.object({ changes: Difference }), 'voice:configure')
export const flowPublished = audited('flow.published', z.object({ version: z.int() }), 'voice:configure')

export const queueVoiceChanged = audited('queue.voice_changed', z.object({ changes: Difference }), 'voice:configure')
