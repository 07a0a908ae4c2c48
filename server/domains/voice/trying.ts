import type * as z from 'zod'
import { Tier } from '#contract/customers.ts'
import { FlowBody, type flows, type TrialFound } from '#contract/flows.ts'
import { identify } from '#domains/customers/index.ts'
import { calendarOf } from '#domains/identity/index.ts'
import { isNumberBlocked } from '#domains/messaging/index.ts'
import { scopeOf } from '#kernel/access.ts'
import { wallIn } from '#kernel/calendar.ts'
import { whoseMatter } from '#kernel/callLookups.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { answerTo } from './asking.ts'
import type { Language, Prompt } from './ports.ts'
import type { Ask, Setting, Told } from './rules/call.ts'
import { soundsNeeded } from './rules/sayings.ts'
import { walkThrough } from './rules/trial.ts'
import { soundsOf, soundUrl } from './sounding.ts'

type Asked = z.output<typeof flows.trial.body>
type Keyed = readonly { meaning: string; digits: string }[]

/** Walks through the draft as a call would at that time; nothing is done, and who calls is told only to whoever may see customers. */
export async function tryFlow(
  ctx: Ctx,
  id: string,
  { from, caller, language, at, state, keys, silence }: Asked,
): Promise<z.output<typeof flows.trial.reply>> {
  const row = found(await ctx.db.selectFrom('voice.flow').select('draft').where('id', '=', id).executeTakeFirst(), 'flow', id)
  if (caller === 'blocked' || (caller === 'number' && (await isNumberBlocked(ctx, from))))
    return { state: null, over: true, sounds: [], steps: [{ node: null, passed: [], heard: [], waitsFor: 'blocked' }] }
  const trial = await walkThrough(FlowBody.parse(row.draft), {
    from,
    language,
    now: at ?? ctx.now,
    state,
    keys,
    silence,
    answer: async (ask, known, now) => {
      const then = { ...ctx, now }
      const customer = (await who(ctx, caller === 'number' ? from : '', known)) ?? asIf(caller)
      const customerId = customer?.id || null
      const told = await answerTo(then, { customerId, interactionId: null }, ask, customer)
      return { told, found: await foundAt(then, ask, told, customer) }
    },
  })
  const heard = trial.steps.flatMap(step => step.heard)
  const sounds = []
  for (const { text, announcementId } of heard) {
    const prompt: Prompt = announcementId ? { kind: 'announcement', id: announcementId } : { kind: 'text', text }
    const spoken = figuresIn(text)
    sounds.push(
      ...(spoken ? spoken.map(product => ({ product })) : await soundsOf(ctx, [prompt], announcementId ? language : tongueOf(text))),
    )
  }
  return { ...trial, sounds: sounds.map(sound => soundUrl(ctx, sound)) }
}

/** Somebody of a tier whom we know, and no particular one. */
function asIf(caller: Asked['caller']): Setting['customer'] {
  const tier = Tier.safeParse(caller)
  return tier.success ? { id: '', name: '', tier: tier.data } : null
}

/** What decided, as far as it is told. */
async function foundAt(ctx: Ctx, ask: Ask, told: Told, customer: Setting['customer']): Promise<TrialFound | null> {
  if (ask.ask === 'hours') {
    const { name, timezone, week, days } = await calendarOf(ctx, ask.calendarId)
    const wall = wallIn(timezone, ctx.now)
    const own = days[wall.slice(0, 10)]
    const weekday = new Date(`${wall.slice(0, 10)}T00:00:00Z`).getUTCDay()
    return { of: 'hours', calendar: name, wall, hours: own ?? week[weekday] ?? [], special: own !== undefined }
  }
  if (ask.ask === 'progress') return { of: 'progress', known: customer !== null }
  if (told.kind !== 'customer') return null
  const name = scopeOf(ctx.actor, 'customer:read') === 'all' ? told.name : ''
  return { of: 'customer', known: told.id !== null, name, tier: Tier.nullable().catch(null).parse(told.tier) }
}

async function who(ctx: Ctx, from: string, known: Keyed) {
  if (scopeOf(ctx.actor, 'customer:read') === null) return null
  const keyed = (meaning: string) => known.findLast(k => k.meaning === meaning)?.digits
  const ticket = keyed('ticket')
  const phone = keyed('phone') ?? from
  return identify(ctx, {
    number: keyed('customer') ?? null,
    customerId: ticket === undefined ? null : await whoseMatter(ctx, ticket),
    phone: phone === '' ? null : phone,
  })
}

/** What a trial says of a step is words: in which language they stand there shows by their letters. */
const tongueOf = (text: string): Language => (/\p{Script=Han}/u.test(text) ? 'zh' : 'en')

/** The sounds of a number that was written out; null: it is something else. */
function figuresIn(text: string): string[] | null {
  const language = tongueOf(text)
  const names = new Map(
    soundsNeeded()
      .filter(s => s.language === language && !s.name.includes('/said-'))
      .map(s => [s.words, s.name]),
  )
  const sounds = (language === 'zh' ? [...text] : text.split(' ')).map(word => names.get(word))
  return sounds.length > 0 && sounds.every(s => s !== undefined) ? sounds : null
}
