import { glyph, h } from '../kit/dom.ts'
import { bringFont } from '../kit/font.ts'
import { chooseLanguage, currentLanguage, type Language, onLanguage } from '../kit/language.ts'
import { headline, mayUrge, readableBrand, type Step, stepsOf, timeText, type Wire } from './view.ts'
import { type Words, words } from './words.ts'

const ownBrand = '#0B7575'
const refreshEvery = 15_000
// Tabler icons (MIT).
const icons = {
  check: 'M5 12l5 5l10 -10',
  urgent:
    'M8 16v-4a4 4 0 0 1 8 0v4M3 12h1m8 -9v1m8 8h1m-15.4 -6.4l.7 .7m12.1 -.7l-.7 .7M6 17a1 1 0 0 1 1 -1h10a1 1 0 0 1 1 1v2a1 1 0 0 1 -1 1h-10a1 1 0 0 1 -1 -1z',
  talk: 'M3 20l1.3 -3.9c-2.324 -3.437 -1.426 -7.872 2.1 -10.374c3.526 -2.501 8.59 -2.296 11.845 .48c3.255 2.777 3.695 7.266 1.029 10.501c-2.666 3.235 -7.615 4.215 -11.574 2.293l-4.7 1',
  language: 'M9 6.371c0 4.418 -2.239 6.629 -5 6.629M4 6.371h7M5 9c0 2.144 2.252 3.908 6 4M12 20l4 -9l4 9M19.1 18h-6.2M6.694 3l.793 .582',
  broken:
    'M12 9v4M10.363 3.591l-8.106 13.534a1.914 1.914 0 0 0 1.636 2.871h16.214a1.914 1.914 0 0 0 1.636 -2.87l-8.106 -13.536a1.914 1.914 0 0 0 -3.274 0M12 16h.01',
}

type State = {
  progress: Wire | null
  at: Date | null
  fault: 'invalid' | 'unreachable' | null
  urging: boolean
  notice: ((w: Words) => string) | null
}
let state: State = { progress: null, at: null, fault: null, urging: false, notice: null }
let timer: number | undefined
const root = document.getElementById('page')

const token = () => decodeURIComponent(location.hash.slice(1))

async function ask(path: string, body?: object): Promise<{ status: number; data: unknown }> {
  const reply = await fetch(`/api${path}`, {
    method: body ? 'POST' : 'GET',
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(10_000),
    headers: { authorization: `Bearer ${token()}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: reply.status, data: await reply.json() }
}

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
  document.documentElement.lang = currentLanguage() === 'zh' ? 'zh-CN' : 'en'
  document.title = state.progress ? `${state.progress.number} ${w.page}` : w.page
  const brand = readableBrand(state.progress?.brand ?? ownBrand, ownBrand)
  document.documentElement.style.setProperty('--brand', brand)
  const focused = document.activeElement?.id
  root?.replaceChildren(
    state.progress ? shown(state.progress) : state.fault ? refused(state.fault) : h('p', { class: 'empty', role: 'status' }, w.loading),
  )
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true })
}

function shown(p: Wire): HTMLElement {
  const w = words[currentLanguage()]
  const now = new Date()
  const language = currentLanguage()
  const name = language === 'en' ? p.tenantNameEn || p.tenantName : p.tenantName
  const { title, left, share } = headline(p, now, language, w)
  const since = state.at ? timeText(state.at, now, language) : ''
  const bar = h('b')
  bar.style.width = `${Math.round(share * 100)}%`
  return h(
    'div',
    { class: 'page' },
    head(name),
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

function head(name: string): HTMLElement {
  const w = words[currentLanguage()]
  const other: Language = currentLanguage() === 'zh' ? 'en' : 'zh'
  return h(
    'header',
    {},
    h('span', { class: 'row' }, h('span', { class: 'sign', 'aria-hidden': 'true' }, [...name][0] ?? ''), h('b', {}, name)),
    h(
      'button',
      {
        id: 'language',
        type: 'button',
        class: 'plain',
        lang: other === 'zh' ? 'zh-CN' : 'en',
        'aria-label': w.language,
        title: w.language,
        onclick: () => chooseLanguage(other),
      },
      glyph(icons.language, 22),
    ),
  )
}

function refused(fault: 'invalid' | 'unreachable'): HTMLElement {
  const w = words[currentLanguage()]
  return h(
    'div',
    { class: 'page' },
    head(w.page),
    h(
      'main',
      { class: 'empty', role: 'alert' },
      glyph(icons.broken, 40),
      h('h1', {}, w[fault]),
      h('p', { class: 'quiet' }, fault === 'invalid' ? w.invalidWhy : w.unreachableWhy),
      fault === 'unreachable'
        ? h('button', { id: 'retry', type: 'button', class: 'button', onclick: () => void refresh() }, w.retry)
        : null,
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
