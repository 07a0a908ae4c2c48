import { sql } from 'kysely'
import type { LadderKind, MoveWay, PinWay } from '#contract/segments.ts'
import { actorId, isRule } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { customerMoved } from './events.ts'
import { pinAll } from './pins.ts'
import { readLadder } from './steps.ts'

export type Move = { id: string; was: string; becomes: string; why?: string }

export const isPersonsWord = ({ actor }: Ctx): boolean => actor.kind === 'user' && !isRule(actor)

/** A row of history for each, in one statement. */
export async function writeMoves(ctx: Ctx, kind: LadderKind, way: MoveWay, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return
  const by = way === 'rule' ? null : actorId(ctx.actor)
  const rows = moves.map(({ id, was, becomes, why = '' }) => ({ id: newId(), customer_id: id, was, becomes, why }))
  await sql`insert into customers.ladder_step (tenant_id, id, customer_id, kind, was, becomes, at, way, by_id, why)
    select ${ctx.tenantId}, r.id, r.customer_id, ${kind}, r.was, r.becomes, ${ctx.now}, ${way}, ${by}::uuid, r.why
    from json_to_recordset(${JSON.stringify(rows)}::json) as r (id uuid, customer_id uuid, was text, becomes text, why text)`.execute(
    ctx.db,
  )
}

/** Each is announced by itself, by the name its step has now. */
export async function tellMoves(ctx: Ctx, kind: LadderKind, way: MoveWay, moves: readonly Move[], pinned: boolean): Promise<void> {
  if (moves.length === 0) return
  const steps = new Map((await readLadder(ctx, kind)).steps.map(step => [step.key, step]))
  ctx.emitAll(
    customerMoved,
    moves.map(({ id, was, becomes, why = '' }) => {
      const { name = '', nameEn = '' } = steps.get(becomes) ?? {}
      const personal: Record<string, string> = why === '' || way === 'rule' ? {} : { reason: why }
      return { about: { id, customerId: id }, detail: { kind, was, becomes, name, nameEn, way, pinned }, personal }
    }),
  )
}

/**
 * Tiers that were written into files: history like any other move. A person said so, by hand, by a table or by another system: each stays
 * while tiers are kept by rule; one that was pinned already is so by these words from now on. What a rule did pins nobody.
 */
export async function tiersWritten(ctx: Ctx, way: PinWay, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return
  const isWord = way !== 'person' || isPersonsWord(ctx)
  const { active } = await readLadder(ctx, 'tier')
  if (isWord)
    await pinAll(
      ctx,
      'tier',
      way,
      moves.map(move => move.id),
      { reason: '', those: active ? 'all' : 'pinned' },
    )
  await writeMoves(ctx, 'tier', isWord ? way : 'rule', moves)
  // An import tells of itself, and of nobody it changed.
  if (way !== 'import') await tellMoves(ctx, 'tier', isWord ? way : 'rule', moves, isWord && active)
}

/** Whoever comes in on another tier than the usual one was put there too: it has no history, and stays while tiers are kept by rule. */
export async function tiersBrought(ctx: Ctx, way: PinWay, brought: readonly { id: string; tier?: string }[]): Promise<void> {
  const ids = brought.filter(({ tier = '' }) => tier !== '' && tier !== 'normal').map(one => one.id)
  if (ids.length === 0 || (way === 'person' && !isPersonsWord(ctx))) return
  if ((await readLadder(ctx, 'tier')).active) await pinAll(ctx, 'tier', way, ids, { reason: '', those: 'all' })
}
