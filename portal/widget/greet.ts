import { h } from '../kit/dom.ts'
import { currentLanguage } from '../kit/language.ts'
import type { Look } from './api.ts'
import type { Talk } from './talk.ts'
import { refusalWords, w } from './words.ts'

/** Before the talk: the greeting, what it can be about, and the first words. Made once per language; its fields keep what was typed. */
export function greeting(talk: Talk, look: Look, signed: boolean): { element: HTMLElement; draw: () => void } {
  const zh = currentLanguage() === 'zh'
  const open = talk.talk.state?.open ?? look.open
  const opensAt = talk.talk.state?.opensAt ?? look.opensAt
  const hello = (
    open ? (zh ? look.greeting : look.greetingEn || look.greeting) : zh ? look.closedText : look.closedTextEn || look.closedText
  ).trim()
  const problem = h('p', { class: 'problem', role: 'alert' })
  const name = h('input', { id: 'name', maxlength: '80', autocomplete: 'name' })
  const phone = h('input', { id: 'phone', type: 'tel', maxlength: '40', autocomplete: 'tel' })
  const about = h('textarea', { id: 'about', rows: '3', maxlength: '8000', 'aria-label': w.about, placeholder: w.about })
  about.value = talk.draft.read()
  about.addEventListener('input', () => talk.draft.write(about.value))
  const contact = () => ({
    ...(name.value.trim() ? { name: name.value.trim() } : {}),
    ...(phone.value.trim() ? { phone: phone.value.trim() } : {}),
  })

  let chosen: string | undefined
  const say = async () => {
    const choice = chosen
    const text = about.value.trim()
    if (!text && !choice) {
      about.focus()
      return
    }
    // Taken out first: where the talk goes on, the same draft would be waiting.
    talk.draft.write('')
    if (!(await talk.start({ text, ...contact(), ...(choice ? { choice } : {}) }))) talk.draft.write(text)
  }
  const send = h('button', { class: 'primary', type: 'submit' }, open ? w.begin : w.leaveMessage)
  /** Who is known has nothing more to fill in: one tap begins. */
  const choose = (key: string) => {
    chosen = chosen === key && !signed ? undefined : key
    for (const [n, c] of look.choices.entries()) choices[n]?.setAttribute('aria-pressed', String(c.key === chosen))
    if (signed) void say()
  }
  const choices = look.choices.map(c =>
    h(
      'button',
      { type: 'button', class: 'choice', 'aria-pressed': 'false', onclick: () => choose(c.key) },
      zh ? c.label : c.labelEn || c.label,
    ),
  )
  about.addEventListener('keydown', e => {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
      e.preventDefault()
      void say()
    }
  })

  const element = h(
    'form',
    {
      class: 'greet',
      onsubmit: e => {
        e.preventDefault()
        void say()
      },
    },
    h('div', { class: 'msg' }, h('div', { class: 'bub' }, hello || w.title)),
    !open && opensAt && h('div', { class: 'sys' }, w.closedUntil(new Date(opensAt))),
    choices.length > 0 && h('div', { class: 'choices' }, ...choices),
    h('div', { class: 'field' }, about),
    !signed &&
      h(
        'fieldset',
        {},
        h('legend', {}, w.contact),
        h('div', { class: 'pair' }, h('label', { for: 'name' }, w.name, name), h('label', { for: 'phone' }, w.phone, phone)),
      ),
    problem,
    send,
  )
  return {
    element,
    draw: () => {
      for (const button of [send, ...choices]) button.disabled = talk.talk.busy
      const words = talk.talk.problem === null ? '' : talk.talk.problem === 'unavailable' ? w.unavailable : refusalWords(talk.talk.problem)
      if (problem.textContent !== words) problem.textContent = words
    },
  }
}
