import type * as z from 'zod'
import type { Unsubscribing } from '#contract/unsubscribing.ts'
import { h } from '../kit/dom.ts'
import { bringFont } from '../kit/font.ts'
import { currentLanguage, onLanguage } from '../kit/language.ts'
import { ask, type Fault, head, nameOf, notYet, show, told } from '../kit/page.ts'
import { words } from './words.ts'

type Wire = z.input<typeof Unsubscribing>
type State = { mails: Wire | null; fault: Fault | null; acting: boolean; failed: boolean; undone: boolean }
let state: State = { mails: null, fault: null, acting: false, failed: false, undone: false }

const token = new URLSearchParams(location.search).get('t') ?? ''

async function look() {
  try {
    const { status, data } = await ask(token, 'GET', '/unsubscription')
    if (status === 200) state = { ...state, mails: data as Wire, fault: null }
    else state = { ...state, fault: status === 401 || status === 404 ? 'invalid' : 'unreachable' }
  } catch {
    state = { ...state, fault: 'unreachable' }
  }
  draw()
}

async function decide(given: boolean) {
  if (state.acting) return
  state = { ...state, acting: true, failed: false }
  draw()
  try {
    const { status, data } = await ask(token, 'PUT', '/unsubscription', { given })
    state = status === 200 ? { ...state, mails: data as Wire, acting: false, undone: given } : { ...state, acting: false, failed: true }
  } catch {
    state = { ...state, acting: false, failed: true }
  }
  draw()
}

function draw() {
  const w = words[currentLanguage()]
  show(w.page, state.mails, h('div', { class: 'page' }, ...(state.mails ? shown(state.mails) : notYet(state.fault, w, () => void look()))))
}

function shown(mails: Wire): HTMLElement[] {
  const language = currentLanguage()
  const w = words[language]
  const kind = w.kinds[mails.purpose]
  const top = head(nameOf(mails, language), w.language)
  const failed = h('p', { class: 'notice bad', role: 'alert' }, state.failed ? w.failed : '')
  if (!mails.given)
    return [top, told('done', w.done, w.doneWhat(kind, mails.address), { id: 'undo', name: w.undo, run: () => void decide(true) }), failed]
  if (state.undone) return [top, told('done', w.again, w.againWhat(kind, mails.address))]
  return [
    top,
    h('main', { class: 'empty' }, h('h1', {}, w.question(kind)), h('p', { class: 'quiet' }, w.what(mails.address))),
    h(
      'footer',
      {},
      failed,
      h(
        'div',
        { class: 'row' },
        h(
          'button',
          { id: 'confirm', type: 'button', class: 'button main', disabled: state.acting, onclick: () => void decide(false) },
          w.confirm,
        ),
      ),
    ),
  ]
}

onLanguage(draw)
bringFont()
draw()
void look()
