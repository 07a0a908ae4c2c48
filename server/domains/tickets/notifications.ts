import type { TicketStatus } from '#contract/tickets.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { dateIn, wallIn } from '#kernel/calendar.ts'
import { type Notice, type NoticeKind, type To, tells } from '#kernel/notices.ts'
import type { Ctx } from '#kernel/work.ts'
import {
  ticketCommented,
  ticketDispatched,
  ticketOverdue,
  ticketReopened,
  ticketResolved,
  ticketReturned,
  ticketUrged,
  ticketWarned,
} from './events.ts'
import { isRunning } from './rules.ts'

const kind = (key: `ticket.${string}`, name: NoticeKind['name'], says: NoticeKind['says'], more: Partial<NoticeKind> = {}): NoticeKind => ({
  key,
  group: ['工单', 'Tickets'],
  name,
  says,
  may: 'ticket:read',
  ...more,
})
const given = kind(
  'ticket.given',
  ['工单派给我', 'Ticket given to me'],
  ['{number} {title} 派给了您', '{number} {title} was given to you'],
  {
    mail: true,
  },
)
const dispatched = kind(
  'ticket.dispatched',
  ['工单派到本部门', 'Ticket sent to my department'],
  ['{number} {title} 派到了您的部门', '{number} {title} was sent to your department'],
)
const returned = kind(
  'ticket.returned',
  ['我受理的工单被退回', 'My ticket was returned'],
  ['{number} {title} 被退回，需要重新派单', '{number} {title} was returned and needs another department'],
  { mail: true },
)
const urged = kind('ticket.urged', ['催办', 'Urged'], ['客户催办 {number} {title}', '{number} {title} was urged'], { important: true })
const warned = kind(
  'ticket.warned',
  ['工单将超时', 'Ticket due soon'],
  ['{number} {title} 将超时，{due} 到期', '{number} {title} is due soon: {due}'],
  { important: true },
)
const overdue = kind('ticket.overdue', ['工单超时', 'Ticket overdue'], ['{number} {title} 已超时', '{number} {title} is overdue'], {
  important: true,
  mail: true,
})
const resolved = kind(
  'ticket.resolved',
  ['我受理的工单已办结', 'My ticket was resolved'],
  ['{number} {title} 已办结，等您答复客户', '{number} {title} is resolved; answer the customer'],
)
const commented = kind(
  'ticket.commented',
  ['我的工单有新备注', 'Note on my ticket'],
  ['{number} {title} 有新备注', 'A note on {number} {title}'],
)
const reopened = kind(
  'ticket.reopened',
  ['工单重新打开', 'Ticket reopened'],
  ['{number} {title} 重新打开', '{number} {title} was reopened'],
)

type Told = {
  title: string
  number: string
  status: TicketStatus
  assigneeId: string | null
  departmentId: string | null
  openedById: string | null
}

/** As the ticket stands by now, whoever may see it. */
const about =
  (to: (ticket: Told) => To | null) =>
  async (ctx: Ctx, { about: id }: { about: string }): Promise<Notice | null> => {
    const ticket = await ctx.db
      .selectFrom('tickets.ticket')
      .select(['title', 'number', 'status', 'assigneeId', 'departmentId', 'openedById'])
      .where('id', '=', id)
      .executeTakeFirst()
    const reached = ticket && to(ticket)
    return ticket && reached ? { to: reached, link: `/tickets/${id}`, facts: { number: ticket.number, title: ticket.title } } : null
  }
/** In whose hands it is: somebody's, or its department's while it is nobody's. */
const hands = ({ assigneeId, departmentId }: Told): To => (assigneeId === null ? { departmentId } : { people: [assigneeId] })
const opener = ({ openedById }: Told): To => ({ people: [openedById] })
/** Whoever can still save it: its hands and whoever leads them, or while nobody has it whoever opened it. */
const savers = (t: Told): To =>
  t.departmentId === null ? opener(t) : { ...hands(t), leads: { departmentId: t.departmentId, may: 'ticket:dispatch' } }

/** Of one that moved on meanwhile nobody is warned. */
async function inDanger(ctx: Ctx, said: { about: string; detail: { dueAt: string } }): Promise<Notice | null> {
  const [notice, { timezone }] = await Promise.all([about(t => (isRunning(t.status) ? savers(t) : null))(ctx, said), tenantCard(ctx)])
  const due = wallIn(timezone, new Date(said.detail.dueAt))
  const today = dateIn(timezone, ctx.now)
  return notice && { ...notice, facts: { ...notice.facts, due: due.startsWith(today) ? due.slice(11) : due.slice(5).replace('T', ' ') } }
}

export const notices = [
  tells(
    ticketDispatched,
    given,
    about(({ assigneeId }) => ({ people: [assigneeId] })),
  ),
  tells(
    ticketDispatched,
    dispatched,
    about(({ assigneeId, departmentId }) => (assigneeId === null ? { departmentId } : null)),
  ),
  tells(ticketReturned, returned, about(opener)),
  tells(ticketUrged, urged, about(hands)),
  tells(ticketWarned, warned, inDanger),
  tells(ticketOverdue, overdue, about(hands)),
  tells(ticketCommented, commented, about(hands)),
  tells(ticketResolved, resolved, about(opener)),
  tells(
    ticketReopened,
    reopened,
    about(t => ({ people: [t.openedById], ...hands(t) })),
  ),
]
