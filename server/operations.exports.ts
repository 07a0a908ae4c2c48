import { failureExports } from '#contract/lists.ts'
import type { FailureState } from '#contract/operations.ts'
import { listExport } from '#kernel/exports.ts'
import { listFailures } from '#kernel/failures.ts'

const states: Record<FailureState, readonly [string, string]> = {
  open: ['待处理', 'Open'],
  retrying: ['重试中', 'Tried again'],
  done: ['已补做', 'Done'],
  dropped: ['已放弃', 'Given up'],
}

export const exports = [
  listExport({
    noun: 'failures',
    name: ['失败处理', 'Failed reactions'],
    asks: failureExports,
    page: listFailures,
    columns: {
      failedAt: { title: ['失败时间', 'Failed'], value: row => row.failedAt },
      reaction: { title: ['处理', 'Reaction'], value: row => row.reaction },
      event: { title: ['事件', 'Event'], value: row => row.event },
      about: { title: ['对象', 'About'], value: row => row.about },
      attempts: { title: ['次数', 'Tries'], value: row => row.attempts },
      error: { title: ['错误', 'Error'], value: row => row.error },
      state: { title: ['状态', 'State'], value: (row, say) => say(states[row.state]) },
      settledBy: { title: ['处理人', 'Settled by'], value: row => row.settledByName },
      settledAt: { title: ['处理时间', 'Settled'], value: row => row.settledAt },
      reason: { title: ['理由', 'Reason'], value: row => row.reason },
    },
  }),
]
