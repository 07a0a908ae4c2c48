import { sql } from 'kysely'
import { dateIn } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'
import { timezone } from './centre.ts'
import type { Dice } from './dice.ts'
import { type Fill, place, type Row } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'
import type { World } from './world.ts'

const hour = 3_600_000
/** What came back later of which mail, and what was said. */
const returned: Readonly<Record<number, [state: string, reason: string, detail: string]>> = {
  7: ['bounced', 'no_such_address', '5.1.1 550 5.1.1 User unknown'],
  12: ['failed', 'mailbox_full', '5.2.2 552 5.2.2 Mailbox full'],
  17: ['handed', 'delayed', '4.4.1 Connection timed out'],
}

/** Ways out that lead nowhere and say so, the organisation's own words, and what customers are told by itself. */
export async function furnishOutbox(ctx: Ctx, ids: Ids, say: Say): Promise<void> {
  const way = (key: 'mail' | 'sms', name: string, position: number): Row => ({
    id: ids(`provider ${key}`),
    name,
    channel: key,
    kind: 'practice',
    settings: {},
    rate: 50,
    connections: 2,
    position,
    enabled: true,
    retired: false,
  })
  await place(ctx, 'messaging.provider', [
    way('mail', say(['演练邮箱', 'Practice mail']), 0),
    way('sms', say(['演练短信', 'Practice SMS']), 1),
    {
      ...way('mail', say(['企业邮箱', 'Company mail']), 2),
      id: ids('provider smtp'),
      kind: 'smtp',
      enabled: false,
      settings: {
        host: 'smtp.qingyuan.example', port: 465, security: 'tls', user: 'service', from: 'service@qingyuan.example', fromName: say(['清源供水', 'Qingyuan Water']), replyTo: '',
        bounces: { address: 'bounce@qingyuan.example', tagged: true, host: 'imap.qingyuan.example', port: 993, security: 'tls', user: 'bounce', folder: 'INBOX' },
      }, // biome-ignore format: a mail server
    },
  ])
  await place(ctx, 'messaging.bounce_box', [
    { providerId: ids('provider smtp'), validity: '1', uid: 214, readAt: new Date(ctx.now.getTime() - 50 * hour), failure: '', found: 6 },
  ])
  await place(
    ctx,
    'messaging.pace',
    ['mail', 'sms', 'smtp'].map(key => ({ providerId: ids(`provider ${key}`), room: 50, at: ctx.now, lastOkAt: ctx.now })),
  )
  await place(ctx, 'messaging.template', [
    {
      id: ids('template water_saving'),
      code: 'water_saving',
      purpose: 'marketing',
      name: say(['节水器具优惠', 'Offer on water-saving fittings']),
      nameEn: 'Offer on water-saving fittings',
      subject: '{{name}}，节水器具以旧换新',
      subjectEn: 'Swap your old fittings, {{name}}',
      text: '{{name}}，您好：\n\n{{until}} 前到营业厅，旧龙头可以换节水龙头，补贴 30 元。',
      textEn: 'Hello {{name}},\n\nBring an old tap to the office by {{until}} and take a water-saving one for 30 yuan less.',
      sms: '{{until}}前到营业厅，旧龙头换节水龙头，补贴30元',
      smsEn: 'Swap an old tap for a water-saving one by {{until}}, 30 yuan less',
      variables: [
        { key: 'name', label: '姓名', labelEn: 'Name', sample: '许知夏', sampleEn: 'Xu Zhixia' },
        { key: 'until', label: '截止日期', labelEn: 'Last day', sample: '6 月 30 日', sampleEn: '30 June' },
      ],
      changedAt: new Date(ctx.now.getTime() - 400 * hour),
    },
  ])
  await sql`insert into messaging.outgoing_policy (tenant_id, policy) values (${ctx.tenantId}, ${JSON.stringify({ ticketSteps: ['opened', 'resolved'], linkBase: 'http://127.0.0.1:8200' })})`.execute(
    ctx.db,
  )
  await sql`update identity.person set email = login || '@qingyuan.example' where tenant_id = ${ctx.tenantId} and login ~ '^[a-z0-9]+$'`.execute(
    ctx.db,
  )
}

const states = ['delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'refused', 'delivered', 'failed'] as const

/** A fortnight of what went out: a notice of an outage, news of tickets, what the guard kept back, and two addresses that are no more. */
export async function outboxHistory(fill: Fill, world: World, dice: Dice): Promise<void> {
  const { say, ids, now, language } = world
  const ago = (hours: number) => new Date(now.getTime() - hours * hour)
  const begun = ago(52)
  const notice = ids('notice outage')
  const subject = '{{title}}'
  const text = language === 'zh' ? '{{title}}：{{content}}' : '{{title}}: {{content}}'
  const some = world.customers.filter(c => c.kind === 'person').slice(0, 220)
  await fill('messaging.notice', [
    {
      id: notice,
      name: say(['柳溪路计划停水', 'Planned outage, Liuxi Road']),
      purpose: 'notice',
      channel: 'sms',
      template: 'notice',
      language,
      subject,
      text,
      variables: {
        title: say(['计划停水', 'Planned outage']),
        content: say([
          '明天 9:00 至 17:00 柳溪路一带停水，提前储水。',
          'No water around Liuxi Road tomorrow from 9:00 to 17:00. Store some beforehand.',
        ]),
      },
      audience: { district: '柳溪路' },
      state: 'done',
      total: some.length,
      begunAt: begun,
      endedAt: ago(51.9),
      byId: ids('person supervisor'),
      byName: say(['温言', 'Wen Yan']),
    },
  ])
  const row = (of: Row, at: Date): Row => ({
    id: dice.id(at),
    personId: null,
    language,
    subject: null,
    text: null,
    vendorCode: null,
    priority: 2,
    dueAt: at,
    notAfter: new Date(at.getTime() + 72 * hour),
    tries: 1,
    reason: null,
    detail: null,
    noticeId: null,
    countedOn: null,
    madeAt: at,
    handedAt: at,
    endedAt: at,
    byId: null,
    variables: {},
    ...of,
  })
  const reasons = ['do_not_disturb', 'consent_declined', 'cap_day_channel']
  /** The guard's reason, where it kept back what the n-th was to hear; their wishes below say the same. */
  const keptBack = (n: number) =>
    states[n % states.length] === 'refused' ? reasons[Math.floor(n / states.length) % reasons.length] : undefined
  const toMany = some.map((c, n) => {
    const state = states[n % states.length] ?? 'delivered'
    const at = new Date(begun.getTime() + n * 400)
    const gone = state === 'delivered'
    return row(
      {
        channel: 'sms',
        purpose: 'notice',
        customerId: c.id,
        name: c.name,
        address: c.phone,
        template: 'notice',
        state,
        providerId: ids('provider sms'),
        providerRef: gone ? `practice-${n}` : null,
        reason: gone ? null : state === 'failed' ? 'not_delivered' : (keptBack(n) ?? null),
        detail: state === 'failed' ? 'UNDELIV: absent subscriber' : null,
        noticeId: notice,
        countedOn: gone ? dateIn(timezone, begun) : null,
        handedAt: state === 'refused' ? null : at,
      },
      at,
    )
  })
  const byMail = world.customers.filter(c => c.email).slice(0, 60)
  const single = byMail.map((c, n) => {
    const at = ago(3 + n * 5)
    const [state, reason, detail] = returned[n % 23] ?? ['delivered', null, null]
    return row(
      {
        channel: 'mail',
        purpose: 'ticket',
        customerId: c.id,
        name: c.name,
        address: c.email,
        template: n % 2 ? 'ticket_opened' : 'ticket_step',
        state,
        subject: say(['已受理您的诉求 {{number}}', 'We have your request {{number}}']),
        text: say(['{{name}}，您好：\n\n您的诉求 {{number}} 有了新进展。', 'Hello {{name}},\n\nYour request {{number}} has moved on.']),
        variables: { number: `BX-0618-${String(100 + n).padStart(4, '0')}` },
        providerId: ids('provider mail'),
        providerRef: `practice-m${n}`,
        reason,
        detail,
        handedAt: at,
        endedAt: state === 'handed' ? null : new Date(at.getTime() + (state === 'delivered' ? 0 : hour / 3)),
      },
      at,
    )
  })
  await fill('messaging.outgoing', [...toMany, ...single])
  await fill(
    'messaging.suppression',
    single
      .filter(m => m.state === 'bounced')
      .map(m => ({
        id: dice.id(ago(1)),
        channel: 'mail',
        address: m.address,
        reason: 'bounced',
        detail: m.detail,
        since: m.madeAt,
        byName: '',
      })),
  )
  await fill(
    'customers.consent',
    some.flatMap((c, n) => {
      const declined = keptBack(n) === 'consent_declined'
      if (n >= 90 && !declined) return []
      return {
        customerId: c.id,
        purpose: declined || n % 3 === 0 ? 'notice' : 'marketing',
        channel: declined || n % 2 === 0 ? 'sms' : 'mail',
        given: !declined && (n % 3 === 0 || n % 4 !== 3),
        source: n % 2 ? 'counter' : 'phone',
        proof: n % 2 ? `${say(['柜台登记', 'Form'])} ${2000 + n}` : '',
        at: ago(200 + n * 9),
        byName: say(['苏木', 'Su Mu']),
      }
    }),
  )
  await fill(
    'customers.undisturbed',
    some
      .filter((_, n) => keptBack(n) === 'do_not_disturb')
      .map(c => ({
        customerId: c.id,
        until: null,
        reason: say(['来电要求不再打扰', 'Asked by telephone to be left alone']),
        since: ago(300),
        byName: say(['许知夏', 'Xu Zhixia']),
      })),
  )
}
