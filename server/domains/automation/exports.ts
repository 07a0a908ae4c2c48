import type { Run } from '#contract/automation.ts'
import { traceExports } from '#contract/lists.ts'
import { listExport } from '#kernel/exports.ts'
import { listRuns } from './queries.ts'

const outcomes: Record<Run['outcome'], readonly [string, string]> = {
  missed: ['条件不符', 'Did not match'],
  waiting: ['等待中', 'Waiting'],
  done: ['已执行', 'Acted'],
  stopped: ['已停止', 'Stopped'],
  unseen: ['发布人看不到', 'Unseen by its publisher'],
  dropped: ['不再需要', 'No longer meant'],
}

export const exports = [
  listExport({
    noun: 'traces',
    name: ['规则记录', 'What rules did'],
    asks: traceExports,
    page: listRuns,
    columns: {
      at: { title: ['时间', 'Time'], value: row => row.at },
      rule: { title: ['规则', 'Rule'], value: row => row.ruleName },
      version: { title: ['版本', 'Version'], value: row => row.version },
      trigger: { title: ['触发', 'Trigger'], value: row => row.trigger },
      subject: { title: ['对象', 'About'], value: row => `${row.subjectNoun} ${row.subjectId}` },
      outcome: { title: ['结果', 'Outcome'], value: (row, say) => say(outcomes[row.outcome]) },
      reason: { title: ['原因代码', 'Reason code'], value: row => row.reason },
      actions: {
        title: ['动作', 'Actions'],
        value: row => row.actions.map(({ action, state, code }) => `${action}: ${code ?? state}`).join('\n'),
      },
    },
  }),
]
