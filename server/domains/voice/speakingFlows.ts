import { sql } from 'kysely'
import { v7 } from 'uuid'
import { FlowBody } from '#contract/flows.ts'
import type { House } from '#kernel/house.ts'
import { every } from '#kernel/react.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Language } from './ports.ts'
import { dropSound } from './soundFiles.ts'
import { speechOf, spokenOnce, whatOf, wordsOf } from './speech.ts'

type Words = { node: string; name: string; nameEn: string; text: string; language: Language }
/** Words of a flow that have no announcement, in their languages. */
function* wordsIn(body: FlowBody): Generator<Words> {
  for (const { key: node, name, nameEn, ...rest } of body.nodes) {
    if (!('sound' in rest) || rest.sound.announcementId !== null) continue
    if (rest.sound.text) yield { node, name, nameEn, text: rest.sound.text, language: 'zh' }
    if (rest.sound.textEn) yield { node, name, nameEn, text: rest.sound.textEn, language: 'en' }
  }
}

/** Words of this flow that nobody has spoken yet; none where nobody speaks for this organisation. */
export async function unspokenIn(ctx: Ctx, body: FlowBody): Promise<Words[]> {
  const settings = await speechOf(ctx)
  if (!settings.enabled) return []
  const words = [...new Map([...wordsIn(body)].map(one => [`${one.language} ${one.text}`, one])).values()]
  const whats = words.map(({ text, language }) => whatOf(settings, text, language))
  const { rows } = await sql<{
    what: string
  }>`select what from voice.spoken where tenant_id = ${ctx.tenantId} and what = any(${whats})`.execute(ctx.db)
  const spoken = new Set(rows.map(r => r.what))
  return words.filter((_, n) => !spoken.has(whats[n] ?? ''))
}

/** So many are asked for at once. */
const abreast = 4
/** Whoever publishes waits for no longer; what was spoken until then is kept for the next time. */
const patienceMs = 60_000

/** Before a flow is published: each of these is spoken once and kept. The first that the provider does not speak is told with its step. */
export async function speakWords(house: House, tenantId: string, words: readonly Words[]): Promise<void> {
  const waiting = [...words]
  const until = house.clock().getTime() + patienceMs
  const speaker = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const { node, name, nameEn, text, language } = one
      if (house.clock().getTime() > until) throw new Refusal('unavailable', 'flow.not_all_spoken', { left: waiting.length + 1 })
      await spokenOnce(house, tenantId, text, language).catch((error: unknown) => {
        waiting.length = 0
        if (!(error instanceof Refusal)) throw error
        throw new Refusal('unavailable', 'flow.not_spoken', {
          node,
          name,
          nameEn,
          why: error.code,
          detail: String(error.facts.detail ?? ''),
        })
      })
    }
  }
  const done = await Promise.allSettled(Array.from({ length: abreast }, speaker))
  for (const one of done) if (one.status === 'rejected') throw one.reason
}

/** What was spoken lately may be about to be taken. */
const freshMs = 86_400_000
const perNight = 500

/** What no draft says, nothing that callers hear and no call that runs, and what was said anew since in the voice of now, goes with its files; when it is more than one night takes, the rest goes the next. */
export async function clearSpoken(ctx: Ctx): Promise<void> {
  const settings = await speechOf(ctx)
  const { rows: bodies } = await sql<{ body: unknown }>`
    select f.draft as body from voice.flow f where f.tenant_id = ${ctx.tenantId}
    union all
    select v.body from voice.flow_version v where v.tenant_id = ${ctx.tenantId} and (
      exists (select 1 from voice.flow f where f.tenant_id = ${ctx.tenantId} and f.id = v.flow_id and f.published = v.version)
      or exists (select 1 from voice.call c where c.tenant_id = ${ctx.tenantId} and c.stage <> 'over' and c.flow_id = v.flow_id and c.flow_version = v.version))`.execute(
    ctx.db,
  )
  const said = bodies.flatMap(({ body }) => [...wordsIn(FlowBody.parse(body))])
  const used = said.map(({ text, language }) => whatOf(settings, text, language))
  const words = said.map(({ text, language }) => wordsOf(text, language))
  // The id of a file is its time.
  const before = v7({ msecs: ctx.now.getTime() - freshMs })
  const { rows } = await sql<{ fileId: string }>`delete from voice.spoken s where s.tenant_id = ${ctx.tenantId} and s.what in (
      select o.what from voice.spoken o where o.tenant_id = ${ctx.tenantId} and o.file_id < ${before} and o.what <> all(${used}) and (o.words <> all(${words})
        or exists (select 1 from voice.spoken n where n.tenant_id = ${ctx.tenantId} and n.words = o.words and n.what = any(${used})))
      order by o.file_id limit ${perNight} for update skip locked)
    returning s.file_id as "fileId"`.execute(ctx.db)
  for (const { fileId } of rows) await dropSound(ctx, fileId)
}

export const speechReactions = [every('50 18 * * *', 'remove spoken words that nobody hears any more', clearSpoken)]
