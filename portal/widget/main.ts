import './widget.css'
import { io } from 'socket.io-client'
import { bringFont } from '../kit/font.ts'
import { chooseLanguage, currentLanguage } from '../kit/language.ts'
import { newApi } from './api.ts'
import { newKeep, record, textOf } from './keep.ts'
import { hearLook } from './preview.ts'
import { newTalk } from './talk.ts'
import { newView } from './view.ts'

const params = new URLSearchParams(location.search)
const root = document.querySelector<HTMLElement>('#widget') ?? document.body
const framed = window.parent !== window
// Told to whoever frames us: nothing but colour, count and wishes, so any site may hear it.
const tell = (said: Record<string, unknown>) => {
  if (framed) window.parent.postMessage({ huiyin: said }, '*')
}

let signed = params.has('signed')
let told = ''
const talk = newTalk(params.get('key') ?? '', {
  api: newApi({ send: (address, init) => fetch(address, init), patience: 20_000 }),
  connect: token => io({ path: '/api/socket', auth: { token }, transports: ['websocket', 'polling'], reconnectionDelayMax: 5_000 }),
  store: newKeep(() => localStorage),
  page: params.get('page') ?? document.referrer,
  language: currentLanguage,
  online: () => navigator.onLine,
  seen: () => document.visibilityState === 'visible',
  changed: () => draw(),
  afresh: () => location.reload(),
  firstPause: 1_000,
})
const view = newView(root, talk, { framed, close: () => tell({ wish: 'close' }), signed: () => signed })

let drawing = false
function draw(): void {
  if (drawing) return
  drawing = true
  requestAnimationFrame(() => {
    drawing = false
    view.draw()
    const said = { brand: talk.talk.look?.brand, unread: talk.unread() }
    if (JSON.stringify(said) !== told) {
      told = JSON.stringify(said)
      tell(said)
    }
  })
}

async function show(): Promise<void> {
  talk.talk.shown = true
  draw()
  await talk.openVisit()
  view.focus()
}

addEventListener('message', event => {
  if (event.source !== window.parent) return
  const { show: shown, identity, signOut } = record(record(event.data).huiyinHost)
  const signature = textOf(identity)
  if (signature) {
    signed = true
    talk.identify(signature)
    view.refresh()
  }
  if (signOut === true) talk.signOut()
  if (shown === true) void show()
  if (shown === false) {
    talk.talk.shown = false
    draw()
  }
})
addEventListener('keydown', event => {
  if (event.key === 'Escape' && framed) tell({ wish: 'close' })
})
// Frames of a hidden page are not drawn: what counts there is only the number of unread messages.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') talk.back()
  draw()
})
addEventListener('online', talk.back)
addEventListener('offline', talk.offline)

bringFont()
chooseLanguage(currentLanguage())
if (params.has('preview'))
  hearLook(look => {
    talk.talk.look = look
    view.refresh()
  })
else
  void talk.begin().then(() => {
    if (!framed) return show()
  })
tell({ ready: true })
