import { glyph, glyphs, h } from '../kit/dom.ts'
import type { Talk } from './talk.ts'
import { refusalWords, w } from './words.ts'

/** After the talk: one to five with words, then thanks, then a new beginning. */
export function rating(talk: Talk): { element: HTMLElement; draw: () => void } {
  let score = 0
  const says = h('textarea', { rows: '2', maxlength: '2000', 'aria-label': w.rateWords, placeholder: w.rateWords })
  const problem = h('p', { class: 'problem', role: 'alert' })
  const meaning = h('p', { class: 'meaning', 'aria-hidden': 'true' }, ' ')
  const send = h('button', { class: 'primary', type: 'submit', disabled: true }, w.rate)
  const radios = w.scores.map((word, n) => {
    const input = h('input', { type: 'radio', name: 'score', value: String(n + 1), class: 'sr', 'aria-label': `${n + 1} ${word}` })
    input.addEventListener('change', () => choose(n + 1))
    return h('label', { class: 'star' }, input, glyph(glyphs.star, 30))
  })
  const choose = (next: number) => {
    score = next
    meaning.textContent = w.scores[next - 1] ?? ''
    send.disabled = false
    for (const [n, label] of radios.entries()) label.classList.toggle('on', n < next)
  }
  const form = h(
    'form',
    {
      class: 'rate',
      onsubmit: e => {
        e.preventDefault()
        if (score) void talk.rate(score, says.value.trim())
      },
    },
    h('fieldset', { role: 'radiogroup' }, h('legend', {}, w.rateTitle), h('div', { class: 'stars' }, ...radios)),
    meaning,
    says,
    problem,
    send,
  )
  const thanks = h('p', { class: 'thanks', role: 'status' })
  const again = h('button', { type: 'button', class: 'chip', onclick: () => talk.forget() }, w.again)
  const element = h('div', { class: 'over' }, form, thanks, again)
  return {
    element,
    draw: () => {
      const c = talk.conversation()
      const mayRate = c !== null && !c.rated && c.agentName !== null && (c.state === 'wrap' || c.state === 'done')
      form.hidden = !mayRate
      thanks.hidden = !c?.rated
      if (c?.rated && !thanks.textContent) thanks.textContent = w.thanks
      send.disabled = talk.talk.busy || score === 0
      problem.textContent =
        talk.talk.problem === null ? '' : talk.talk.problem === 'unavailable' ? w.unavailable : refusalWords(talk.talk.problem)
    },
  }
}
