import { numberAsName } from '#domains/customers/index.ts'
import { type NoticeKind, tells } from '#kernel/notices.ts'
import { callGivenBack } from './events.ts'

const givenBack: NoticeKind = {
  key: 'call.given_back',
  group: ['电话', 'Telephone'],
  name: ['我的通话断开，客户重新排队', 'A call of mine broke off, and the customer waits again'],
  says: ['您的电话断开了，{who} 的来电已排到最前', 'Your phone was gone: the call of {whoEn} waits first in the queue'],
  important: true,
  may: 'voice:call',
}

export const notices = [
  tells(callGivenBack, givenBack, async (ctx, { about, detail }) => {
    const call = await ctx.db
      .selectFrom('voice.call')
      .select(['direction', 'caller', 'called', 'customerId', 'customerName'])
      .where('id', '=', about)
      .executeTakeFirst()
    if (!call) return null
    const who = call.customerName || (await numberAsName(ctx, call.direction === 'in' ? call.caller : call.called))
    const link = call.customerId === null ? '/desk' : `/customers/${call.customerId}`
    return { to: { people: [detail.agentId] }, link, facts: { who: who || '未知客户', whoEn: who || 'somebody unknown' } }
  }),
]
