import type { Conversation, Message } from '#contract/messaging.ts'

/** What is held of one conversation: messages in order, without a hole between the first and the last. */
export type Run = readonly Message[]

/** Adds what came to what is held, each seq once. What would leave a hole is not taken: `gap` says that the words between must be asked for. */
export function join(held: Run, came: readonly Message[]): { run: Run; gap: boolean } {
  const bySeq = new Map(held.map(m => [m.seq, m]))
  let [first, last] = [held[0]?.seq, held.at(-1)?.seq]
  let gap = false
  for (const m of [...came].sort((a, b) => a.seq - b.seq)) {
    if (first === undefined || last === undefined) [first, last] = [m.seq, m.seq]
    else if (m.seq === last + 1) last = m.seq
    else if (m.seq > last) {
      gap = true
      continue
    } else if (m.seq < first) continue
    bySeq.set(m.seq, m)
  }
  return { run: [...bySeq.values()].sort((a, b) => a.seq - b.seq), gap }
}

/** Puts an earlier page before what is held. */
export function prepend(held: Run, earlier: readonly Message[]): Run {
  const first = held[0]?.seq
  if (first === undefined) return [...earlier].sort((a, b) => a.seq - b.seq)
  const fits = earlier.filter(m => m.seq < first).sort((a, b) => a.seq - b.seq)
  return fits.length === 0 || fits.at(-1)?.seq === first - 1 ? [...fits, ...held] : held
}

/** Who must act: what the inbox is grouped by. */
export type Turn = 'mine' | 'wrap' | 'customer' | 'free' | 'left' | 'later'

export function turnOf(c: Conversation, now: number): Turn {
  if (c.state === 'waiting') return 'free'
  if (c.state === 'left') return 'left'
  if (c.state === 'wrap') return 'wrap'
  if (c.snoozedUntil && c.snoozedUntil.getTime() > now) return 'later'
  return c.lastAuthor === 'agent' ? 'customer' : 'mine'
}

const order: readonly Turn[] = ['mine', 'wrap', 'customer', 'free', 'left', 'later']
const time = (at: Date | null) => at?.getTime() ?? Number.MAX_SAFE_INTEGER
/** What must be answered first stands first; what waits stands by age. */
const inTurn: Record<Turn, (a: Conversation, b: Conversation) => number> = {
  mine: (a, b) => time(a.replyDue) - time(b.replyDue) || time(a.lastAt) - time(b.lastAt),
  wrap: (a, b) => time(a.endedAt) - time(b.endedAt),
  customer: (a, b) => time(b.lastAt) - time(a.lastAt),
  free: (a, b) => time(a.startedAt) - time(b.startedAt),
  left: (a, b) => time(a.replyDue) - time(b.replyDue) || time(a.startedAt) - time(b.startedAt),
  later: (a, b) => time(a.snoozedUntil) - time(b.snoozedUntil),
}

export function groups(rows: readonly Conversation[], now: number): { turn: Turn; rows: Conversation[] }[] {
  return order
    .map(turn => ({ turn, rows: rows.filter(c => turnOf(c, now) === turn).sort(inTurn[turn]) }))
    .filter(group => group.rows.length > 0)
}

/** How a row of the inbox stands after this message; the same marks the server sets. */
export function heard(c: Conversation, m: Message): Conversation {
  if (m.seq <= c.lastSeq) return c
  if (m.kind === 'note' || m.author === 'system') return { ...c, lastSeq: m.seq }
  const talked = {
    ...c,
    lastSeq: m.seq,
    lastAt: m.sentAt,
    lastAuthor: m.author,
    preview: m.text.replace(/\s+/g, ' ').trim() || (m.file ? `[${m.file.name}]` : ''),
  }
  return m.author === 'agent'
    ? { ...talked, replyDue: null, agentRead: m.seq, unread: 0 }
    : { ...talked, customerRead: m.seq, unread: c.unread + 1, snoozedUntil: null }
}

export type Snippet = { id: string; shortcut: string; words: string }
const snippetsShown = 30

/** The `/word` before the caret, at the beginning or after a blank; null when there is none. */
export function tokenAt(text: string, caret: number): { from: number; word: string } | null {
  const match = /(?:^|\s)\/([^\s/]{0,20})$/.exec(text.slice(0, caret))
  return match ? { from: caret - (match[1]?.length ?? 0) - 1, word: match[1] ?? '' } : null
}

/** Shortcuts that begin so first, then those that hold it, then words that hold it. */
export function fitting(all: readonly Snippet[], word: string): Snippet[] {
  const seek = word.toLowerCase()
  const rank = (s: Snippet) => {
    const short = s.shortcut.toLowerCase()
    return short.startsWith(seek) ? 0 : short.includes(seek) ? 1 : s.words.toLowerCase().includes(seek) ? 2 : 3
  }
  return all
    .map(s => ({ s, rank: rank(s) }))
    .filter(r => r.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, snippetsShown)
    .map(r => r.s)
}
