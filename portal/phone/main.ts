import { h } from '../kit/dom.ts'
import { bringFont } from '../kit/font.ts'
import { currentLanguage, onLanguage } from '../kit/language.ts'
import { type Fault, head, notYet, show, told } from '../kit/page.ts'
import { newTelephone, type Opened } from './telephone.ts'
import { words } from './words.ts'

type Numbers = { numbers: { number: string; name: string; nameEn: string }[]; callers: { number: string; name: string }[] }
const kept = 'huiyin:practice-from'
const someone = () => `1380000${String(Math.floor(1000 + Math.random() * 9000))}`

let numbers: Numbers | null = null
let fault: Fault | 'signIn' | 'off' | null = null
let to = ''
let from = sessionStorage.getItem(kept) ?? ''
let wrongFrom = false
/** What stands in the field and is not taken yet. */
let typed: string | null = null
/** Of several numbers in a row only the last is switched on, whichever answer comes first. */
let switching = 0
const phone = newTelephone(() => draw())

const words_ = () => words[currentLanguage()]
const nameOf = (n: Numbers['numbers'][number]) => (currentLanguage() === 'en' && n.nameEn) || n.name

async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<{ status: number; data: unknown }> {
  const csrf = /(?:^|;\s*)huiyin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? ''
  const reply = await fetch(`/api${path}`, {
    method,
    cache: 'no-store',
    signal: AbortSignal.timeout(10_000),
    headers: { 'x-csrf': csrf, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: reply.status, data: await reply.json() }
}
const faultOf = (status: number): typeof fault => (status === 401 ? 'signIn' : status === 404 ? 'off' : 'unreachable')

async function look(): Promise<void> {
  try {
    const { status, data } = await ask('GET', '/practice-phone/numbers')
    fault = status === 200 ? null : faultOf(status)
    if (status === 200) {
      numbers = data as Numbers
      to ||= numbers.numbers[0]?.number ?? ''
      from ||= numbers.callers[0]?.number ?? someone()
      await switchOn()
    }
  } catch {
    fault = 'unreachable'
  }
  draw()
}

/** A telephone is on as long as its page is open, and is called under its number. */
async function switchOn(): Promise<void> {
  wrongFrom = !/^\+?[0-9]{3,18}$/.test(from)
  if (wrongFrom) return
  sessionStorage.setItem(kept, from)
  phone.switchOff()
  const [mine, number] = [++switching, from]
  const { status, data } = await ask('POST', '/practice-phone', { from: number })
  if (mine !== switching) return
  if (status !== 200) {
    fault = faultOf(status)
    return
  }
  phone.switchOn({ ...(data as Opened), from: number })
}
const again = () =>
  void switchOn()
    .catch(() => (fault = 'unreachable'))
    .then(draw)

function draw(): void {
  const w = words_()
  const page = h('div', { class: `page ${phone.now().stage}` }, ...body())
  const field = document.activeElement
  if (field instanceof HTMLInputElement && field.id === 'from' && page.querySelector('#from')) drawAround(field, page)
  else show(w.page, null, page)
}

/** Whoever is typing goes on in the same field: about it is drawn what has changed. */
function drawAround(field: HTMLInputElement, page: HTMLElement): void {
  for (const id of ['from-help', 'people', 'problem', 'call', 'state']) {
    const fresh = page.querySelector(`#${id}`)
    if (fresh) document.getElementById(id)?.replaceWith(fresh)
  }
  field.setAttribute('aria-invalid', String(wrongFrom))
  if (typed === null) field.value = from
}

function body(): HTMLElement[] {
  const w = words_()
  const { stage, line } = phone.now()
  if (!numbers || fault) {
    if (fault === 'signIn')
      return [
        head(w.page, w.language),
        told('broken', w.signIn, w.signInWhy, { id: 'sign-in', name: w.toSignIn, run: () => location.assign('/login?back=/phone') }),
      ]
    if (fault === 'off') return [head(w.page, w.language), told('broken', w.off, w.offWhy)]
    return notYet(fault, w, () => void look())
  }
  const top = head(w.page, w.language)
  if (stage === 'idle') {
    if (line === 'elsewhere') return [top, told('broken', w.elsewhere, w.elsewhereWhy, { id: 'again', name: w.takeBack, run: again })]
    if (line === 'refused') return [top, told('broken', w.expired, w.expiredWhy, { id: 'again', name: w.retry, run: again })]
    return [top, ...idle(numbers)]
  }
  if (stage === 'ringing') return [top, ...incoming()]
  if (stage === 'over') return [top, ...ended()]
  return [top, ...talking()]
}

function idle({ numbers: all, callers }: Numbers): HTMLElement[] {
  const w = words_()
  const { problem, line } = phone.now()
  if (all.length === 0) return [told('broken', w.none, w.noneWhy)]
  const chosen = h(
    'select',
    {
      id: 'to',
      onchange: () => {
        to = chosen.value
      },
    },
    ...all.map(n => h('option', { value: n.number, selected: n.number === to }, `${nameOf(n)}  ${n.number}`)),
  )
  const take = () => {
    if (typed === null || !own.isConnected) return
    const was = from
    from = typed.replaceAll(/[\s-]/g, '')
    typed = null
    if (from !== was) again()
  }
  const own = h('input', {
    id: 'from',
    inputmode: 'tel',
    autocomplete: 'off',
    maxlength: '19',
    'aria-describedby': 'from-help',
    'aria-invalid': String(wrongFrom),
    oninput: () => {
      typed = own.value
    },
    onchange: take,
    // Also where it was drawn with what had been typed before a call came. A page that is just being drawn is not drawn again within.
    onblur: () => setTimeout(take),
  })
  own.value = typed ?? from
  const be = (number: string) => () => {
    from = number
    typed = null
    again()
  }
  return [
    h(
      'main',
      { class: 'form' },
      h('p', { class: 'quiet' }, w.what),
      h('label', { for: 'to' }, w.to),
      chosen,
      h('label', { for: 'from' }, w.from),
      own,
      h('p', { id: 'from-help', class: wrongFrom ? 'bad' : 'quiet' }, wrongFrom ? w.wrongFrom : w.fromHelp),
      h(
        'div',
        { id: 'people', class: 'people' },
        ...callers.map(c =>
          h(
            'button',
            { id: `as-${c.number}`, type: 'button', class: 'person', 'aria-pressed': String(c.number === from), onclick: be(c.number) },
            c.name,
          ),
        ),
        h('button', { id: 'as-someone', type: 'button', class: 'person', onclick: () => be(someone())() }, w.someone),
      ),
    ),
    h(
      'footer',
      {},
      h('p', { id: 'problem', class: 'notice bad', role: 'alert' }, problem ? w.problems[problem] : ''),
      h(
        'div',
        { class: 'row' },
        h(
          'button',
          {
            id: 'call',
            type: 'button',
            class: 'button main go',
            disabled: line !== 'ready' || wrongFrom,
            onclick: () => void phone.dial(to, all.find(n => n.number === to)?.number ?? to),
          },
          w.call,
        ),
      ),
      h('p', { id: 'state', class: 'quiet why', role: 'status' }, line === 'ready' ? w.ready : w.starting),
      h('p', { class: 'quiet why' }, w.microphone),
    ),
  ]
}

function whom(): HTMLElement {
  const w = words_()
  const { stage, other, microphone } = phone.now()
  const number = numbers?.numbers.find(n => n.number === other)
  const state = stage === 'calling' ? w.calling : stage === 'ringing' ? w.ringing : w.up
  return h(
    'div',
    { class: 'whom' },
    h('h1', {}, number ? nameOf(number) : other),
    h('p', { class: 'quiet', role: 'status' }, `${state} `, h('span', { id: 'clock', 'aria-hidden': 'true' }, clock())),
    microphone === 'none' ? h('p', { class: 'notice' }, w.silent) : null,
  )
}

function talking(): HTMLElement[] {
  const w = words_()
  const { caption, saying, music, talking: heard, cutOff, recorded, keys, stage } = phone.now()
  const said = saying ? caption : cutOff ? w.cutOff : music ? w.music : heard ? w.talking : caption
  return [
    h(
      'main',
      {},
      whom(),
      h('p', { id: 'caption', class: saying ? 'caption' : 'caption quiet', 'aria-live': 'polite', 'data-music': music || cutOff }, said),
      h('p', { class: 'quiet marks' }, [recorded ? w.recorded : '', keys && `${w.pressed} ${keys}`].filter(Boolean).join(w.between)),
      h(
        'div',
        { class: 'keys', role: 'group', 'aria-label': w.keypad },
        ...[...'123456789*0#'].map(key =>
          h('button', { id: `key-${key}`, type: 'button', disabled: stage !== 'up', onclick: () => phone.press(key) }, key),
        ),
      ),
    ),
    h(
      'footer',
      {},
      h(
        'div',
        { class: 'row' },
        h('button', { id: 'hang-up', type: 'button', class: 'button end', onclick: () => void phone.hangUp() }, w.hangUp),
      ),
    ),
  ]
}

function incoming(): HTMLElement[] {
  const w = words_()
  return [
    h('main', { role: 'alert' }, whom()),
    h(
      'footer',
      {},
      h(
        'div',
        { class: 'row' },
        h('button', { id: 'refuse', type: 'button', class: 'button end', onclick: () => void phone.hangUp() }, w.refuse),
        h('button', { id: 'answer', type: 'button', class: 'button main go', onclick: () => void phone.answer() }, w.answer),
      ),
    ),
  ]
}

function ended(): HTMLElement[] {
  const w = words_()
  const { cause, line } = phone.now()
  return [
    told('done', w.ended, `${w.causes[cause ?? 'normal']}${line === 'ready' ? w.stillOn : ''}`, {
      id: 'again',
      name: w.again,
      run: phone.clear,
    }),
  ]
}

function clock(): string {
  const seconds = Math.max(0, Math.floor((Date.now() - phone.now().since) / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
setInterval(() => {
  const shown = document.getElementById('clock')
  if (shown) shown.textContent = clock()
}, 1_000)
addEventListener('keydown', event => {
  if (/^[0-9*#]$/.test(event.key) && !(event.target instanceof HTMLInputElement)) phone.press(event.key)
})
addEventListener('pagehide', () => void phone.hangUp())
onLanguage(draw)
bringFont()
draw()
void look()
