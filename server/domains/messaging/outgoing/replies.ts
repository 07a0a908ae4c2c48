import { sql } from 'kysely'
import { ConsentPurpose } from '#contract/outgoing.ts'
import { customersWithPhone, phoneNumber, sayForOneself } from '#domains/customers/index.ts'
import type { Ctx } from '#kernel/work.ts'
import { senderOf } from './policy.ts'
import type { Reply } from './ports.ts'
import { suppress } from './suppressions.ts'

const stops = /^[\s\p{P}]*(td|t|r|退订|取消订阅|拒收|stop|unsubscribe)[\s\p{P}]*$/iu
/** Whether somebody who answers a short message wants no more of them. */
export const isStop = (text: string): boolean => stops.test(text.normalize('NFKC'))

const since = 30 * 86_400_000

/** 退订: no more of the kind that was sent last; of a number that is nobody's, nothing at all. Other words are nobody's to read here. */
export async function hearReplies(ctx: Ctx, replies: readonly Reply[]): Promise<void> {
  for (const { from, text } of replies) {
    const address = phoneNumber(from)
    if (address === null || !isStop(text)) continue
    const said = text.trim().slice(0, 20)
    const customers = await customersWithPhone(ctx, address)
    if (customers.length === 0) await suppress(ctx, { channel: 'sms', address, reason: 'asked', detail: said })
    else await declineLast(ctx, customers, said)
  }
}

async function declineLast(ctx: Ctx, customers: readonly string[], said: string): Promise<void> {
  const { rows } = await sql<{ purpose: ConsentPurpose }>`select purpose from messaging.outgoing
    where tenant_id = ${ctx.tenantId} and customer_id = any(${[...customers]}::uuid[]) and channel = 'sms' and purpose = any(${[...ConsentPurpose.options]}::text[])
      and handed_at > ${new Date(ctx.now.getTime() - since)} order by handed_at desc limit 1`.execute(ctx.db)
  const purpose = rows[0]?.purpose ?? 'marketing'
  const { language } = await senderOf(ctx)
  const proof = language === 'en' ? `Answered “${said}” by SMS` : `短信回复“${said}”`
  for (const id of customers) await sayForOneself(ctx, id, { purpose, channel: 'sms', given: false, proof })
}
