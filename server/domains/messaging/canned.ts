import type * as z from 'zod'
import { type CannedAnswer, cannedAnswers } from '#contract/messaging.ts'
import { scopeOf } from '#kernel/access.ts'
import { catalogVerbs } from '#kernel/catalog.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

type Canned = z.output<typeof CannedAnswer>
type Whose = Pick<Canned, 'teamId' | 'ownerId'>
const verbs = catalogVerbs(cannedAnswers, 'messaging.canned_answer')

/** Everyone's, one's team's and one's own; who sets them up sees those of every team. */
export async function listCanned(ctx: Ctx, withRetired: boolean) {
  const rows = await verbs.list(ctx, withRetired)
  return rows
    .filter(row => maySee(ctx, row))
    .sort((a, b) => a.topic.localeCompare(b.topic, 'zh') || a.shortcut.localeCompare(b.shortcut, 'zh'))
}

export async function addCanned(ctx: Ctx, answer: Canned) {
  mayKeep(ctx, answer)
  return verbs.add(ctx, answer)
}

export async function changeCanned(ctx: Ctx, id: string, change: Partial<Canned>) {
  const before = await mine(ctx, id)
  mayKeep(ctx, { ...before, ...change })
  return verbs.change(ctx, id, change)
}

export async function retireCanned(ctx: Ctx, id: string, retired: boolean) {
  await mine(ctx, id)
  return verbs.retire(ctx, id, retired)
}

async function mine(ctx: Ctx, id: string) {
  const row = await verbs.one(ctx, id)
  if (!maySee(ctx, row)) found(undefined, 'canned_answer', id)
  mayKeep(ctx, row)
  return row
}

const me = ({ actor }: Ctx) => (actor.kind === 'user' ? actor : null)
const setsUp = (ctx: Ctx) => scopeOf(ctx.actor, 'conversation:configure') !== null

function maySee(ctx: Ctx, { teamId, ownerId }: Whose): boolean {
  if (ownerId !== null) return ownerId === me(ctx)?.id
  return teamId === null || teamId === me(ctx)?.teamId || setsUp(ctx)
}

/** One's own are one's own; a team's are its leader's too; everyone's belong to who sets up conversations. */
function mayKeep(ctx: Ctx, { teamId, ownerId }: Whose): void {
  if (teamId !== null && ownerId !== null) throw new Refusal('invalid', 'canned_answer.two_owners')
  const leads = teamId !== null && teamId === me(ctx)?.teamId && scopeOf(ctx.actor, 'conversation:supervise') !== null
  const may = ownerId !== null ? ownerId === me(ctx)?.id : leads || setsUp(ctx)
  if (!may) throw new Refusal('forbidden', 'canned_answer.not_yours')
}
