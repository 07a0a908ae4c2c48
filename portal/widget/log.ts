import { glyph, glyphs, h } from '../kit/dom.ts'
import { currentLanguage } from '../kit/language.ts'
import type { FileCard, Message } from './api.ts'
import type { Pending } from './outbox.ts'
import { notices, refusalWords, ticketSteps, w } from './words.ts'

type Shown = { messages: readonly Message[]; pending: readonly Pending[]; agentRead: number }
type Acts = { again: (item: Pending) => void; remove: (item: Pending) => void }

/** After such a pause the time is shown. */
const pauseMs = 10 * 60_000

/** Draws what is new and what changed, and leaves the rest alone: a screen reader hears only what was added. */
export function drawLog(list: HTMLElement, { messages, pending, agentRead }: Shown, acts: Acts): void {
  const lastCard = new Map(messages.filter(m => m.kind === 'card').map(m => [String(m.facts?.ticketId), m.seq]))
  const readUpTo = messages.findLast(m => m.author === 'customer' && m.seq <= agentRead)?.seq
  const wanted: { key: string; looks: string; make: () => HTMLElement | null }[] = []
  let last = 0
  for (const m of messages) {
    const at = new Date(m.sentAt)
    if (at.getTime() - last > pauseMs)
      wanted.push({
        key: `t${m.seq}`,
        looks: `${currentLanguage()} ${at.toDateString() === new Date().toDateString()}`,
        make: () => system(time(at)),
      })
    last = at.getTime()
    const full = m.kind === 'card' && lastCard.get(String(m.facts?.ticketId)) === m.seq
    const read = m.seq === readUpTo
    wanted.push({ key: `m${m.seq}`, looks: `${currentLanguage()} ${full} ${read} ${m.file?.url ?? ''}`, make: () => line(m, full, read) })
  }
  for (const p of pending)
    wanted.push({
      key: p.clientId,
      looks: `${currentLanguage()} ${p.failed} ${Math.round(p.share * 20)} ${p.fileId}`,
      make: () => waiting(p, acts),
    })

  const there = new Map([...list.children].map(child => [child.getAttribute('data-key'), child]))
  let before: Element | null = null
  for (const { key, looks, make } of wanted) {
    let element = there.get(key)
    there.delete(key)
    if (!element || element.getAttribute('data-looks') !== looks) {
      const made = make()
      if (!made) continue
      made.setAttribute('data-key', key)
      made.setAttribute('data-looks', looks)
      element?.replaceWith(made)
      element = made
    }
    const after: Element | null = before ? before.nextElementSibling : list.firstElementChild
    if (after !== element) list.insertBefore(element, after)
    before = element
  }
  for (const gone of there.values()) gone.remove()
}

function line(m: Message, full: boolean, read: boolean): HTMLElement | null {
  if (m.kind === 'card') return full ? ticketCard(m) : system(`${text(m.facts?.number)} ${stepWord(m.code)}`)
  if (m.kind === 'notice') {
    const known: Record<string, (facts: Record<string, unknown>) => string> = notices
    const say = known[m.code ?? '']
    return say ? system(say(m.facts ?? {})) : null
  }
  const mine = m.author === 'customer'
  const at = new Date(m.sentAt)
  return h(
    'div',
    { class: mine ? 'msg me' : 'msg' },
    h('span', { class: 'sr' }, `${mine ? w.you : m.authorName} ${time(at)}`),
    m.file && attachment(m.file),
    m.text && h('div', { class: 'bub', title: time(at) }, m.text),
    read && h('div', { class: 'meta' }, `${w.read} ${time(at)}`),
  )
}

const system = (words: string) => h('div', { class: 'sys' }, words)
const text = (value: unknown) => (typeof value === 'string' ? value : '')
const time = (at: Date) => (at.toDateString() === new Date().toDateString() ? w.today(at) : w.otherDay(at))

function attachment(file: FileCard): HTMLElement {
  const link = { href: file.url, target: '_blank', rel: 'noopener' }
  if (file.type.startsWith('image/')) {
    const picture = h('img', { src: file.url, alt: w.picture(file.name), loading: 'lazy' })
    // The room is kept before the picture is there, so that nothing jumps.
    if (file.width && file.height) picture.style.aspectRatio = `${file.width} / ${file.height}`
    return h('a', { ...link, class: 'pic' }, picture)
  }
  return h('a', { ...link, class: 'bub file' }, glyph(glyphs.file), h('span', {}, h('b', {}, file.name), h('small', {}, size(file.size))))
}
const size = (bytes: number) => (bytes < 1_048_576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`)

const reached: Record<string, number> = { accepted: 0, dispatched: 1, handling: 2, waiting: 2, resolved: 4, closed: 4 }
const stepWord = (code: string | null) => {
  const known: Record<string, unknown> = ticketSteps
  return text(known[code ?? ''])
}

function ticketCard(m: Message): HTMLElement {
  const now = reached[text(m.facts?.status)] ?? 0
  const link = text(m.facts?.link)
  return h(
    'div',
    { class: 'msg' },
    h(
      'div',
      { class: 'bub card' },
      h('b', {}, stepWord(m.code)),
      m.text && h('p', {}, m.text),
      h(
        'ol',
        { class: 'flow' },
        ...ticketSteps.steps.map((name, n) =>
          h('li', { class: n < now ? 'd' : n === now ? 'n' : '', 'aria-current': n === now ? 'step' : undefined }, name),
        ),
      ),
      h(
        'div',
        { class: 'foot' },
        h('span', {}, text(m.facts?.number)),
        link.startsWith('/') && !link.startsWith('//') && h('a', { href: link, target: '_blank', rel: 'noopener' }, w.progress),
      ),
    ),
  )
}

function waiting(p: Pending, acts: Acts): HTMLElement {
  const state = p.failed ? refusalWords(p.failed) : p.file && p.fileId === null ? w.uploading(Math.round(p.share * 100)) : w.sending
  return h(
    'div',
    { class: p.failed ? 'msg me bad' : 'msg me wait' },
    p.name && h('div', { class: 'bub file' }, glyph(glyphs.file), h('span', {}, h('b', {}, p.name))),
    p.text && h('div', { class: 'bub' }, p.text),
    h(
      'div',
      { class: 'meta' },
      state,
      p.failed && h('button', { type: 'button', onclick: () => acts.again(p) }, w.retry),
      p.failed && h('button', { type: 'button', onclick: () => acts.remove(p) }, w.discard),
    ),
  )
}
