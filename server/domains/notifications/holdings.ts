import { type Holdings, nothingPersonal, ofEvent } from '#kernel/holdings.ts'

export const holdings: Holdings = {
  of: [ofEvent('notifications.notification', ['提醒', 'Notices of the bell'], 'event_id', 'rows')],
  nothing: [nothingPersonal('how our own people want to be told', 'notifications.preference')],
}
