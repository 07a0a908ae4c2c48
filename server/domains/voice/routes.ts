import { blocks } from '#contract/blocks.ts'
import { calls, softphone } from '#contract/voice.ts'
import { queueVoice } from '#contract/voiceSettings.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { attend, leave, takeOver } from './attending.ts'
import { blockCaller } from './blocking.ts'
import { flowRoutes } from './flowRoutes.ts'
import { comeBack, conference, consult, drop, hangUp, hold, press, record, resume, transfer, wrapUp } from './handling.ts'
import { identifyCall } from './identifying.ts'
import { place } from './placing.ts'
import { listQueueVoice, setQueueVoice } from './queueVoice.ts'
import { recordHandlers } from './recordHandlers.ts'
import { mine, phoneHere } from './softphone.ts'

export function routes(door: Door): void {
  serve(door, softphone, {
    here: (ctx, { line }) => phoneHere(ctx, line),
    mine: ctx => mine(ctx),
    place: (ctx, { body }) => place(ctx, body),
    back: (ctx, { id }) => comeBack(ctx, id),
    hold: (ctx, { id }) => hold(ctx, id),
    resume: (ctx, { id }) => resume(ctx, id),
    consult: (ctx, { id, body }) => consult(ctx, id, body),
    join: (ctx, { id }) => conference(ctx, id),
    drop: (ctx, { id }) => drop(ctx, id),
    transfer: (ctx, { id, body }) => transfer(ctx, id, body.to),
    end: (ctx, { id }) => hangUp(ctx, id),
    digits: (ctx, { id, body }) => press(ctx, id, body.digits),
    record: (ctx, { id, body }) => record(ctx, id, body.state === 'paused'),
    identify: (ctx, { id, body }) => identifyCall(ctx, id, body.customerId),
    wrapUp: (ctx, { id, body }) => wrapUp(ctx, id, body),
  })
  serve(door, calls, {
    ...recordHandlers,
    listen: (ctx, { id, body }) => attend(ctx, id, body.mode),
    leave: (ctx, { id }) => leave(ctx, id),
    takeOver: (ctx, { id }) => takeOver(ctx, id),
  })
  serve(door, queueVoice, {
    list: ctx => listQueueVoice(ctx),
    set: (ctx, { queueId, body }) => setQueueVoice(ctx, queueId, body),
  })
  serve(door, { caller: blocks.caller }, { caller: (ctx, { id, body }) => blockCaller(ctx, id, body) })
  flowRoutes(door)
}
