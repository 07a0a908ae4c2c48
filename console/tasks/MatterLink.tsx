import { Link } from '@tanstack/react-router'
import { customers } from '#contract/customers.ts'
import { documents } from '#contract/documents.ts'
import { improvements } from '#contract/improvement.ts'
import { interactions } from '#contract/interactions.ts'
import { standards } from '#contract/standards.ts'
import { type Matter, tasks } from '#contract/tasks.ts'
import { tickets } from '#contract/tickets.ts'
import { useMay } from '../app/me.ts'
import { useNames } from '../app/people.tsx'
import { useFetch } from '../kit/data.ts'
import { IconClipboardCheck, IconExternalLink, IconFile, IconLink, IconTargetArrow, IconTicket, IconUser } from '../kit/icons.ts'
import { ChannelGlyph, channelWord, Sep } from '../kit/parts.tsx'
import { ago } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { taskTitle } from './rules.ts'
import { w } from './words.ts'

const nouns: Record<string, () => string> = {
  ticket: () => w.ticket,
  customer: () => w.customer,
  interaction: () => w.interaction,
  conversation: () => w.interaction,
  task: () => w.todo,
  approval: () => w.approval,
  finding: () => w.finding,
  standard: () => w.standard,
  document: () => w.document,
}
export const nounWord = (noun: string): string => nouns[noun]?.() ?? noun

/** What something hangs on, by its own name, as far as this person may see it. */
export function MatterLink({ matter: { noun, id }, plain = false }: { matter: Matter; plain?: boolean }) {
  const may = useMay()
  const of = (wanted: string, permission: string) => ({ enabled: noun === wanted && may(permission), keep: false })
  const ticket = useFetch(tickets.one, { id }, of('ticket', 'ticket:read')).data
  const customer = useFetch(customers.one, { id }, of('customer', 'customer:read')).data
  const contact = useFetch(interactions.one, { id }, of('interaction', 'interaction:read')).data
  const task = useFetch(tasks.one, { id }, of('task', 'task:read')).data
  const finding = useFetch(improvements.one, { id }, of('finding', 'improvement:read')).data
  const standard = useFetch(standards.one, { id }, of('standard', 'improvement:read')).data
  const document = useFetch(documents.one, { id }, of('document', 'document:read')).data
  const agent = useNames([contact?.agentId])
  const found = ticket
    ? { icon: <IconTicket size={16} />, text: `${ticket.number} ${ticket.title}`, to: `/tickets/${id}`, search: {} }
    : customer
      ? { icon: <IconUser size={16} />, text: customer.name, to: `/customers/${id}`, search: {} }
      : task
        ? { icon: <IconClipboardCheck size={16} />, text: taskTitle(task), to: '/tasks', search: { t: id } }
        : finding
          ? { icon: <IconTargetArrow size={16} />, text: finding.title, to: `/improvements/${id}`, search: {} }
          : standard
            ? { icon: <IconTargetArrow size={16} />, text: nameOf(standard), to: `/improvements/standards/${id}`, search: {} }
            : document
              ? { icon: <IconFile size={16} />, text: document.title, to: `/documents/${id}`, search: {} }
              : null
  if (contact)
    return (
      <span className="row" style={{ alignItems: 'flex-start' }}>
        <ChannelGlyph channel={contact.channel} />
        <span>
          {contact.subject}
          <span className="t3 f12" style={{ display: 'block' }}>
            {w.contactAt(channelWord(contact.channel), ago(contact.startedAt))}
            {contact.agentId && (
              <>
                <Sep />
                {agent(contact.agentId)}
              </>
            )}
            {contact.note && (
              <>
                <Sep />
                {contact.note}
              </>
            )}
          </span>
        </span>
      </span>
    )
  if (!found || plain)
    return (
      <span className="row">
        {found?.icon ?? <IconLink size={16} />} {found?.text ?? nounWord(noun)}
      </span>
    )
  return (
    <Link to={found.to} search={found.search as never} className="row" style={{ gap: 4 }}>
      {found.icon} <span className="cut">{found.text}</span> <IconExternalLink size={14} />
    </Link>
  )
}
