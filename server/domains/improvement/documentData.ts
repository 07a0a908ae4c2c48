import { sql } from 'kysely'
import type { Unit } from '#contract/documentBlocks.ts'
import type { Language } from '#contract/documents.ts'
import type { Effect, Finding, Round } from '#contract/improvement.ts'
import type { DeclaredFigure, NamedSubject } from '#contract/insight.ts'
import type { Attainment, Standard } from '#contract/standards.ts'
import { findingStageWords } from '#contract/words.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { declaredFigure } from '#domains/insight/index.ts'
import { dateIn } from '#kernel/calendar.ts'
import type { DocumentData } from '#kernel/documentSources.ts'
import { isId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { courseOf } from './checking.ts'
import { attainmentWords, centreWords, channelWords, testWords, verdictWords } from './documentWords.ts'
import { findingById } from './queries.ts'
import { addDays, periodOf } from './rules.ts'
import { listStandards } from './standards.ts'
import type { Window } from './tables.ts'

const units: Record<DeclaredFigure['unit'], Unit> = {
  share: 'percent',
  seconds: 'seconds',
  hours: 'hours',
  points: 'score',
  per100: 'number',
  per1000: 'number',
}
const measured = (definition: DeclaredFigure, value: number | null): DocumentData => ({ value, unit: units[definition.unit] })
const nameIn = (language: Language, { name, nameEn }: { name: string; nameEn: string }) => (language === 'en' ? nameEn || name : name)
const said = (language: Language, [zh, en]: readonly [string, string]) => (language === 'en' ? en : zh)
const ofSubject = (language: Language, subject: NamedSubject) =>
  subject.by === 'centre'
    ? said(language, centreWords)
    : subject.by === 'channel'
      ? said(language, channelWords[subject.key] ?? [subject.key, subject.key])
      : nameIn(language, subject)

/** Beyond these a report is no longer read. */
const mostStandards = 200
/** What standards came to in a period. */
export async function standardsIn(
  ctx: Ctx,
  { period: asked, on = '' }: Readonly<Record<string, string>>,
  language: Language,
): Promise<DocumentData> {
  const period = asked === 'quarter' || asked === 'year' ? asked : 'month'
  const { timezone } = await tenantCard(ctx)
  const [from, until] = periodOf(period, /^\d{4}-\d\d-\d\d$/.test(on) ? on : dateIn(timezone, ctx.now))
  const standards = (await listStandards(ctx, { size: mostStandards })).rows.flatMap(s => (s.version ? [{ ...s, version: s.version }] : []))
  const judged = await judgedIn(ctx, standards, from, until)
  const rows = standards.map(standard => {
    const { version } = standard
    const definition = declaredFigure(version.figure)
    const own = judged.filter(a => a.standardId === standard.id)
    const latest = own.at(-1)
    const attained = own.filter(a => a.state === 'attained').length
    const clear = own.filter(a => a.state !== 'too_few').length
    return {
      name: nameIn(language, standard),
      figure: nameIn(language, definition),
      subject: ofSubject(language, version.subject),
      owner: standard.ownerName ?? '',
      target: measured(definition, version.target),
      value: measured(definition, latest?.value ?? null),
      n: latest?.n ?? 0,
      interval: latest ? intervalText(definition, latest.low, latest.high) : '—',
      state: latest ? said(language, attainmentWords[latest.state]) : said(language, attainmentWords.running),
      judged: clear,
      attained,
      share: clear > 0 ? attained / clear : null,
      definition: definition[language],
    }
  })
  const of = (state: Attainment['state']) => judged.filter(a => a.state === state)
  const clear = judged.length - of('too_few').length
  return {
    from,
    until: addDays(until, -1),
    count: {
      standards: rows.length,
      judged: clear,
      attained: of('attained').length,
      missed: of('missed').length,
      tooFew: of('too_few').length,
      share: clear > 0 ? of('attained').length / clear : null,
    },
    standards: rows,
    missed: of('missed').flatMap(a => {
      const standard = standards.find(s => s.id === a.standardId)
      if (!standard) return []
      const definition = declaredFigure(a.figure)
      return [
        {
          name: nameIn(language, standard),
          from: a.fromDay,
          until: addDays(a.untilDay, -1),
          target: measured(definition, a.target),
          value: measured(definition, a.value),
          n: a.n,
          owner: standard.ownerName ?? '',
        },
      ]
    }),
  }
}

type Judged = Attainment & { standardId: string; figure: DeclaredFigure['figure']; target: number }
/** Periods that ended within these days, each by the measure it was judged by, oldest first. */
async function judgedIn(ctx: Ctx, standards: readonly Standard[], from: string, until: string): Promise<Judged[]> {
  const { rows } =
    await sql<Judged>`select a.id, a.standard_id as "standardId", a.from_day as "fromDay", a.until_day as "untilDay", a.value, a.n, a.low, a.high, a.state, v.figure, v.target
    from improvement.attainment a join improvement.standard_version v on v.tenant_id = ${ctx.tenantId} and v.id = a.version_id
    where a.tenant_id = ${ctx.tenantId} and a.standard_id = any(${standards.map(s => s.id)}::uuid[]) and a.until_day > ${from}::date and a.until_day <= ${until}::date
      and a.state <> 'running' order by a.from_day, a.standard_id limit 5000`.execute(ctx.db)
  return rows
}

const plain = (value: number, digits: number) => value.toFixed(digits)
function boundText(unit: DeclaredFigure['unit'], value: number | null): string {
  if (value === null) return '∞'
  return unit === 'share' ? `${plain(value * 100, 1)}%` : plain(value, 2)
}
const intervalText = ({ unit }: Pick<DeclaredFigure, 'unit'>, low: number | null, high: number | null) =>
  low === null && high === null ? '—' : `${boundText(unit, low)}–${boundText(unit, high)}`
const pText = (p: number | null | undefined) => (p === null || p === undefined ? '—' : p < 0.001 ? '< 0.001' : plain(p, 3))

/** The whole course of an improvement. */
export async function courseOfFinding(
  ctx: Ctx,
  { findingId = '' }: Readonly<Record<string, string>>,
  language: Language,
): Promise<DocumentData> {
  if (!isId(findingId)) throw new Refusal('not_found', 'finding.not_found', { id: findingId.slice(0, 60) })
  const finding = await findingById(ctx, findingId)
  const round = finding.rounds[0]
  const weeks = round ? await courseOf(ctx, findingId) : []
  return findingData(finding, round, weeks, language)
}

/** As it stands, with blanks for what it has not come to. */
function findingData(finding: Finding, round: Round | undefined, weeks: readonly Window[], language: Language): DocumentData {
  const definition = round && declaredFigure(round.figure)
  const effect = round?.effects[0]
  const value = (of: number | null | undefined): DocumentData =>
    definition ? measured(definition, of ?? null) : { value: null, unit: 'number' }
  const [before, after] = [effect?.before ?? round?.baseline ?? null, effect?.after ?? round?.latest ?? null]
  const [was, is] = language === 'en' ? ['Before', 'After'] : ['之前', '之后']
  return {
    finding: {
      title: finding.title,
      text: finding.text,
      stage: said(language, findingStageWords[finding.stage]),
      owner: finding.ownerName ?? '',
      openedAt: finding.openedAt,
      dueAt: finding.dueAt,
      closedAt: finding.closedAt,
      rounds: finding.rounds.length,
    },
    plan: {
      cause: round?.cause ?? '',
      measure: round?.measure ?? '',
      figure: definition ? nameIn(language, definition) : '',
      definition: definition?.[language] ?? '',
      subject: round ? ofSubject(language, round.subject) : '',
      expected: value(round?.expected),
      beforeFrom: round?.beforeFrom ?? null,
      beforeUntil: round ? addDays(round.beforeUntil, -1) : null,
      afterFrom: round?.afterFrom ?? null,
      afterUntil: round?.afterUntil ? addDays(round.afterUntil, -1) : null,
      alpha: round ? String(round.alpha) : '',
      declaredAt: round?.declaredAt ?? null,
    },
    check: {
      ...checkOf(definition, effect, language),
      before: value(before?.value),
      beforeN: before?.n ?? null,
      after: value(after?.value),
      afterN: after?.n ?? null,
      decision: round?.verdict ? said(language, verdictWords[round.verdict]) : '',
      reason: round?.reason ?? '',
      standardised: round?.standardised ?? '',
    },
    actions: finding.tasks.map(({ title, round: number, ownerName, dueAt, doneAt }) => ({
      title,
      round: number,
      owner: ownerName ?? '',
      dueAt,
      doneAt,
    })),
    pair: [
      ...(before ? [{ label: was ?? '', value: value(before.value), n: before.n }] : []),
      ...(after ? [{ label: is ?? '', value: value(after.value), n: after.n }] : []),
    ],
    course: weeks.map(week => weekOf(week, round, value)),
    rounds: finding.rounds.toReversed().map(r => roundOf(r, language)),
  }
}

function weekOf(week: Window, round: Round | undefined, value: (of: number | null) => DocumentData): DocumentData {
  const acted = round?.begunAt?.toISOString().slice(0, 10) ?? '9999'
  const [, month, day] = week.from.split('-').map(Number)
  return {
    label: `${month}/${day}`,
    before: value(week.from < acted ? week.value : null),
    after: value(week.until > acted ? week.value : null),
    expected: value(round?.expected ?? null),
    n: week.n,
  }
}

function roundOf(round: Round, language: Language): DocumentData {
  const definition = declaredFigure(round.figure)
  const effect = round.effects[0]
  const verdict = round.verdict ?? effect?.verdict
  return {
    number: round.number,
    measure: round.measure,
    before: measured(definition, (effect?.before ?? round.baseline)?.value ?? null),
    after: measured(definition, (effect?.after ?? round.latest)?.value ?? null),
    p: pText(effect?.p),
    verdict: verdict ? said(language, verdictWords[verdict]) : '—',
  }
}

/** Shares and means differ, rates are divided. */
function checkOf(definition: DeclaredFigure | undefined, effect: Effect | undefined, language: Language) {
  if (!definition || !effect) return { effect: { value: null, unit: 'number' }, interval: '—', test: '', p: '—', verdict: '' }
  const unit = definition.measure === 'rate' ? 'per100' : definition.unit
  return {
    effect: { value: effect.effect, unit: units[unit] },
    interval: intervalText({ unit }, effect.low, effect.high),
    test: said(language, testWords[effect.test]),
    p: pText(effect.p),
    verdict: said(language, verdictWords[effect.verdict]),
  }
}
