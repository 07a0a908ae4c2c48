import type { FigureName, Measured, Subject } from '#contract/insight.ts'
import { addDays, type Judgement, judgeEffect } from '#domains/improvement/index.ts'
import { declaredFigure, figureOver } from '#domains/insight/index.ts'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'
import { timezone } from './centre.ts'
import { type Dice, throwing } from './dice.ts'
import { place, type Row } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'
import { setStandards } from './standards.ts'
import { findings, type Said, standards } from './words/improvement.ts'

type Scene = { ctx: Ctx; ids: Ids; say: Say; dice: Dice; today: string }
const at = (day: string, hour = 9) => new Date(startOfDay(timezone, day).getTime() + hour * 3_600_000)

/** Strategy, standards and improvements. What they came to is computed from the year of the centre like everybody's, nothing of it is written down here. */
export async function improve(ctx: Ctx, ids: Ids, say: Say): Promise<void> {
  const today = dateIn(timezone, ctx.now)
  const scene: Scene = { ctx, ids, say, dice: throwing(`improvement ${today}`), today }
  await setStandards(scene)
  const trials = await trialsOf(scene)
  const proven = trials.find(t => t.judgement.verdict === 'effective')
  const failed = trials.filter(t => t.judgement.verdict === 'not_effective')
  if (proven) await finding(scene, { words: findings.proven, trial: proven, stage: 'closed', owner: 'lead' })
  const again = failed.find(t => t.figure === 'asa' && t.subject.key === ids('queue billing')) ?? failed[0]
  const judged = failed.find(t => t !== again && t.subject.key !== again?.subject.key)
  if (again) await finding(scene, { words: findings.again, trial: again, stage: 'doing', owner: 'chengyining' })
  if (judged) await finding(scene, { words: findings.judged, trial: judged, stage: 'checked', owner: 'lead' })
  await finding(scene, { words: findings.idea, trial: null, stage: 'found', owner: 'supervisor' })
}

type Trial = {
  figure: FigureName
  subject: Subject
  expected: number
  begun: string
  before: Measured
  after: Measured
  judgement: Judgement
}
const span = { before: 56, acting: 14, after: 42 }

/** What this centre's year has to show: figures of queues before and after a day, judged by the test that a plan would have declared. */
async function trialsOf({ ctx, ids, today }: Scene): Promise<Trial[]> {
  const found: Trial[] = []
  for (const figure of ['csat', 'asa', 'service_level'] as const)
    for (const queue of ['repairs', 'billing', 'web', 'services'])
      for (let ago = 80; ago <= 260; ago += 30) {
        const subject = { by: 'queue' as const, key: ids(`queue ${queue}`) }
        const begun = addDays(today, -ago)
        const ended = addDays(begun, span.acting)
        const before = await figureOver(ctx, figure, subject, addDays(begun, -span.before), begun)
        if (before.value === null || before.n < 30) continue
        const after = await figureOver(ctx, figure, subject, ended, addDays(ended, span.after))
        const definition = declaredFigure(figure)
        const expected =
          definition.better === 'up' ? Math.min(0.97, Math.round(before.value * 100 + 5) / 100) : Math.round(before.value * 0.75)
        const judgement = judgeEffect(definition, { expected, alpha: 0.05, leastCases: 30 }, before, after)
        found.push({ figure, subject, expected, begun, before, after, judgement })
      }
  // The clearest first; among those that failed, the latest.
  return found.toSorted((a, b) =>
    a.judgement.verdict === 'effective' ? (a.judgement.p ?? 1) - (b.judgement.p ?? 1) : b.begun.localeCompare(a.begun),
  )
}

type Plot = { words: Said; trial: Trial | null; stage: 'found' | 'doing' | 'checked' | 'closed'; owner: string }

async function finding(scene: Scene, { words, trial, stage, owner }: Plot): Promise<void> {
  const { ctx, ids, say, dice, today } = scene
  const opened = trial ? addDays(trial.begun, -3) : addDays(today, -2)
  const id = dice.id(at(opened))
  const ownerId = ids(`person ${owner}`)
  const ended = trial && addDays(trial.begun, span.acting + span.after)
  const failed = trial !== null && stage === 'doing'
  const closed = stage === 'closed' && ended ? at(addDays(ended, 3), 16) : null
  const changed = ended ? at(addDays(ended, stage === 'checked' ? 0 : 2), 10) : at(opened)
  const round = failed ? 2 : 1
  await place(ctx, 'improvement.finding', [
    {
      id,
      title: say(words.title),
      text: say(words.text),
      sourceNoun: words.standard ? 'standard' : 'idea',
      sourceId: words.standard ? ids(`standard ${words.standard}`) : null,
      sourceFacts: words.standard ? { title: say(standards[words.standard].name) } : {},
      stage,
      round,
      ownerId,
      openedById: ids('person supervisor'),
      openedAt: at(opened),
      dueAt: closed ? null : at(addDays(today, 12), 17),
      changedAt: closed ?? changed,
      closedAt: closed,
      outcome: closed ? 'effective' : '',
    },
  ])
  const traces: Row[] = []
  const tell = (name: string, when: Date, actor: string | null, detail: Row) =>
    traces.push({
      id: dice.id(when),
      name: `finding.${name}`,
      about: id,
      at: when,
      actorKind: actor ? 'user' : 'system',
      actorId: actor && ids(`person ${actor}`),
      customerId: null,
      interactionId: null,
      seenBy: 'improvement:read',
      detail: { title: say(words.title), ownerId, round: 1, ...detail },
      audit: name === 'decided',
    })
  tell('opened', at(opened), 'supervisor', { source: words.standard ? 'standard' : 'idea' })
  if (trial && ended) await firstRound(scene, { words, trial, id, stage, owner, ended, tell })
  if (failed) {
    tell('reopened', changed, 'supervisor', { round: 2, reason: say(words.reason) })
    await secondRound(scene, { words, trial, id, owner, tell })
  }
  await place(ctx, 'kernel.event', traces)
}

type Round = {
  words: Said
  trial: Trial
  id: string
  stage: Plot['stage']
  owner: string
  ended: string
  tell: (name: string, when: Date, actor: string | null, detail: Row) => void
}

async function firstRound({ ctx, ids, say, dice }: Scene, { words, trial: t, id, stage, owner, ended, tell }: Round): Promise<void> {
  const acted = addDays(t.begun, span.acting)
  const decided = stage === 'checked' ? null : at(addDays(ended, 2), 10)
  const verdict = stage === 'checked' ? null : stage === 'closed' ? 'effective' : 'not_effective'
  const [before, after] = [windowOf(t.before), windowOf(t.after)]
  await place(ctx, 'improvement.round', [
    {
      id: dice.id(at(t.begun)),
      findingId: id,
      number: 1,
      cause: say(words.cause),
      measure: say(words.measure),
      figure: t.figure,
      figureVersion: t.before.version,
      subjectBy: t.subject.by,
      subjectKey: t.subject.key,
      expected: t.expected,
      beforeFrom: t.before.from,
      beforeUntil: t.before.until,
      afterDays: span.after,
      settleDays: 0,
      alpha: 0.05,
      leastCases: 30,
      declaredBy: ids(`person ${owner}`),
      declaredAt: at(addDays(t.begun, -1)),
      baseline: before,
      latest: after,
      begunAt: at(t.begun),
      afterFrom: acted,
      afterUntil: ended,
      verdict,
      decidedBy: decided && ids('person supervisor'),
      decidedAt: decided,
      reason: stage === 'doing' ? say(words.reason) : '',
      standardised: stage === 'closed' ? say(words.standardised) : '',
      links:
        stage === 'closed' && words.standard
          ? [{ noun: 'standard', id: ids(`standard ${words.standard}`), name: say(standards[words.standard].name) }]
          : [],
    },
  ])
  await place(ctx, 'improvement.effect', [
    { id: dice.id(at(ended, 2)), findingId: id, round: 1, figureVersion: t.after.version, before, after, ...t.judgement, at: at(ended, 2) },
  ])
  tell('planned', at(addDays(t.begun, -1)), owner, { figure: t.figure, expected: t.expected })
  tell('begun', at(t.begun), owner, { before: t.before.value })
  const actions = words.actions.map((title, n) => ({
    id: dice.id(at(t.begun, 10)),
    title: say(title),
    titleEn: title[1],
    doneAt: at(addDays(t.begun, 5 + 4 * n), 15),
    openedAt: at(t.begun, 10),
    dueAt: at(acted, 17),
    round: 1,
    owner: n === 0 ? owner : 'agent2',
  }))
  await place(
    ctx,
    'tasks.task',
    actions.map(a => taskOf(a, { id, ids, title: say(words.title) })),
  )
  await place(
    ctx,
    'improvement.action',
    actions.map(a => ({ id: a.id, findingId: id, round: 1, title: a.title })),
  )
  for (const a of actions) tell('action_opened', at(t.begun, 10), owner, { taskId: a.id, action: a.title })
  for (const [n, a] of actions.entries()) tell('action_moved', a.doneAt, null, { taskId: a.id, done: true, left: actions.length - n - 1 })
  tell('check_begun', at(addDays(acted, -1), 17), owner, { afterFrom: acted, afterUntil: ended })
  tell('measured', at(ended, 2), null, { verdict: t.judgement.verdict, p: t.judgement.p })
  if (decided)
    tell('decided', decided, 'supervisor', {
      verdict,
      test: t.judgement.verdict,
      overridden: false,
      reason: stage === 'doing' ? say(words.reason) : '',
    })
  if (stage === 'closed') tell('closed', at(addDays(ended, 3), 16), owner, { outcome: 'effective' })
}

/** Under way: planned anew ten days ago, one action done, one still open. */
async function secondRound(
  { ctx, ids, say, dice, today }: Scene,
  { words, trial: t, id, owner, tell }: Omit<Round, 'stage' | 'ended'>,
): Promise<void> {
  const begun = addDays(today, -10)
  const before = windowOf(await figureOver(ctx, t.figure, t.subject, addDays(begun, -28), begun))
  const latest = windowOf(await figureOver(ctx, t.figure, t.subject, begun, addDays(today, 1)))
  const expected = t.expected
  await place(ctx, 'improvement.round', [
    {
      id: dice.id(at(begun)),
      findingId: id,
      number: 2,
      cause: say(words.again.cause),
      measure: say(words.again.measure),
      figure: t.figure,
      figureVersion: before.version,
      subjectBy: t.subject.by,
      subjectKey: t.subject.key,
      expected,
      beforeFrom: before.from,
      beforeUntil: before.until,
      afterDays: 28,
      settleDays: 7,
      alpha: 0.05,
      leastCases: 30,
      declaredBy: ids(`person ${owner}`),
      declaredAt: at(begun, 10),
      baseline: before,
      latest,
      begunAt: at(begun, 11),
      links: [],
    },
  ])
  tell('planned', at(begun, 10), owner, { round: 2, figure: t.figure, expected })
  tell('begun', at(begun, 11), owner, { round: 2, before: before.value })
  const actions = words.again.actions.map((title, n) => ({
    id: dice.id(at(begun, 12)),
    title: say(title),
    titleEn: title[1],
    openedAt: at(begun, 12),
    dueAt: at(addDays(today, n === 0 ? -2 : 6), 17),
    doneAt: n === 0 ? at(addDays(today, -3), 15) : null,
    owner: n === 0 ? owner : 'lead',
    round: 2,
  }))
  await place(
    ctx,
    'tasks.task',
    actions.map(a => taskOf(a, { id, ids, title: say(words.title) })),
  )
  await place(
    ctx,
    'improvement.action',
    actions.map(a => ({ id: a.id, findingId: id, round: 2, title: a.title })),
  )
  for (const a of actions) tell('action_opened', a.openedAt, owner, { round: 2, taskId: a.id, action: a.title })
}

type Done = { id: string; title: string; titleEn: string; openedAt: Date; dueAt: Date; doneAt: Date | null; owner: string; round: number }
const taskOf = (a: Done, { id, ids, title }: { id: string; ids: Ids; title: string }): Row => ({
  id: a.id,
  title: a.title,
  kind: 'improvement',
  text: '',
  matterNoun: 'finding',
  matterId: id,
  customerId: null,
  ownerId: ids(`person ${a.owner}`),
  departmentId: null,
  openedById: ids('person supervisor'),
  openedAt: a.openedAt,
  dueAt: a.dueAt,
  doneAt: a.doneAt,
  result: a.doneAt ? a.title : '',
  late: false,
  facts: { finding: title, round: a.round, titleEn: a.titleEn },
})

const windowOf = ({ figure: _, ...measured }: Measured) => measured
