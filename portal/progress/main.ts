import { h, icon } from './dom.ts'
import { headline, mayUrge, readableBrand, type Step, stepsOf, timeText, type Wire } from './view.ts'
import { type Language, words } from './words.ts'

const ownBrand = '#0B7575'
const refreshEvery = 15_000

type State = { progress: Wire | null; at: Date | null; fault: 'invalid' | 'unreachable' | null; urging: boolean; notice: string }
let state: State = { progress: null, at: null, fault: null, urging: false, notice: '' }
let language: Language = firstLanguage()
let timer: number | undefined
const root = document.getElementById('page')

function firstLanguage(): Language {
  const kept = stored()
  return kept ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en')
}
function stored(): Language | null {
  try {
    const kept = localStorage.getItem('huiyin.language')
    return kept === 'zh' || kept === 'en' ? kept : null
  } catch {
    return null // A browser that keeps nothing for this page.
  }
}
function speak(next: Language) {
  language = next
  try {
    localStorage.setItem('huiyin.language', next)
  } catch {
    /* Kept for this visit only. */
  }
  draw()
}

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
  const w = words[language]
  if (state.urging) return
  state = { ...state, urging: true, notice: w.urging }
  draw()
  try {
    const { status, data } = await ask('/progress/urging', { text: '' })
    const facts = data as { code?: string; facts?: { again?: string } }
    if (status === 200) state = { ...state, progress: data as Wire, at: new Date(), notice: w.urged }
    else if (facts.code === 'ticket.urged_recently' && facts.facts?.again)
      state = { ...state, notice: w.urgedRecently(timeText(new Date(facts.facts.again), new Date(), language)) }
    else {
      state = { ...state, notice: w.failed }
      void refresh()
    }
  } catch {
    state = { ...state, notice: w.failed }
  }
  state = { ...state, urging: false }
  draw()
  const said = state.notice
  window.setTimeout(() => {
    if (state.notice === said) {
      state = { ...state, notice: '' }
      draw()
    }
  }, 8000)
}

function draw() {
  const w = words[language]
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
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
  const w = words[language]
  const now = new Date()
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
          ...[p.place, left, w.updated(since), p.urges > 0 ? w.urges(p.urges) : null]
            .filter((f): f is string => Boolean(f))
            .map(f => h('span', {}, f)),
        ),
        h('div', { class: `meter ${p.status}`, 'aria-hidden': 'true' }, bar),
        h('p', { class: 'about' }, p.title),
      ),
      h('ol', { class: 'steps' }, ...stepsOf(p, now, language, w).map(drawStep)),
    ),
    h(
      'footer',
      {},
      h('p', { class: 'notice', role: 'status' }, state.notice),
      h(
        'div',
        { class: 'row' },
        mayUrge(p)
          ? h(
              'button',
              { id: 'urge', type: 'button', class: 'button', disabled: state.urging, onclick: () => void urge() },
              icon('urgent', 20),
              w.urge,
            )
          : null,
        p.widgetKey
          ? h('a', { class: 'button main', href: `/widget/?key=${encodeURIComponent(p.widgetKey)}` }, icon('talk', 20), w.contact)
          : null,
      ),
    ),
  )
}

function drawStep(step: Step): HTMLElement {
  const w = words[language]
  const said = step.state === 'done' ? w.done : step.state === 'now' ? w.now : ''
  return h(
    'li',
    { class: step.state, ...(step.state === 'now' ? { 'aria-current': 'step' } : {}) },
    h('span', { class: 'mark' }, step.state === 'done' ? icon('check', 14) : null, h('span', { class: 'unseen' }, said)),
    h(
      'div',
      {},
      h('div', { class: 'row between' }, h('span', { class: 'name' }, step.name), h('time', { class: 'quiet' }, step.time)),
      step.detail ? h('p', { class: 'quiet' }, step.detail) : null,
    ),
  )
}

function head(name: string): HTMLElement {
  const w = words[language]
  const other: Language = language === 'zh' ? 'en' : 'zh'
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
        onclick: () => speak(other),
      },
      icon('language', 22),
    ),
  )
}

function refused(fault: 'invalid' | 'unreachable'): HTMLElement {
  const w = words[language]
  return h(
    'div',
    { class: 'page' },
    head(w.page),
    h(
      'main',
      { class: 'empty', role: 'alert' },
      icon('broken', 40),
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
  state = { progress: null, at: null, fault: null, urging: false, notice: '' }
  void refresh()
})
draw()
void refresh()
