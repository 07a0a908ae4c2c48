import * as z from 'zod'
import { conversations, FileCard, type Message } from '#contract/messaging.ts'
import { newClientId } from '../kit/ids.ts'
import { type Ask, isPassing, WireError } from '../kit/wire.ts'

/** Something written that the server has not acknowledged yet. It has its clientId from the first moment, so that sending it again is never a second message. */
const Outgoing = z.object({
  clientId: z.string(),
  by: z.string(),
  conversationId: z.string(),
  note: z.boolean(),
  text: z.string(),
  file: FileCard.nullable(),
  at: z.number(),
  refused: z.object({ code: z.string(), facts: z.record(z.string(), z.unknown()) }).nullable(),
})
export type Outgoing = z.output<typeof Outgoing>
type Written = { text: string; note: boolean; file?: z.output<typeof FileCard> | null }
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
type Given = { ask: Ask; store: Store; sent: (message: Message) => void; changed: () => void; firstPause: number }

const place = 'huiyin.outbox'
const longestPause = 15_000

/** What was written goes out in the order of writing, whatever becomes of the line, of the page and of the browser. */
export function newOutbox({ ask, store, sent, changed, firstPause }: Given) {
  const sending = new Set<string>()
  /** Conversations whose line is down, and how often it was tried. */
  const waits = new Map<string, number>()
  let all: readonly Outgoing[] = read()
  /** Whoever signs in at this machine next sends nothing in another's name. */
  let me = ''

  function read(): Outgoing[] {
    try {
      return z.array(Outgoing).parse(JSON.parse(store.getItem(place) ?? '[]'))
    } catch {
      return []
    }
  }
  /** Here and in what survives a reload and a crash; there only by this one change, for other tabs keep theirs beside it. */
  function change(by: (list: readonly Outgoing[]) => readonly Outgoing[]): void {
    all = by(all)
    try {
      const kept = by(read())
      if (kept.length > 0) store.setItem(place, JSON.stringify(kept))
      else store.removeItem(place)
    } catch {
      /* A browser that keeps nothing, or is full: it lives as long as the page. */
    }
    changed()
  }
  const drop = (gone: (o: Outgoing) => boolean) => change(list => list.filter(o => !gone(o)))
  const first = (conversationId: string) => all.find(o => o.conversationId === conversationId && o.by === me)

  /** One after the other, so that they stand in the order in which they were written. What is refused holds back what follows until somebody decides. */
  async function pump(conversationId: string): Promise<void> {
    if (sending.has(conversationId)) return
    sending.add(conversationId)
    try {
      for (let next = first(conversationId); next && !next.refused; next = first(conversationId)) if (!(await deliver(next))) break
    } finally {
      sending.delete(conversationId)
    }
  }

  async function deliver({ clientId, conversationId, note, text, file }: Outgoing): Promise<boolean> {
    try {
      const message = await ask(note ? conversations.note : conversations.send, {
        id: conversationId,
        body: { clientId, text, ...(file ? { fileId: file.id } : {}) },
      })
      waits.delete(conversationId)
      drop(o => o.clientId === clientId)
      sent(message)
      return true
    } catch (error) {
      const { code, facts, status } = error instanceof WireError ? error : new WireError('network.odd')
      if (isPassing(error)) again(conversationId)
      // Signed out: it goes when its writer is back.
      else if (status !== 401) change(list => list.map(o => (o.clientId === clientId ? { ...o, refused: { code, facts } } : o)))
      return false
    }
  }

  /** The line is down or the server away: tried again, ever more calmly, until it is through. */
  function again(conversationId: string): void {
    const tries = (waits.get(conversationId) ?? 0) + 1
    waits.set(conversationId, tries)
    changed()
    setTimeout(
      () => void pump(conversationId),
      Math.min(longestPause, firstPause * 2 ** Math.min(tries - 1, 5)) * (0.8 + Math.random() * 0.4),
    )
  }

  return {
    all: () => all,
    isWaiting: (conversationId: string) => waits.has(conversationId),
    send: (conversationId: string, written: Written): string => {
      const one = { clientId: newClientId(), by: me, conversationId, file: null, ...written, at: Date.now(), refused: null }
      change(list => [...list, one])
      void pump(conversationId)
      return one.clientId
    },
    retry: (clientId: string): void => {
      const mine = all.find(o => o.clientId === clientId)
      if (!mine) return
      change(list => list.map(o => (o.clientId === clientId ? { ...o, refused: null } : o)))
      waits.delete(mine.conversationId)
      void pump(mine.conversationId)
    },
    discard: (clientId: string): void => {
      const mine = all.find(o => o.clientId === clientId)
      drop(o => o.clientId === clientId)
      if (mine) void pump(mine.conversationId)
    },
    /** Acknowledged, by the answer or by the push, whichever comes first. */
    arrived: (messages: readonly Message[]): void => {
      if (all.length === 0) return
      const known = new Set(messages.map(m => m.clientId))
      if (all.some(o => known.has(o.clientId))) drop(o => known.has(o.clientId))
    },
    /** Sends what an earlier page of this console left behind, or what waited for the line. */
    resume: (meId: string): void => {
      me = meId
      waits.clear()
      for (const id of new Set(all.filter(o => o.by === me).map(o => o.conversationId))) void pump(id)
    },
  }
}
