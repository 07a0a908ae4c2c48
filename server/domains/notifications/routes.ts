import { notifications } from '#contract/notifications.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { chooseNotices, markAll, markNotification, markSeen } from './actions.ts'
import { countUnread, listNotifications, mySettings } from './queries.ts'

export function routes(door: Door): void {
  serve(door, notifications, {
    list: (ctx, { query }) => listNotifications(ctx, query),
    unread: ctx => countUnread(ctx),
    mark: (ctx, { id, body }) => markNotification(ctx, id, body.read),
    markAll: (ctx, { body }) => markAll(ctx, body),
    seen: (ctx, { body }) => markSeen(ctx, body.links),
    settings: ctx => mySettings(ctx),
    choose: (ctx, { body }) => chooseNotices(ctx, body),
  })
}
