import type * as z from 'zod'
import type { Invited } from '#contract/invitations.ts'
import { h } from '../kit/dom.ts'
import { bringFont } from '../kit/font.ts'
import { currentLanguage, onLanguage } from '../kit/language.ts'
import { ask, type Fault, head, nameOf, notYet, show, told } from '../kit/page.ts'
import { words } from './words.ts'

type Wire = z.input<typeof Invited>
const longest = 500

type State = {
  invited: Wire | null
  fault: Fault | null
  score: number | null
  said: string
  sending: boolean
  /** Answered just now, here. */
  thanked: boolean
  failed: boolean
}
const begin: State = { invited: null, fault: null, score: null, said: '', sending: false, thanked: false, failed: false }
let state = begin

const token = () => decodeURIComponent(location.hash.slice(1))

async function look() {
  try {
    const { status, data } = await ask(token(), 'GET', '/invitation')
    if (status === 200) state = { ...state, invited: data as Wire, fault: null }
    else state = { ...state, invited: null, fault: status === 401 || status === 404 ? 'invalid' : 'unreachable' }
  } catch {
    state = { ...state, fault: 'unreachable' }
  }
  draw()
}

async function send() {
  if (state.score === null || state.sending) return
  state = { ...state, sending: true, failed: false }
  draw()
  try {
    const { status, data } = await ask(token(), 'POST', '/invitation/answer', { score: state.score, words: state.said })
    if (status === 200) state = { ...state, invited: data as Wire, sending: false, thanked: true }
    else if (status === 409 || status === 410) {
      state = { ...state, sending: false }
      return await look()
    } else state = { ...state, sending: false, failed: true }
  } catch {
    state = { ...state, sending: false, failed: true }
  }
  draw()
}

function draw() {
  const w = words[currentLanguage()]
  show(
    w.page,
    state.invited,
    h('div', { class: 'page' }, ...(state.invited ? asked(state.invited) : notYet(state.fault, w, () => void look()))),
  )
}

function asked(invited: Wire): HTMLElement[] {
  const language = currentLanguage()
  const w = words[language]
  const top = head(nameOf(invited, language), w.language)
  const matter = language === 'en' ? invited.matterEn : invited.matter
  if (invited.state === 'expired') return [top, told('broken', w.expired, w.expiredWhy)]
  if (invited.state === 'answered')
    return [top, told('done', state.thanked ? w.thanks : w.answered, invited.score === null ? matter : w.yours(matter, invited.score))]
  const button = h(
    'button',
    { id: 'send', type: 'submit', class: 'button main', form: 'answer', disabled: state.score === null || state.sending },
    state.sending ? w.sending : w.send,
  )
  const count = h('span', { class: 'quiet' }, `${state.said.length} / ${longest}`)
  const box = h('textarea', {
    id: 'said',
    rows: '4',
    maxlength: String(longest),
    'aria-describedby': 'optional',
    oninput: () => {
      state = { ...state, said: box.value }
      count.textContent = `${box.value.length} / ${longest}`
    },
  })
  box.value = state.said
  const choose = (score: number) => () => {
    state = { ...state, score }
    button.disabled = false
  }
  return [
    top,
    h(
      'main',
      {},
      h(
        'form',
        {
          id: 'answer',
          onsubmit: event => {
            event.preventDefault()
            void send()
          },
        },
        h('p', { class: 'quiet' }, matter),
        h(
          'fieldset',
          {},
          h('legend', {}, w.question),
          h(
            'div',
            { class: 'scores' },
            ...w.scores.map((name, n) =>
              h(
                'label',
                {},
                h('input', {
                  id: `score${n + 1}`,
                  type: 'radio',
                  name: 'score',
                  value: String(n + 1),
                  required: true,
                  checked: state.score === n + 1,
                  onchange: choose(n + 1),
                }),
                h('b', {}, String(n + 1)),
                h('span', {}, name),
              ),
            ),
          ),
        ),
        h(
          'div',
          { class: 'row between' },
          h('label', { for: 'said', class: 'ask' }, w.more),
          h('span', { id: 'optional', class: 'quiet' }, w.optional),
        ),
        box,
        h('p', { class: 'counted' }, count),
      ),
    ),
    h(
      'footer',
      {},
      h('p', { class: 'notice bad', role: 'alert' }, state.failed ? w.failed : ''),
      h('div', { class: 'row' }, button),
      h('p', { class: 'quiet why' }, w.why),
    ),
  ]
}

addEventListener('hashchange', () => {
  state = begin
  void look()
})
onLanguage(draw)
bringFont()
draw()
void look()
