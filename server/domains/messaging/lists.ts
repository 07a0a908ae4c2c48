import { outbox } from '#contract/outgoing.ts'
import { savedList } from '#kernel/lists.ts'
import { countable } from './outgoing/outbox.ts'

export const lists = [
  savedList({
    name: 'outbox',
    endpoint: outbox.list,
    columns: ['to', 'purpose', 'state', 'why', 'by', 'madeAt'],
    count: {
      // Messages of a notice fare without a word of their own, so what is asked is counted at the moment, where one index answers it.
      noun: 'message',
      way: ({ state, channel, purpose, noticeId, customerId }) =>
        channel || (noticeId ? [purpose, customerId] : [state, purpose, customerId]).filter(Boolean).length > (noticeId ? 0 : 1)
          ? 'none'
          : 'asked',
      rows: countable,
    },
  }),
]
