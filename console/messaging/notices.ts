import type { Message } from '#contract/messaging.ts'
import { notices as said, ticketSteps as steps, factText as text } from './words.ts'

const known = (code: string | null): code is keyof typeof said => code !== null && code in said

/** What the house said, in the language of the moment. */
export const noticeText = (m: Pick<Message, 'code' | 'facts' | 'text'>): string =>
  known(m.code) ? said[m.code](m.facts ?? {}) : m.text || (m.code ?? '')

const isStep = (step: string): step is keyof typeof steps => step in steps
export type TicketCard = { ticketId: string; number: string; link: string; title: string; text: string }
/** A step of a ticket, shown as a card. */
export function ticketCard(m: Message): TicketCard | null {
  if (m.kind !== 'card' || !m.facts) return null
  const step = (m.code ?? '').replace(/^ticket\./, '')
  return {
    ticketId: text(m.facts.ticketId),
    number: text(m.facts.number),
    link: text(m.facts.link),
    title: isStep(step) ? steps[step] : text(m.code),
    text: m.text,
  }
}
