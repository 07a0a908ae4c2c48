import { calendarOf } from '#domains/identity/index.ts'
import { placeInQueue } from '#domains/routing/index.ts'
import { isOpen } from '#kernel/calendar.ts'
import { type Progress, progressFor } from '#kernel/callLookups.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Prompt } from './ports.ts'
import type { CallRow } from './rows.ts'
import type { Ask, Setting, Told } from './rules/call.ts'

/** What the machine must know before it goes on, looked up in the transaction of its step. */
export async function answerTo(
  ctx: Ctx,
  row: Pick<CallRow, 'customerId' | 'interactionId'>,
  ask: Ask,
  customer: Setting['customer'],
): Promise<Told> {
  if (ask.ask === 'hours') return { kind: 'hours', open: isOpen(await calendarOf(ctx, ask.calendarId), ctx.now) }
  if (ask.ask === 'customer')
    return { kind: 'customer', id: customer?.id ?? null, name: customer?.name ?? '', tier: customer?.tier ?? null }
  if (ask.ask === 'progress') {
    const progress = row.customerId === null ? null : await progressFor(ctx, row.customerId)
    return { kind: 'progress', prompts: progress && spoken(progress) }
  }
  const place = row.interactionId === null ? null : await placeInQueue(ctx, row.interactionId)
  return { kind: 'place', position: place?.position ?? 1, estimate: place?.estimate ?? null }
}

/** The letters of a ticket's number are the kind's; people know theirs by the figures. */
const spoken = ({ number, stage }: Progress): Prompt[] => [
  { kind: 'said', key: 'your_ticket' },
  { kind: 'digits', digits: number.replaceAll(/\D/g, '') },
  { kind: 'said', key: `ticket_${stage}` },
]
