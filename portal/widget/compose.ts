import { glyph, glyphs, h } from '../kit/dom.ts'
import type { Talk } from './talk.ts'
import { w } from './words.ts'

const faces = ['🙂', '😊', '😂', '😅', '😢', '😡', '👍', '👌', '🙏', '❤️', '🎉', '🌹', '💧', '🔧', '📷', '📍']

/** Where the customer writes: Enter sends, Shift Enter begins a new line, pictures may be pasted or dropped. */
export function composer(talk: Talk): HTMLElement {
  const input = h('textarea', { rows: '1', maxlength: '8000', 'aria-label': w.input, placeholder: w.input, enterkeyhint: 'send' })
  input.value = talk.draft.read()
  const fit = () => {
    input.style.height = 'auto'
    input.style.height = `${Math.min(input.scrollHeight, 120)}px`
  }
  const send = () => {
    const text = input.value.trim()
    if (!text) return
    talk.outbox.add(text, null)
    input.value = ''
    talk.draft.write('')
    fit()
    input.focus()
  }
  input.addEventListener('input', () => {
    talk.draft.write(input.value)
    talk.typing()
    fit()
  })
  // 229: the key belongs to an input method that is still composing Chinese.
  input.addEventListener('keydown', e => {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing && e.keyCode !== 229) {
      e.preventDefault()
      send()
    }
  })
  const attach = (files: Iterable<File>) => {
    for (const file of files) talk.outbox.add('', file)
  }
  input.addEventListener('paste', e => {
    const files = e.clipboardData?.files
    if (files?.length) {
      e.preventDefault()
      attach(files)
    }
  })

  const picker = h('input', { type: 'file', multiple: true, hidden: true, 'aria-hidden': 'true', tabindex: '-1' })
  picker.addEventListener('change', () => {
    attach(picker.files ?? [])
    picker.value = ''
  })
  const insert = (face: string) => {
    input.setRangeText(face, input.selectionStart, input.selectionEnd, 'end')
    input.dispatchEvent(new Event('input'))
    shut()
    input.focus()
  }
  const panel = h(
    'div',
    { class: 'faces', hidden: true },
    ...faces.map(face => h('button', { type: 'button', onclick: () => insert(face) }, face)),
  )
  const toggle = h(
    'button',
    {
      type: 'button',
      class: 'icon',
      'aria-label': w.emoji,
      'aria-expanded': 'false',
      onclick: () => {
        panel.hidden = !panel.hidden
        toggle.setAttribute('aria-expanded', String(!panel.hidden))
      },
    },
    glyph(glyphs.smile),
  )
  const shut = () => {
    panel.hidden = true
    toggle.setAttribute('aria-expanded', 'false')
  }
  panel.addEventListener('keydown', e => {
    if (e.key === 'Escape') {
      e.stopPropagation()
      shut()
      toggle.focus()
    }
  })

  const form = h(
    'form',
    {
      class: 'compose',
      onsubmit: e => {
        e.preventDefault()
        send()
      },
    },
    panel,
    h('button', { type: 'button', class: 'icon', 'aria-label': w.attach, onclick: () => picker.click() }, glyph(glyphs.picture)),
    picker,
    input,
    toggle,
    h('button', { type: 'submit', class: 'send', 'aria-label': w.send }, glyph(glyphs.send, 16)),
  )
  form.addEventListener('dragover', e => e.preventDefault())
  form.addEventListener('drop', e => {
    e.preventDefault()
    attach(e.dataTransfer?.files ?? [])
  })
  requestAnimationFrame(fit)
  return form
}
