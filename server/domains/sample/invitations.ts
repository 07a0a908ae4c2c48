import type { Inviting } from '#contract/invitations.ts'
import { standardInviting } from '#domains/surveys/index.ts'
import { dateIn } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'
import { kinds } from './catalogs.ts'
import { timezone } from './centre.ts'
import type { Dice } from './dice.ts'
import { type Fill, place, type Row } from './fill.ts'
import type { Life } from './lives.ts'
import type { World } from './world.ts'

const day = 86_400_000

/** Customers are asked an hour after their call or the end of their ticket. */
export async function furnishInviting(ctx: Ctx): Promise<void> {
  const policy: Inviting = {
    ...standardInviting,
    contacts: { ...standardInviting.contacts, on: true, afterMinutes: 60, share: 50 },
    tickets: { ...standardInviting.tickets, on: true },
    pauseDays: 14,
  }
  await place(ctx, 'surveys.inviting', [{ policy }])
}

const answers = [
  [5, '来得快，修得也好。', 'Came fast and fixed it well.'],
  [4, '', ''],
  [5, '师傅很耐心，讲得清楚。', 'The fitter was patient and explained everything.'],
  [3, '修好了，就是等得有点久。', 'Fixed, but the wait was long.'],
  [5, '', ''],
  [4, '短信通知很及时。', 'The messages came in good time.'],
] as const

/** Who was asked about the tickets of the last fortnight that are closed: some answered, some have not yet, and some were not asked, with the reason. */
export async function invitationHistory(
  fill: Fill,
  { language, say, ids, now }: World,
  dice: Dice,
  closed: readonly Life[],
): Promise<void> {
  const invitations: Row[] = []
  const ratings: Row[] = []
  const messages: Row[] = []
  const declined: Row[] = []
  const asked = new Map<string, Date>()
  for (const { ticket: t, contact } of closed) {
    const { customer } = contact
    const at = new Date((t.closedAt ?? now).getTime() + 3_600_000)
    if (!customer || at >= now) continue
    const n = invitations.length
    const recently = asked.has(customer.id)
    const reason = recently ? 'asked_recently' : n % 9 === 4 ? 'consent_declined' : null
    const answeredAt = reason === null && n % 5 < 2 ? new Date(Math.min(now.getTime(), at.getTime() + (2 + n) * 600_000)) : null
    const [score, zh, en] = answers[n % answers.length] ?? answers[0]
    const [id, messageId] = [dice.id(at), dice.id(at)]
    const agentId = t.assignee && ids(`person ${t.assignee}`)
    const kind = kinds[t.kind]
    const matter = `${kind.name[0]} ${t.number}`
    const matterEn = `${kind.name[1]} ${t.number}`
    if (reason === null) asked.set(customer.id, at)
    invitations.push({
      id,
      interactionId: null,
      ticketId: t.id,
      customerId: customer.id,
      agentId,
      queueId: null,
      matter,
      matterEn,
      state: reason ? 'refused' : answeredAt ? 'answered' : 'sent',
      channel: reason ? null : 'sms',
      reason,
      messageId: reason ? null : messageId,
      madeAt: at,
      endsAt: new Date(at.getTime() + 7 * day),
      answeredAt,
    })
    if (answeredAt)
      ratings.push({
        id: dice.id(answeredAt),
        interactionId: null,
        ticketId: t.id,
        customerId: customer.id,
        agentId,
        queueId: null,
        score,
        words: say([zh, en]),
        ratedAt: answeredAt,
        taskId: null,
      })
    if (reason === null)
      messages.push({
        id: messageId,
        channel: 'sms',
        purpose: 'survey',
        customerId: customer.id,
        personId: null,
        name: customer.name,
        address: customer.phone,
        template: 'survey_invitation',
        language,
        subject: '',
        text: say(['{{matter}}已办结，您的评价很重要：{{link}}', '{{matter}} is done. How did we do? {{link}}']),
        vendorCode: '',
        variables: { matter: say([matter, matterEn]) },
        state: 'delivered',
        priority: 4,
        dueAt: at,
        notAfter: new Date(at.getTime() + 3 * day),
        tries: 1,
        providerId: ids('provider sms'),
        providerRef: `practice-${messageId}`,
        countedOn: dateIn(timezone, at),
        madeAt: at,
        handedAt: at,
        endedAt: at,
        byId: agentId,
        departmentId: t.department && ids(`department ${t.department}`),
      })
    if (reason === 'consent_declined')
      declined.push({ customerId: customer.id, purpose: 'survey', channel: 'sms', given: false, source: 'phone', proof: '', at: new Date(at.getTime() - day), byName: '' }) // biome-ignore format: one row
  }
  await fill('surveys.invitation', invitations)
  await fill('surveys.rating', ratings)
  await fill('messaging.outgoing', messages)
  await fill('customers.consent', [...new Map(declined.map(d => [d.customerId, d])).values()])
  await fill(
    'surveys.asked',
    [...asked].map(([customerId, at]) => ({ customerId, at })),
  )
}
