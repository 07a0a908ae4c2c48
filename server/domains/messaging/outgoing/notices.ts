import { sql } from 'kysely'
import * as z from 'zod'
import type { Audience, GuardReason, NewNotice, Notice, notices, WholeNotice } from '#contract/outgoing.ts'
import { holdSegment, letGo, segmentMembers } from '#domains/customers/index.ts'
import { actorId } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { noticeBegun } from './events.ts'
import { forgottenOf } from './forgetting.ts'
import { judge } from './guard.ts'
import { audienceSql, countsOf, endNotice } from './noticeSteps.ts'
import { nameIn, senderOf } from './policy.ts'
import { noticesSeen } from './seeing.ts'
import { segmentsOf } from './segments.ts'
import { templateOf } from './templates.ts'
import { checkVariables, filled, filledSoFar, oneLine, sourceOf } from './templating.ts'
import { wakeSender } from './wake.ts'

const columns = sql`id, name, purpose, channel, template, language, state, total, begun_at as "begunAt", ended_at as "endedAt", by_name as "byName"`
/** What may be said to many. */
const toMany = ['notice', 'urgent', 'survey', 'marketing']

async function wordsOf(
  ctx: Ctx,
  { channel, template: code, language, variables }: Pick<NewNotice, 'channel' | 'template' | 'language' | 'variables'>,
  name: string,
) {
  const [template, sender] = await Promise.all([templateOf(ctx, code), senderOf(ctx)])
  if (!toMany.includes(template.purpose)) throw new Refusal('invalid', 'notice.purpose', { purpose: template.purpose })
  const source = sourceOf(template, channel, language)
  const known = new Set(template.variables.map(v => v.key))
  const organisation: Record<string, string> = known.has('organisation') ? { organisation: nameIn(sender, language) } : {}
  const all = { ...organisation, ...variables }
  checkVariables(template, source, known.has('name') ? { name, ...all } : all)
  return { template, source, variables: all }
}

function checkAudience({ tier, district, tag, segment, numbers }: Audience): void {
  if (numbers && numbers.length === 0) throw new Refusal('invalid', 'notice.nobody')
  if (numbers && (tier || district || tag || segment)) throw new Refusal('invalid', 'notice.audience_mixed')
}

/** To all who are chosen, one announcement for all of them; the outbox fills step by step, and each is asked past the guard when its turn comes. */
export async function sendNotice(ctx: Ctx, notice: NewNotice): Promise<Notice> {
  checkAudience(notice.audience)
  const { template, source, variables } = await wordsOf(ctx, notice, '')
  const id = newId()
  const { rows } =
    await sql<Notice>`insert into messaging.notice (tenant_id, id, name, purpose, channel, template, language, subject, text, vendor_code, variables, audience, state, begun_at, by_id, by_name, client_id)
    values (${ctx.tenantId}, ${id}, ${notice.name}, ${template.purpose}, ${notice.channel}, ${template.code}, ${notice.language}, ${source.subject}, ${source.text}, ${template.vendorCode},
      ${JSON.stringify(variables)}, ${JSON.stringify(notice.audience)}, 'gathering', ${ctx.now}, ${actorId(ctx.actor)}, ${ctx.actor.kind === 'user' ? ctx.actor.name : ''}, ${notice.clientId ?? null})
    on conflict (tenant_id, by_id, client_id) where client_id is not null do nothing returning ${columns}`.execute(ctx.db)
  if (rows.length === 0) return sentBefore(ctx, notice.clientId)
  // To whoever is in it now, however long it takes until all of them are in the outbox.
  if (notice.audience.segment) await holdSegment(ctx, id, notice.audience.segment)
  await ctx.emit(noticeBegun, { id }, { name: notice.name, channel: notice.channel, purpose: template.purpose, template: template.code })
  wakeSender(ctx)
  return found(rows[0], 'notice', id)
}

async function sentBefore(ctx: Ctx, clientId: string | undefined): Promise<Notice> {
  const { rows } = await sql<Notice>`select ${columns} from messaging.notice
    where tenant_id = ${ctx.tenantId} and by_id is not distinct from ${actorId(ctx.actor)} and client_id = ${clientId}`.execute(ctx.db)
  return found(rows[0], 'notice', clientId ?? '')
}

const mostAsked = 50_000
const part = 5000

/** The guard asked about everyone who is chosen, taking nobody's place. */
export async function previewNotice(
  ctx: Ctx,
  asked: z.output<typeof notices.preview.body>,
): Promise<z.output<typeof notices.preview.reply>> {
  checkAudience(asked.audience)
  const reasons = new Map<GuardReason, number>()
  let [chosen, reached, later] = [0, 0, 0]
  let after: string | null = null
  let sampleName = ''
  let purpose = (await templateOf(ctx, asked.template)).purpose
  const seen = new Set<string>()
  const { segment } = asked.audience
  const members = segment ? await segmentMembers(ctx, segment, null, mostAsked) : null
  for (let more = true, from = 0; more && chosen < mostAsked; from += part) {
    const among = members && sql`select unnest(${members.slice(from, from + part)}::uuid[])`
    const { rows } = await sql<{
      id: string
      number: string
      name: string
      phone: string | null
      email: string | null
    }>`select c.id, c.number, c.name, c.phone, c.email from customers.fact_reach c
      where ${audienceSql(ctx, asked.audience, after, among)} order by c.id limit ${part}`.execute(ctx.db)
    const verdicts = await judge(
      ctx,
      rows.map(r => ({ customerId: r.id, channel: asked.channel, purpose, address: asked.channel === 'mail' ? r.email : r.phone })),
    )
    for (const verdict of verdicts)
      if (verdict.may) reached++
      else if (verdict.earliest) later++
      else reasons.set(verdict.reason, (reasons.get(verdict.reason) ?? 0) + 1)
    chosen += rows.length
    if (asked.audience.numbers) for (const row of rows) seen.add(row.number)
    sampleName ||= rows[0]?.name ?? ''
    after = rows.at(-1)?.id ?? after
    more = members ? from + part < members.length : rows.length === part
  }
  const words = await wordsOf(ctx, asked, sampleName)
  purpose = words.template.purpose
  const values = { name: sampleName, ...words.variables }
  const text = filled(words.source.text, values)
  return {
    chosen,
    bounded: chosen >= mostAsked || members?.length === mostAsked,
    reached,
    later,
    reasons: [...reasons].map(([reason, n]) => ({ reason, n })).sort((a, b) => b.n - a.n),
    unknown: (asked.audience.numbers ?? []).filter(n => !seen.has(n)).slice(0, 50),
    subject: oneLine(filled(words.source.subject, values)),
    text,
    segments: asked.channel === 'sms' ? segmentsOf(text).segments : 0,
  }
}

export async function listNotices(ctx: Ctx, { after, size = 50 }: z.output<typeof notices.list.query>): Promise<Page<Notice>> {
  const cursor = readCursor(after, z.tuple([z.uuid()]))
  const { rows } =
    await sql<Notice>`select ${columns} from messaging.notice where tenant_id = ${ctx.tenantId} and ${noticesSeen(ctx)} ${cursor ? sql`and id < ${cursor[0]}` : sql``} order by id desc limit ${size + 1}`.execute(
      ctx.db,
    )
  return pageRows(rows, size, row => [row.id])
}

const withReason = ['waiting', 'refused', 'failed', 'bounced', 'unknown']
export async function oneNotice(ctx: Ctx, id: string): Promise<z.output<typeof WholeNotice>> {
  const { rows } = await sql<
    Notice & { subject: string; text: string; variables: Record<string, string> }
  >`select ${columns}, subject, text, variables from messaging.notice where tenant_id = ${ctx.tenantId} and id = ${id} and ${noticesSeen(ctx)}`.execute(
    ctx.db,
  )
  const { variables, ...notice } = found(rows[0], 'notice', id)
  const [subject, text] = [filledSoFar(notice.subject, variables), filledSoFar(notice.text, variables)]
  const [counts, forgotten, { rows: kept }] = await Promise.all([
    countsOf(ctx, id),
    forgottenOf(ctx, id),
    sql<{
      reason: string
      n: number
    }>`select reason, count(*)::int as n from messaging.outgoing where tenant_id = ${ctx.tenantId} and notice_id = ${id}
      and state = any(${[...withReason]}::text[]) and reason is not null group by 1`.execute(ctx.db),
  ])
  const reasons = new Map(kept.map(({ reason, n }) => [reason, n]))
  for (const { state, reason, n } of forgotten)
    if (reason !== null && withReason.includes(state)) reasons.set(reason, (reasons.get(reason) ?? 0) + n)
  return { ...notice, subject, text, counts, reasons: [...reasons].map(([reason, n]) => ({ reason, n })).sort((a, b) => b.n - a.n) }
}

/** What has gone has gone; what waits does not go. */
export async function cancelNotice(ctx: Ctx, id: string): Promise<z.output<typeof WholeNotice>> {
  const { rows } = await sql<{
    name: string
    state: string
  }>`select name, state from messaging.notice where tenant_id = ${ctx.tenantId} and id = ${id} and ${noticesSeen(ctx)} for update`.execute(
    ctx.db,
  )
  const notice = found(rows[0], 'notice', id)
  if (notice.state === 'done' || notice.state === 'cancelled') throw new Refusal('conflict', 'notice.over')
  await sql`update messaging.outgoing set state = 'cancelled', ended_at = ${ctx.now}, reason = null where tenant_id = ${ctx.tenantId} and notice_id = ${id} and state = 'waiting'`.execute(
    ctx.db,
  )
  await letGo(ctx, id)
  await endNotice(ctx, id, notice.name, true)
  return oneNotice(ctx, id)
}
