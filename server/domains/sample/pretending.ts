import { setTimeout as pause } from 'node:timers/promises'
import type * as z from 'zod'
import type { Schema } from '#contract/endpoint.ts'
import { type Message, widget } from '#contract/messaging.ts'
import type { Dice } from './dice.ts'
import { wordsIn } from './furnishing.ts'
import { areas } from './words/people.ts'
import { nudges, praiseWords, type Topic, thanks, topics } from './words/topics.ts'
import { filled } from './world.ts'

/** Asks the widget's public door, as any browser would. */
export type Ask = <R extends Schema>(
  endpoint: { method: string; path: string; reply: R },
  path: string,
  sent?: { body?: unknown; token?: string },
) => Promise<z.output<R>>
type State = z.output<typeof widget.state.reply>
type Pretender = { ask: Ask; key: string; language: 'zh' | 'en'; name: string; dice: Dice; signal: AbortSignal }

const choiceOf: Record<string, string> = {
  repairs: 'repairs',
  quality: 'repairs',
  outage: 'repairs',
  billing: 'billing',
  services: 'services',
}
const lookMs = 2_000

/** One visit: says what it is about, waits as long as its patience lasts, talks a little, leaves or rates. Called off, it leaves at once. */
export async function visit(who: Pretender): Promise<void> {
  const { token } = await who.ask(widget.open, `/widget/${who.key}/visits`, { body: { language: who.language, page: '/simulation' } })
  try {
    await talk(who, token)
  } finally {
    if (who.signal.aborted) await leave(who.ask, token).catch(() => {})
  }
}

async function talk({ ask, language, name, dice, signal }: Pretender, token: string): Promise<void> {
  const say = wordsIn(language)
  const topic = dice.weigh(topics.map((t): [Topic, number] => [t, t.weight]))
  const slots = { area: say(dice.pick(areas).name), place: say(dice.pick(areas).name), usage: String(dice.int(20, 60)), name }
  const send = (text: string) => ask(widget.send, '/widget/messages', { token, body: { clientId: crypto.randomUUID(), text } })
  const state = () => ask(widget.state, '/widget/state', { token })
  const wait = (seconds: number) => pause(seconds * 1000, undefined, { signal })

  await wait(dice.int(1, 3))
  const choice = choiceOf[topic.reason.split('.')[0] ?? '']
  await ask(widget.start, '/widget/conversation', {
    token,
    body: { clientId: crypto.randomUUID(), text: filled(say(dice.pick(topic.opens)), slots), name, ...(choice ? { choice } : {}) },
  })

  const answered = await until(state, s => s !== 'waiting', 45 + dice.around(150), signal)
  if (answered === 'waiting') return leave(ask, token)
  if (answered !== 'active') return

  // Answers what the agent says, a few times; then has heard enough.
  const answers = [
    say(dice.pick(topic.tells)),
    ...(topic.more.length > 0 && dice.chance(0.6) ? [say(dice.pick(topic.more)[0])] : []),
    say(dice.pick(thanks)),
  ]
  let read = 0
  for (let silent = 0; answers.length > 0 && silent < 150; silent += lookMs / 1000) {
    await pause(lookMs, undefined, { signal })
    if ((await state()).conversation?.state !== 'active') break
    const fresh: Message[] = await ask(widget.messages, `/widget/messages?afterSeq=${read}`, { token })
    read = fresh.at(-1)?.seq ?? read
    if (silent >= 60 && silent < 60 + lookMs / 1000) await send(say(dice.pick(nudges)))
    if (!fresh.some(m => m.author === 'agent')) continue
    await ask(widget.read, '/widget/read', { token, body: { seq: read } })
    await wait(dice.int(3, 9))
    await send(filled(answers.shift() ?? '', slots))
    silent = 0
  }
  if ((await until(state, s => s !== 'active', 30, signal)) === 'active') await leave(ask, token)
  const over = await until(state, s => s === 'done' || s === 'wrap', 20, signal)
  if ((over === 'done' || over === 'wrap') && dice.chance(0.6))
    await ask(widget.rate, '/widget/rating', {
      token,
      body: {
        score: dice.weigh([
          [5, 55],
          [4, 28],
          [3, 9],
          [2, 5],
          [1, 3],
        ] as const),
        words: say(dice.pick(praiseWords)),
      },
    })
}

async function leave(ask: Ask, token: string): Promise<void> {
  await ask(widget.leave, '/widget/leaving', { token })
}

/** Looks every two seconds; the state it came to, or that of the last look. */
async function until(
  look: () => Promise<State>,
  done: (state: string | undefined) => boolean,
  seconds: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let waited = 0; ; waited += lookMs / 1000) {
    const state = (await look()).conversation?.state
    if (done(state) || waited >= seconds) return state
    await pause(lookMs, undefined, { signal })
  }
}
