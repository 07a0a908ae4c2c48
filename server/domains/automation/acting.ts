import type { Run } from '#contract/automation.ts'
import { newId } from '#kernel/ids.ts'
import type { Outward } from '#kernel/react.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type Ctx, work } from '#kernel/work.ts'
import { actionOf, triggerOf } from './offers.ts'
import type { Due } from './running.ts'

type Act = Run['actions'][number]

/**
 * The actions of a run, in order, each in a work of its own: what one is refused leaves the others as they are, and is written beside it.
 * Whoever does the same at the same time waits for the run's row, and finds it done.
 */
export async function carryOut(io: Outward, due: Due): Promise<void> {
  for (let n = 0; n < due.rule.body.actions.length; n++) {
    try {
      await work(io.house, due.actor, ctx => act(ctx, due, n))
    } catch (error) {
      const refused = error instanceof Refusal
      const fault = newId()
      if (!refused) io.house.log.error({ err: error, rule: due.rule.id, run: due.run, fault }, 'an action of a rule failed')
      await io.work(ctx =>
        settle(ctx, due.run, n, refused ? { code: error.code, facts: error.facts } : { code: 'rule.action_failed', facts: { fault } }),
      )
    }
  }
}

async function act(ctx: Ctx, { run, actor, subjectNoun, subjectId, rule }: Due, n: number): Promise<void> {
  const { trigger, actions } = await lock(ctx, run)
  const wanted = rule.body.actions[n]
  if (!wanted || actions[n]?.state !== 'pending') return
  const offer = actionOf(wanted.action)
  if (!offer) throw new Refusal('not_found', 'rule.action_unknown', { action: wanted.action })
  ctx.actor = actor
  ctx.cause = run
  const seen = await triggerOf(trigger).subject.load(ctx, subjectId)
  if (!seen) throw new Refusal('not_found', `${subjectNoun}.not_found`, { id: subjectId })
  await offer.run(ctx, { noun: subjectNoun, id: subjectId, ...seen, rule: { id: rule.id, name: rule.name } }, wanted.params)
  await settle(ctx, run, n, null)
}

const lock = (ctx: Ctx, run: string) =>
  ctx.db.selectFrom('automation.run').select(['trigger', 'actions']).where('id', '=', run).forUpdate().executeTakeFirstOrThrow()

async function settle(ctx: Ctx, run: string, n: number, refused: Pick<Act, 'code' | 'facts'> | null): Promise<void> {
  const { actions } = await lock(ctx, run)
  const settled = actions.map(
    (one, at): Act =>
      at !== n || one.state !== 'pending'
        ? one
        : { ...one, state: refused ? 'refused' : 'done', code: refused?.code ?? null, facts: refused?.facts ?? {} },
  )
  await ctx.db
    .updateTable('automation.run')
    .set({ actions: JSON.stringify(settled) })
    .where('id', '=', run)
    .execute()
}
