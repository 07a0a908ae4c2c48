import { addDays, attain } from '#domains/improvement/index.ts'
import { declaredFigure } from '#domains/insight/index.ts'
import { startOfDay } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'
import { timezone } from './centre.ts'
import { place } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'
import { goals, standards, strategy } from './words/improvement.ts'

/** The strategy, its goals and standards; every period that is over is judged by what the centre's year holds. */
export async function setStandards({ ctx, ids, say, today }: { ctx: Ctx; ids: Ids; say: Say; today: string }): Promise<void> {
  const year = Number(today.slice(0, 4))
  const began = addDays(today, -395)
  const first = `${began.slice(0, 8)}01`
  await place(ctx, 'improvement.strategy', [
    {
      id: ids('strategy'),
      name: say(strategy.name),
      nameEn: strategy.name[1],
      text: say(strategy.text),
      ownerId: ids('person supervisor'),
      fromDay: `${year - 1}-01-01`,
      untilDay: `${year + 2}-01-01`,
    },
  ])
  await place(
    ctx,
    'improvement.goal',
    Object.entries(goals).map(([key, g], position) => ({
      id: ids(`goal ${key}`),
      strategyId: ids('strategy'),
      name: say(g.name),
      nameEn: g.name[1],
      text: say(g.text),
      ownerId: ids(`person ${g.owner}`),
      position,
    })),
  )
  const all = Object.entries(standards)
  await place(
    ctx,
    'improvement.standard',
    all.map(([key, s]) => ({
      id: ids(`standard ${key}`),
      goalId: ids(`goal ${s.goal}`),
      kind: s.kind,
      name: say(s.name),
      nameEn: s.name[1],
      text: say(s.text),
      source: s.source,
      ownerId: ids(`person ${s.owner}`),
    })),
  )
  const measured = all.flatMap(([key, s]) => (s.measure ? [{ key, ...s.measure }] : []))
  await place(
    ctx,
    'improvement.standard_version',
    measured.map(({ key, of, ...m }) => ({
      id: ids(`standard ${key} 1`),
      standardId: ids(`standard ${key}`),
      number: 1,
      ...m,
      figureVersion: declaredFigure(m.figure).version,
      subjectBy: of ? 'department' : 'centre',
      subjectKey: of ? ids(`department ${of}`) : '',
      fromDay: m.period === 'year' ? `${year - 1}-01-01` : m.period === 'week' ? addDays(today, -13 * 7) : first,
      setBy: ids('person supervisor'),
      setAt: startOfDay(timezone, first),
    })),
  )
  for (const { key } of measured) await attain(ctx, ids(`standard ${key}`))
}
