import { glyph, h } from '../kit/dom.ts'
import { bringFont } from '../kit/font.ts'
import { currentLanguage, onLanguage } from '../kit/language.ts'
import { ask as askBy, type Fault, head, nameOf, notYet, show } from '../kit/page.ts'
import { headline, mayUrge, type Step, stepsOf, timeText, type Wire } from './view.ts'
import { type Words, words } from './words.ts'

const refreshEvery = 15_000
// Tabler icons (MIT).
const icons = {
  check: 'M5 12l5 5l10 -10',
  urgent:
    'M8 16v-4a4 4 0 0 1 8 0v4M3 12h1m8 -9v1m8 8h1m-15.4 -6.4l.7 .7m12.1 -.7l-.7 .7M6 17a1 1 0 0 1 1 -1h10a1 1 0 0 1 1 1v2a1 1 0 0 1 -1 1h-10a1 1 0 0 1 -1 -1z',
  talk: 'M3 20l1.3 -3.9c-2.324 -3.437 -1.426 -7.872 2.1 -10.374c3.526 -2.501 8.59 -2.296 11.845 .48c3.255 2.777 3.695 7.266 1.029 10.501c-2.666 3.235 -7.615 4.215 -11.574 2.293l-4.7 1',
}

type State = {
  progress: Wire | null
  at: Date | null
  fault: Fault | null
  urging: boolean
  notice: ((w: Words) => string) | null
}
let state: State = { progress: null, at: null, fault: null, urging: false, notice: null }
let timer: number | undefined

const token = () => decodeURIComponent(location.hash.slice(1))

const ask = (path: string, body?: object) => askBy(token(), body ? 'POST' : 'GET', path, body)

async function refresh() {
  clearTimeout(timer)
  try {
    const { status, data } = await ask('/progress')
    if (status === 200) state = { ...state, progress: data as Wire, at: new Date(), fault: null }
    else if (status === 401 || status === 404) state = { ...state, progress: null, fault: 'invalid' }
    else state = { ...state, fault: 'unreachable' }
  } catch {
    state = { ...state, fault: 'unreachable' }
  }
  draw()
  if (state.fault !== 'invalid' && document.visibilityState === 'visible')
    timer = window.setTimeout(refresh, state.fault ? 5000 : refreshEvery)
}

async function urge() {
  if (state.urging) return
  state = { ...state, urging: true, notice: w => w.urging }
  draw()
  const notice = await sendUrging()
  state = { ...state, urging: false, notice }
  draw()
  window.setTimeout(() => {
    if (state.notice !== notice) return
    state = { ...state, notice: null }
    draw()
  }, 8000)
}

async function sendUrging(): Promise<(w: Words) => string> {
  try {
    const { status, data } = await ask('/progress/urging', { text: '' })
    if (status === 200) {
      state = { ...state, progress: data as Wire, at: new Date() }
      return w => w.urged
    }
    const { code, facts } = data as { code?: string; facts?: { again?: string } }
    const again = facts?.again
    if (code === 'ticket.urged_recently' && again) return w => w.urgedRecently(timeText(new Date(again), new Date(), currentLanguage()))
    void refresh()
  } catch {
    // Told below, like every other failure.
  }
  return w => w.failed
}

function draw() {
  const w = words[currentLanguage()]
  const p = state.progress
  show(p ? `${p.number} ${w.page}` : w.page, p, p ? shown(p) : h('div', { class: 'page' }, ...notYet(state.fault, w, () => void refresh())))
}

function shown(p: Wire): HTMLElement {
  const w = words[currentLanguage()]
  const now = new Date()
  const language = currentLanguage()
  const { title, left, share } = headline(p, now, language, w)
  const since = state.at ? timeText(state.at, now, language) : ''
  const bar = h('b')
  bar.style.width = `${Math.round(share * 100)}%`
  return h(
    'div',
    { class: 'page' },
    head(nameOf(p, language), w.language),
    h(
      'main',
      {},
      state.fault ? h('p', { class: 'away', role: 'status' }, w.away(since)) : null,
      h(
        'section',
        { class: 'top', 'aria-live': 'polite' },
        h('div', { class: 'row' }, h('span', { class: `tag ${p.status}` }, w.status[p.status]), h('span', { class: 'quiet' }, p.number)),
        h('h1', {}, title),
        h(
          'p',
          { class: 'facts quiet' },
          ...[p.place, left, w.updated(since)].filter((f): f is string => Boolean(f)).map(f => h('span', {}, f)),
        ),
        h('div', { class: `meter ${p.status}`, 'aria-hidden': 'true' }, bar),
        h('p', { class: 'about' }, p.title),
      ),
      h('ol', { class: 'steps' }, ...stepsOf(p, now, language, w).map(drawStep)),
    ),
    h(
      'footer',
      {},
      h('p', { class: 'notice', role: 'status' }, state.notice?.(w) ?? ''),
      h(
        'div',
        { class: 'row' },
        mayUrge(p)
          ? h(
              'button',
              { id: 'urge', type: 'button', class: 'button', disabled: state.urging, onclick: () => void urge() },
              glyph(icons.urgent, 20),
              w.urge,
            )
          : null,
        p.widgetKey
          ? h(
              'a',
              { class: 'button main', href: `/widget/?key=${encodeURIComponent(p.widgetKey)}&lang=${language}&page=/progress` },
              glyph(icons.talk, 20),
              w.contact,
            )
          : null,
      ),
    ),
  )
}

function drawStep(step: Step): HTMLElement {
  const w = words[currentLanguage()]
  const said = step.state === 'done' ? w.done : step.state === 'now' ? w.now : ''
  return h(
    'li',
    { class: step.state, ...(step.state === 'now' ? { 'aria-current': 'step' } : {}) },
    h('span', { class: 'mark' }, step.state === 'done' ? glyph(icons.check, 14) : null, h('span', { class: 'unseen' }, said)),
    h(
      'div',
      {},
      h('div', { class: 'row between' }, h('span', { class: 'name' }, step.name), h('time', { class: 'quiet' }, step.time)),
      step.detail ? h('p', { class: 'quiet' }, step.detail) : null,
    ),
  )
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refresh()
})
addEventListener('online', () => void refresh())
addEventListener('hashchange', () => {
  state = { progress: null, at: null, fault: null, urging: false, notice: null }
  void refresh()
})
onLanguage(draw)
bringFont()
draw()
void refresh()
