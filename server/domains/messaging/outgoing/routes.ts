import { notices, outbox, TemplateCode } from '#contract/outgoing.ts'
import { outgoingPolicy, providers, suppressions, templates } from '#contract/outgoingSettings.ts'
import { unsubscribing } from '#contract/unsubscribing.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { knownOf } from './known.ts'
import { cancelNotice, listNotices, oneNotice, previewNotice, sendNotice } from './notices.ts'
import { cancelMessage, listOutbox, messagesOfCustomer, oneMessage, retryMessage } from './outbox.ts'
import { changePolicy, policyOf } from './policy.ts'
import {
  addProvider,
  changeProvider,
  listProviders,
  readBouncesNow,
  renewReceiptSecret,
  retireProvider,
  testProvider,
} from './providers.ts'
import { receiptRoutes } from './receiptDoor.ts'
import { addSuppression, liftSuppression, listSuppressions } from './suppressions.ts'
import { dropTemplate, listTemplates, previewTemplate, saveTemplate } from './templates.ts'
import { unsubscribeRoutes } from './unsubscribeDoor.ts'
import { decide, unsubscribingOf } from './unsubscribing.ts'

export function outgoingRoutes(door: Door) {
  serve(door, outbox, {
    list: (ctx, { query }) => listOutbox(ctx, query),
    one: (ctx, { id }) => oneMessage(ctx, id),
    ofCustomer: (ctx, { id, query }) => messagesOfCustomer(ctx, id, query),
    retry: (ctx, { id }) => retryMessage(ctx, id),
    cancel: (ctx, { id }) => cancelMessage(ctx, id),
  })
  serve(door, providers, {
    list: ctx => listProviders(ctx),
    add: (ctx, { body }) => addProvider(ctx, body),
    change: (ctx, { id, body }) => changeProvider(ctx, id, body),
    retire: (ctx, { id }) => retireProvider(ctx, id),
    test: (ctx, { id, body }) => testProvider(ctx, id, body),
    readBounces: (ctx, { id }) => readBouncesNow(ctx, id),
    receiptSecret: (ctx, { id }) => renewReceiptSecret(ctx, id),
  })
  serve(door, templates, {
    list: (ctx, { query }) => listTemplates(ctx, query.retired === true),
    save: (ctx, { code, body }) => saveTemplate(ctx, codeOf(code), body),
    drop: (ctx, { code }) => dropTemplate(ctx, code),
    preview: (ctx, { body }) => previewTemplate(ctx, body),
  })
  serve(door, outgoingPolicy, { read: ctx => policyOf(ctx), change: (ctx, { body }) => changePolicy(ctx, body) })
  serve(door, suppressions, {
    list: (ctx, { query }) => listSuppressions(ctx, query),
    add: (ctx, { body }) => addSuppression(ctx, body),
    lift: (ctx, { id, body }) => liftSuppression(ctx, id, body.reason),
  })
  serve(door, notices, {
    list: (ctx, { query }) => listNotices(ctx, query),
    one: (ctx, { id }) => oneNotice(ctx, id),
    known: ctx => knownOf(ctx),
    preview: (ctx, { body }) => previewNotice(ctx, body),
    send: (ctx, { body }) => sendNotice(ctx, body),
    cancel: (ctx, { id }) => cancelNotice(ctx, id),
  })
  serve(door, unsubscribing, {
    look: ctx => unsubscribingOf(ctx),
    decide: async (ctx, { body }) => {
      await decide(ctx, body.given)
      return unsubscribingOf(ctx)
    },
  })
  receiptRoutes(door)
  unsubscribeRoutes(door)
}

function codeOf(text: string): string {
  const code = TemplateCode.safeParse(text)
  if (!code.success) throw new Refusal('invalid', 'template.code', { code: text.slice(0, 60) })
  return code.data
}
