import { messageExports } from '#contract/lists.ts'
import type { Way } from '#contract/outgoing.ts'
import { messageStateWords, purposeWords } from '#contract/words.ts'
import { listExport } from '#kernel/exports.ts'
import { listOutbox } from './outgoing/outbox.ts'

const ways: Record<Way, readonly [zh: string, en: string]> = { mail: ['邮件', 'Mail'], sms: ['短信', 'Short message'] }

export const exports = [
  listExport({
    noun: 'messages',
    name: ['发件箱', 'Outbox'],
    asks: messageExports,
    page: listOutbox,
    columns: {
      madeAt: { title: ['时间', 'Time'], value: row => row.madeAt },
      to: { title: ['收件人', 'To'], value: row => row.name },
      // Masked, as in the list.
      address: { title: ['地址', 'Address'], value: row => row.address },
      channel: { title: ['渠道', 'Way'], value: (row, say) => say(ways[row.channel]) },
      purpose: { title: ['用途', 'Purpose'], value: (row, say) => say(purposeWords[row.purpose]) },
      template: { title: ['模板', 'Template'], value: row => row.template },
      state: { title: ['状态', 'State'], value: (row, say) => say(messageStateWords[row.state]) },
      reason: { title: ['原因代码', 'Reason code'], value: row => row.reason },
      provider: { title: ['服务商', 'Provider'], value: row => row.providerName },
      tries: { title: ['次数', 'Tries'], value: row => row.tries },
      handedAt: { title: ['发出时间', 'Sent'], value: row => row.handedAt },
      endedAt: { title: ['结束时间', 'Ended'], value: row => row.endedAt },
    },
  }),
]
