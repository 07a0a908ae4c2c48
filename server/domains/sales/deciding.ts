import type { Opportunity, OpportunityItem } from '#contract/sales.ts'
import { phoneNumber, type Shows, shownTo } from '#domains/customers/index.ts'
import type { Wrong } from '#kernel/batch.ts'

export type Stage = { id: string; name: string; nameEn: string; kind: Opportunity['state']; retired: boolean }
export type Move = { fromId: string | null; to: Stage; note: string }
const plain = ['title', 'source', 'sourceNote', 'value', 'ownerId', 'expectedOn', 'note'] as const
const ofLead = ['name', 'phone', 'email'] as const
/** An opportunity as it stands, or will, and where it went meanwhile. */
export type State = Pick<
  Opportunity,
  | 'id' | 'extId' | (typeof plain)[number] | (typeof ofLead)[number] | 'customerId' | 'whoName' | 'stageId' | 'state' | 'lostReason' | 'closedAt' | 'version'
> & { phoneTyped: string | null; moves: readonly Move[] } // biome-ignore format: a list of words

/** What is known of the house before anything is decided. */
export type Around = {
  /** Those that are passed, in their order. */
  stages: readonly Stage[]
  owners: ReadonlySet<string>
  ownerOfNew: string | null
  shows: Shows
  now: Date
}

/** Who comes in by this item: where opportunities begin. */
export function newcomer(id: string, item: OpportunityItem, customerId: string | null, { stages, ownerOfNew }: Around): State | Wrong {
  const first = stages.find(stage => stage.kind === 'open' && !stage.retired)
  if (!first) return { code: 'opportunity.no_stages', field: 'stage' }
  if (item.title === undefined) return { code: 'input.invalid', field: 'title' }
  return {
    id, extId: item.extId ?? null, title: '', source: 'contact', sourceNote: '', value: 0, ownerId: ownerOfNew, expectedOn: null, note: '', name: '', phone: null,
    phoneTyped: null, email: null, customerId, whoName: '', stageId: first.id, state: 'open', lostReason: '', closedAt: null, version: 1,
    moves: [{ fromId: null, to: first, note: '' }],
  } // biome-ignore format: one line per thing
}

/** What an item makes of an opportunity, and which of its fields that changes; what it does not say stays. Pure. */
export function applied(before: State, item: OpportunityItem, around: Around): { after: State; fields: string[] } | Wrong {
  const after: State = { ...before, extId: item.extId ?? before.extId }
  for (const key of plain) if (item[key] !== undefined) Object.assign(after, { [key]: item[key] })
  if (after.ownerId !== null && after.ownerId !== before.ownerId && !around.owners.has(after.ownerId))
    return { code: 'opportunity.owner_unknown', field: 'ownerId' }
  // What the file says counts: a second copy of a person's number would outlive the first.
  const wrong = before.customerId === null ? leadWritten(after, item, around.shows) : null
  if (wrong) return wrong
  const moved = stageWritten(after, item, around)
  if (moved) return moved
  return { after, fields: changedIn(before, after) }
}

function leadWritten(after: State, item: OpportunityItem, shows: Shows): Wrong | null {
  // What is masked in our replies may come back as it was.
  const shown = shownTo(shows, { phone: after.phone, email: after.email })
  if (item.name !== undefined) after.name = item.name
  if (after.name === '') return { code: 'opportunity.whose', field: 'name' }
  if (item.phone !== undefined && item.phone !== shown.phone) {
    const phone = item.phone ? phoneNumber(item.phone) : null
    if (item.phone && phone === null) return { code: 'customer.phone_invalid', field: 'phone' }
    if (phone !== after.phone) Object.assign(after, { phone, phoneTyped: phone === null ? null : item.phone })
  }
  if (item.email === undefined || item.email === shown.email) return null
  if (item.email?.includes('***@')) return { code: 'customer.email_invalid', field: 'email' }
  after.email = item.email
  return null
}

function stageWritten(after: State, { stageId, stage: name, stageNote = '' }: OpportunityItem, { stages, now }: Around): Wrong | null {
  if (stageId === undefined && name === undefined) return null
  const meant = (stage: Stage) => (stageId ? stage.id === stageId : stage.name === name || stage.nameEn === name)
  const field = stageId ? 'stageId' : 'stage'
  // Of two of one name the one where it stands already.
  const to = stages.find(stage => meant(stage) && stage.id === after.stageId) ?? stages.find(stage => meant(stage) && !stage.retired)
  if (!to) return { code: 'opportunity.stage_unknown', field }
  if (to.id === after.stageId) return null
  if (to.kind === 'lost' && stageNote === '') return { code: 'opportunity.why_lost', field: 'stageNote' }
  Object.assign(after, {
    stageId: to.id,
    state: to.kind,
    closedAt: to.kind === 'open' ? null : now,
    lostReason: to.kind === 'lost' ? stageNote : '',
    moves: [...after.moves, { fromId: after.stageId, to, note: stageNote }],
  } satisfies Partial<State>)
  return null
}

const told = ['extId', ...plain, ...ofLead] as const
/** Which of its fields are others; a stage it went to stands in the moves. */
const changedIn = (before: State, after: State): string[] => [
  ...told.filter(key => after[key] !== before[key]),
  ...(after.moves.length > before.moves.length ? ['stageId'] : []),
]
