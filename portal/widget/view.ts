import { glyph, glyphs, h } from '../kit/dom.ts'
import { chooseLanguage, currentLanguage, onLanguage } from '../kit/language.ts'
import { composer } from './compose.ts'
import { greeting } from './greet.ts'
import { drawLog } from './log.ts'
import { rating } from './rate.ts'
import type { Talk } from './talk.ts'
import { w } from './words.ts'

type Room = 'loading' | 'greet' | 'talk' | 'over'
type Part = { element: HTMLElement; draw?: () => void }

/** The widget's page. The frame stands; the room inside changes with the state of the talk. */
export function newView(
  root: HTMLElement,
  talk: Talk,
  { framed, close, signed }: { framed: boolean; close: () => void; signed: () => boolean },
) {
  const avatar = h('span', { class: 'av', 'aria-hidden': 'true' })
  const title = h('b', {})
  const line = h('span', {})
  const dot = h('i', { class: 'dot' })
  const shut = h('button', { type: 'button', class: 'icon', onclick: close }, glyph(glyphs.down))
  const tongue = h('button', { type: 'button', class: 'tongue', onclick: () => chooseLanguage(currentLanguage() === 'zh' ? 'en' : 'zh') })
  const list = h('div', { class: 'list', role: 'log', 'aria-live': 'polite' })
  const typing = h('div', { class: 'typing', 'aria-live': 'polite' })
  const queue = h('div', { class: 'queue', role: 'status' })
  const body = h('main', { class: 'body', tabindex: '0' }, list, queue, typing)
  const chips = h('div', { class: 'chips' })
  const foot = h('footer', {})
  const net = h('p', { class: 'net', role: 'status' })
  root.replaceChildren(
    h('header', {}, avatar, h('div', { class: 'who' }, title, h('small', {}, dot, line)), tongue, framed && shut),
    body,
    chips,
    foot,
    net,
  )

  let room: Room | undefined
  let part: Part | undefined
  let rows = 0

  const roomNow = (): Room => {
    const c = talk.conversation()
    if (!talk.talk.look) return 'loading'
    if (!c) return 'greet'
    return c.state === 'wrap' || c.state === 'done' || c.state === 'abandoned' ? 'over' : 'talk'
  }

  function enter(next: Room): void {
    const look = talk.talk.look
    room = next
    part = next === 'greet' && look ? greeting(talk, look, signed()) : next === 'over' ? rating(talk) : undefined
    for (const old of body.querySelectorAll('form.greet')) old.remove()
    if (next === 'greet' && part) {
      list.replaceChildren()
      body.prepend(part.element)
    }
    foot.replaceChildren(...(next === 'talk' ? [composer(talk)] : next === 'over' && part ? [part.element] : []))
  }

  function draw(): void {
    const { look, gone, problem, agentTyping, connection } = talk.talk
    const c = talk.conversation()
    root.classList.toggle('gone', gone)
    if (gone) {
      put(line, '')
      dot.hidden = true
      body.replaceChildren(h('div', { class: 'sys' }, w.noWidget))
      return
    }
    if (look) root.style.setProperty('--ac', look.brand)
    if (room !== roomNow()) enter(roomNow())
    drawHead()
    if (room === 'talk' || room === 'over')
      drawLog(
        list,
        { messages: talk.talk.messages, pending: talk.outbox.items, agentRead: c?.agentRead ?? 0 },
        { again: talk.outbox.again, remove: talk.outbox.remove },
      )
    part?.draw?.()
    put(typing, agentTyping && c?.agentName && room === 'talk' ? w.typing(c.agentName) : '')
    put(
      queue,
      c?.state === 'waiting'
        ? [
            c.position === 1 && c.estimate !== null ? w.soon : c.position ? w.place(c.position) : '',
            c.estimate !== null && c.position !== 1 ? w.estimate(c.estimate) : '',
            w.mayWrite,
          ]
            .filter(Boolean)
            .join('\n')
        : '',
    )
    drawChips()
    put(
      net,
      room === 'loading'
        ? problem
          ? w.unavailable
          : ''
        : connection === 'live'
          ? room === 'talk'
            ? w.live
            : ''
          : connection === 'reconnecting'
            ? w.reconnecting
            : connection === 'offline'
              ? w.offline
              : '',
    )
    net.className = connection === 'reconnecting' || connection === 'offline' ? 'net warn' : 'net'
    follow()
    void talk.markRead()
  }

  function drawHead(): void {
    const { look, state } = talk.talk
    const c = talk.conversation()
    const zh = currentLanguage() === 'zh'
    const tenant = look ? (zh ? look.tenantName : look.tenantNameEn || look.tenantName) : ''
    const name = (c?.state === 'active' && c.agentName) || tenant
    const open = state?.open ?? look?.open ?? true
    put(title, name || w.title)
    put(avatar, [...name][0] ?? '')
    put(
      line,
      !c
        ? open
          ? w.online
          : w.offHours
        : c.state === 'waiting'
          ? w.queueing
          : c.state === 'active'
            ? w.serving
            : c.state === 'left'
              ? w.left
              : w.over,
    )
    dot.hidden = c ? c.state !== 'active' : !open
    put(tongue, w.language)
    shut.setAttribute('aria-label', w.close)
    body.setAttribute('aria-label', w.log)
    list.setAttribute('aria-label', w.log)
    document.title = name || w.title
  }

  function drawChips(): void {
    const c = talk.conversation()
    const link = talk.talk.messages.findLast(m => typeof m.facts?.link === 'string')?.facts?.link
    const wanted = [
      typeof link === 'string' && link.startsWith('/') && !link.startsWith('//') && c?.state === 'active'
        ? { word: w.progress, href: link }
        : null,
      c?.state === 'waiting' ? { word: w.giveUp } : c?.state === 'active' ? { word: w.end } : null,
    ].filter(x => x !== null)
    const looks = JSON.stringify(wanted)
    if (chips.getAttribute('data-looks') === looks) return
    chips.setAttribute('data-looks', looks)
    chips.replaceChildren(
      ...wanted.map(({ word, href }) =>
        href
          ? h('a', { class: 'chip', href, target: '_blank', rel: 'noopener' }, word)
          : h('button', { type: 'button', class: 'chip', onclick: () => void talk.leave() }, word),
      ),
    )
  }

  /** Stays at the newest line, unless the reader has scrolled up to read something older. */
  function follow(): void {
    const now = list.children.length
    const mine = list.lastElementChild?.classList.contains('me')
    if (now !== rows && (atEnd || mine))
      requestAnimationFrame(() => {
        body.scrollTop = body.scrollHeight
      })
    rows = now
  }
  let atEnd = true
  body.addEventListener(
    'scroll',
    () => {
      atEnd = body.scrollHeight - body.scrollTop - body.clientHeight < 60
    },
    { passive: true },
  )
  const grown = new ResizeObserver(() => {
    if (atEnd) body.scrollTop = body.scrollHeight
  })
  grown.observe(list)
  grown.observe(body)

  onLanguage(() => {
    room = undefined
    chips.removeAttribute('data-looks')
    draw()
  })
  // On a phone the keyboard would cover what there is to read.
  const first = () => (matchMedia('(pointer: coarse)').matches ? body : root.querySelector<HTMLElement>('textarea'))
  /** Makes the room anew: who is in it has changed. */
  const refresh = () => {
    room = undefined
    draw()
  }
  return { draw, refresh, focus: () => first()?.focus() }
}

/** Writes only what differs, so that live regions speak once. */
function put(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
