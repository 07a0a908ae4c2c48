import type { CallBack } from '#contract/routing.ts'
import { customerCard, identify, numberAsName } from '#domains/customers/index.ts'
import {
  joinCustomer,
  lockInteraction,
  markAbandoned,
  markAnswered,
  markEnded,
  markLeft,
  markUnanswered,
  markWaiting,
  moveToQueue,
} from '#domains/interactions/index.ts'
import { awaitsCallBack, enqueue, leaveQueue, reassign, release, setAside, setParts, startWrap, wrapPart } from '#domains/routing/index.ts'
import { whoseMatter } from '#kernel/callLookups.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { announce } from './announcing.ts'
import { callbackAsked, callGivenBack, callRated, voicemailLeft } from './events.ts'
import { beginRecording, pauseRecording } from './recordings/running.ts'
import { aboutCall, type CallRow } from './rows.ts'
import type { Act, Call } from './rules/call.ts'
import { partsOf } from './rules/parts.ts'

type Acting = { ctx: Ctx; row: CallRow; call: Call; interactionId: string; all: readonly Act[] }
type Acts = { [K in Act['act']]: (acting: Acting, act: Extract<Act, { act: K }>) => Promise<CallRow | void> }

/** Somebody of us was heard: from then on the contact was answered, whatever becomes of it. */
const wasHeard = ({ row }: Acting) => row.answeredAt !== null
/** Whoever hung up to be called back has not given up: that they were not reached is no abandonment. */
const isOwed = ({ call }: Acting) => Boolean(call.askedBack)
const goesOn = ({ call }: Acting) => ['waiting', 'connecting', 'talking', 'mending'].includes(call.stage.at)

const acts: Acts = {
  queue: async (acting, { queueId, ahead, agentId }) => {
    const { ctx, row, interactionId } = acting
    // Whoever took it is free of it before it waits for the next.
    if (row.agentId !== null) await release(ctx, interactionId, row.agentId)
    if (!wasHeard(acting) && row.agentId !== null) await markUnanswered(ctx, interactionId)
    const [customer, { subject }] = await Promise.all([
      row.customerId === null ? null : customerCard(ctx, row.customerId),
      wasHeard(acting) ? lockInteraction(ctx, interactionId) : waitsIn(ctx, interactionId, queueId),
    ])
    await enqueue(ctx, {
      interactionId,
      channel: 'phone',
      queueId,
      customerId: row.customerId,
      customerName: customer?.name ?? (await numberAsName(ctx, row.direction === 'in' ? row.caller : row.called)),
      tier: customer?.tier ?? null,
      subject,
      ahead,
      callBack: callBackOf(acting),
      ...(agentId === null ? {} : { onlyAgentId: agentId, onlyUntil: new Date(ctx.now.getTime() + handingSeconds * 1000) }),
    })
    // Whoever was never heard has had no part in it.
    if (!wasHeard(acting)) return { ...row, agentId: null }
  },
  leaveQueue: async ({ ctx, interactionId }) => void (await leaveQueue(ctx, interactionId)),
  wrap: async (acting, { agentId }) => {
    const { ctx, row, interactionId } = acting
    // Somebody else of us goes on with the same contact: that one wraps it up.
    if (goesOn(acting) && !talksOutside(acting.call)) return release(ctx, interactionId, agentId)
    // Of a talk that never began there is nothing to write down.
    if (row.direction === 'in' && !wasHeard(acting)) return release(ctx, interactionId, agentId)
    await markEnded(ctx, interactionId)
    await startWrap(ctx, interactionId)
  },
  release: async ({ ctx, row, interactionId, all }, { agentId, unreachable }) => {
    await release(ctx, interactionId, agentId)
    if (!unreachable) return
    await setAside(ctx, agentId, row.line)
    if (all.some(act => act.act === 'queue')) await ctx.emit(callGivenBack, aboutCall(row), { agentId })
  },
  reassign: async ({ ctx, row, interactionId, all }, { fromAgentId, agentId }) => {
    await reassign(ctx, interactionId, fromAgentId, agentId)
    // Whoever handed it over writes down their part; whoever lost it to a leader goes on at once.
    const handedOver = all.some(act => act.act === 'said' && act.what === 'transferred')
    if (handedOver) await wrapPart(ctx, { interactionId, channel: 'phone' }, fromAgentId, row.queueId)
    await markAnswered(ctx, interactionId, agentId)
    return { ...row, agentId }
  },
  rest: async ({ ctx, row, interactionId }, { agentId }) => {
    await release(ctx, interactionId, agentId)
    if (row.answeredAt === null) await markUnanswered(ctx, interactionId)
    return { ...row, agentId: null }
  },
  ended: async acting => {
    const { ctx, interactionId, row } = acting
    await leaveQueue(ctx, interactionId)
    const { state } = await lockInteraction(ctx, interactionId)
    if (state === 'left' || state === 'wrap' || state === 'done') return
    // Taken, but nobody was heard before the caller went: to the caller that is nobody.
    if (state === 'active' && row.direction === 'in' && row.agentId !== null && !wasHeard(acting)) return goesUnheard(acting)
    await markEnded(ctx, interactionId)
  },
  abandoned: async acting => {
    const { ctx, interactionId } = acting
    await leaveQueue(ctx, interactionId)
    const { queuedAt } = await lockInteraction(ctx, interactionId)
    // In the flow nobody was asked for; after a talk the contact was answered.
    if (queuedAt === null || wasHeard(acting)) await markEnded(ctx, interactionId)
    else await goesUnheard(acting)
  },
  left: async ({ ctx, row, interactionId }, { queueId, recording }) => {
    await leaveQueue(ctx, interactionId)
    await markLeft(ctx, interactionId, queueId)
    await ctx.emit(voicemailLeft, aboutCall(row), { queueId, recordingId: recording })
  },
  callback: async (acting, { queueId }) => {
    const { ctx, row, interactionId } = acting
    const callBack = callBackOf(acting)
    if (callBack) await awaitsCallBack(ctx, interactionId, callBack)
    await ctx.emit(callbackAsked, aboutCall(row), { queueId })
  },
  // Ratings of every channel are kept by the surveys; they hear of it.
  rated: async ({ ctx, row }, { score, agentId }) =>
    void (await ctx.emit(callRated, aboutCall(row), { score, agentId, queueId: row.queueId })),
  record: async ({ ctx, row, call }, act) => {
    const { stage } = call
    const queueId = 'queueId' in stage ? stage.queueId : row.queueId
    await beginRecording(ctx, { ...row, queueId, agentId: 'agentId' in stage ? stage.agentId : null }, act)
    return { ...row, recorded: true }
  },
  paused: ({ ctx, row }, { recording, paused }) => pauseRecording(ctx, row, recording, paused),
  known: async ({ ctx, row, interactionId }, { meaning, digits }) => {
    const claim =
      meaning === 'ticket'
        ? { customerId: await whoseMatter(ctx, digits) }
        : meaning === 'customer'
          ? { number: digits }
          : { phone: digits }
    const customer = await identify(ctx, claim)
    if (!customer || customer.id === row.customerId) return
    await joinCustomer(ctx, interactionId, customer.id)
    return { ...row, customerId: customer.id, customerName: customer.name }
  },
  said: ({ ctx, row, call, all }, act) => announce(ctx, row, call, act, all),
}

async function waitsIn(ctx: Ctx, interactionId: string, queueId: string): Promise<{ subject: string }> {
  const waits = await markWaiting(ctx, interactionId, queueId)
  return waits.queueId === queueId ? waits : moveToQueue(ctx, interactionId, queueId)
}

async function goesUnheard(acting: Acting): Promise<void> {
  const { ctx, interactionId } = acting
  await markUnanswered(ctx, interactionId)
  await (isOwed(acting) ? markEnded(ctx, interactionId) : markAbandoned(ctx, interactionId))
}

/** While nobody is on the line. */
function callBackOf({ call }: Acting): CallBack | null {
  return call.stage.at === 'callback' && call.askedBack ? { since: new Date(call.askedBack), tries: call.calledBack } : null
}

/** For so long a call handed to one agent waits for that agent alone. */
const handingSeconds = 45
const talksOutside = ({ stage }: Call) => (stage.at === 'talking' || stage.at === 'connecting') && stage.agentId === null

/** Colleagues who are asked or hear along are busy from the moment they are rung, and free before the call can become theirs. */
export async function withParts(ctx: Ctx, row: CallRow, before: Call, after: Call, done: () => Promise<CallRow>): Promise<CallRow> {
  const [had, has] = [partsOf(before), partsOf(after)]
  const { interactionId } = row
  const contact = interactionId === null ? null : { interactionId, channel: 'phone' as const }
  const stay = new Map([...had].filter(([agentId]) => has.has(agentId)))
  if (contact && stay.size < had.size) await setParts(ctx, contact, stay)
  const became = await done()
  if (contact && [...has].some(([agentId, how]) => stay.get(agentId) !== how)) await setParts(ctx, contact, has)
  return became
}

/** What a step means for routing, contacts and whoever listens; in its transaction, in the machine's order. `call` is as the step leaves it. */
export async function perform(ctx: Ctx, before: CallRow, call: Call, wanted: readonly Act[]): Promise<CallRow> {
  let row = before
  for (const act of wanted) {
    const acting = { ctx, row, call, interactionId: found(row.interactionId, 'interaction', row.id), all: wanted }
    // Every act goes to the function of its own name.
    const done = await (acts[act.act] as (acting: Acting, act: Act) => Promise<CallRow | void>)(acting, act)
    if (done) row = done
  }
  return row
}
