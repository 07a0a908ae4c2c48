import { sql } from 'kysely'
import type { Tongue, Way } from '#contract/outgoing.ts'
import type { OutgoingPolicy } from '#contract/outgoingSettings.ts'
import { linkForMail } from '#domains/identity/index.ts'
import type { Said } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { addressesOf } from './guard.ts'
import { addressOf, policyOf, senderOf } from './policy.ts'
import { isMobile } from './rules.ts'
import { sendMessage } from './send.ts'

/** Whether this house has a way out of that kind at all. */
async function hasWay(ctx: Ctx, channel: Way): Promise<boolean> {
  const { rows } =
    await sql`select 1 from messaging.provider where tenant_id = ${ctx.tenantId} and channel = ${channel} and enabled and not retired limit 1`.execute(
      ctx.db,
    )
  return rows.length > 0
}

/** The colleague's address and language; null for who has none, or where nothing is to be sent. */
async function reached(ctx: Ctx, personId: string): Promise<{ login: string } | null> {
  const { rows } = await sql<{
    login: string
  }>`select login from identity.fact_person where tenant_id = ${ctx.tenantId} and id = ${personId} and not retired and email is not null`.execute(
    ctx.db,
  )
  return rows[0] ?? null
}

/** A link of its own in the mail: it is made here, travels sealed, and no event or log has it. Whoever has no password yet is invited. */
export async function mailPasswordLinks(
  ctx: Ctx,
  people: readonly string[],
  { id: eventId, actorId: byId }: Pick<Said, 'id' | 'actorId'>,
): Promise<void> {
  if (!(await policyOf(ctx)).passwordLinks || !(await hasWay(ctx, 'mail'))) return
  for (const personId of people) {
    const person = await reached(ctx, personId)
    const address = person && (await addressOf(ctx, '/set-password'))
    const link = address && (await linkForMail(ctx, personId))
    if (!person || !address || !link) continue
    const template = link.first ? 'invitation' : 'password_link'
    await sendMessage(ctx, {
      channel: 'mail',
      purpose: template,
      template,
      variables: link.first ? { login: person.login } : {},
      secrets: { link: `${address}#${link.token}` },
      personId,
      byId,
      idempotencyKey: `password-link ${eventId} ${personId}`,
    })
  }
}

type Step = 'opened' | 'taken' | 'waiting' | 'resolved' | 'closed'
const stepWords: Readonly<Record<Step, Readonly<Record<Tongue, string>>>> = {
  opened: { zh: '已受理', en: 'received' },
  taken: { zh: '已有人处理', en: 'in hand' },
  waiting: { zh: '等待中', en: 'waiting' },
  resolved: { zh: '已办结', en: 'resolved' },
  closed: { zh: '已关闭', en: 'closed' },
}

export async function tellProgress(
  ctx: Ctx,
  { id, about, customerId, actorId: byId, detail, personal }: Said<{ number: string; departmentId: string | null }>,
  step: Step,
): Promise<void> {
  const policy = await policyOf(ctx)
  if (!customerId || !personal.link || !policy.ticketSteps.includes(step)) return
  const channel = await wayTo(ctx, customerId, policy.ticketWay)
  const link = channel && (await addressOf(ctx, personal.link))
  if (!channel || !link) return
  const { language } = await senderOf(ctx)
  const template = step === 'opened' ? 'ticket_opened' : 'ticket_step'
  await sendMessage(ctx, {
    channel,
    purpose: 'ticket',
    template,
    language,
    variables: { number: detail.number, ...(step === 'opened' ? {} : { step: stepWords[step][language] }) },
    secrets: { link },
    customerId,
    departmentId: detail.departmentId,
    byId,
    idempotencyKey: `ticket ${about} ${id}`,
  })
}

/** By the channel that was set; `either`: short message to a mobile, else mail. */
export async function wayTo(ctx: Ctx, customerId: string, way: OutgoingPolicy['ticketWay']): Promise<Way | null> {
  const address = async (channel: Way) => {
    const known = (await addressesOf(ctx, [customerId], channel)).get(customerId)?.address
    return known && (channel === 'mail' || isMobile(known)) && (await hasWay(ctx, channel)) ? channel : null
  }
  if (way !== 'either') return address(way)
  return (await address('sms')) ?? address('mail')
}
