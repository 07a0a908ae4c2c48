import { improvements } from '#contract/improvement.ts'
import { goals, standards, strategies } from '#contract/standards.ts'
import { serveCatalog } from '#kernel/catalog.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { beginFinding, changeFinding, closeFinding, dropFinding, openAction, openFinding, planFinding, reopenFinding } from './actions.ts'
import { beginCheck, courseOf, decideFinding, measureFinding } from './checking.ts'
import { findingById, listFindings, timelineOf } from './queries.ts'
import {
  addStandard,
  attainmentsOf,
  changeStandard,
  computeStandard,
  listStandards,
  measureStandard,
  retireStandard,
  standardById,
  versionsOf,
} from './standards.ts'

export function routes(door: Door): void {
  serveCatalog(door, strategies, 'improvement.strategy')
  serveCatalog(door, goals, 'improvement.goal')
  serve(door, standards, {
    list: (ctx, { query }) => listStandards(ctx, query),
    one: (ctx, { id }) => standardById(ctx, id),
    versions: (ctx, { id }) => versionsOf(ctx, id),
    attainments: (ctx, { query: { standardId, ...paging } }) => attainmentsOf(ctx, standardId, paging),
    add: (ctx, { body }) => addStandard(ctx, body),
    change: (ctx, { id, body }) => changeStandard(ctx, id, body),
    measure: (ctx, { id, body }) => measureStandard(ctx, id, body),
    compute: (ctx, { id }) => computeStandard(ctx, id),
    retire: (ctx, { id, body }) => retireStandard(ctx, id, body.retired),
  })
  serve(door, improvements, {
    list: (ctx, { query }) => listFindings(ctx, query),
    one: (ctx, { id }) => findingById(ctx, id),
    course: (ctx, { id }) => courseOf(ctx, id),
    timeline: (ctx, { id }) => timelineOf(ctx, id),
    open: (ctx, { body }) => openFinding(ctx, body),
    change: (ctx, { id, body }) => changeFinding(ctx, id, body),
    plan: (ctx, { id, body }) => planFinding(ctx, id, body),
    begin: (ctx, { id }) => beginFinding(ctx, id),
    act: (ctx, { id, body }) => openAction(ctx, id, body),
    check: (ctx, { id }) => beginCheck(ctx, id),
    measure: (ctx, { id }) => measureFinding(ctx, id),
    decide: (ctx, { id, body }) => decideFinding(ctx, id, body),
    close: (ctx, { id, body }) => closeFinding(ctx, id, body),
    drop: (ctx, { id, body }) => dropFinding(ctx, id, body),
    reopen: (ctx, { id, body }) => reopenFinding(ctx, id, body),
  })
}
