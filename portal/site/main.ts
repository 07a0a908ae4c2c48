import { bringFont } from '../kit/font.ts'
import { chooseLanguage, currentLanguage, onLanguage } from '../kit/language.ts'

declare global {
  interface Window {
    huiyin?: { open: () => void; close: () => void; identify: (signed: string) => void; signOut: () => void }
  }
}

// Of the sample centre, known to all like its passwords. A real site signs on its own server: the secret never reaches a browser.
const secret = 'qingyuan-sample-site-signs-with-this'

const element = <T extends HTMLElement>(id: string, kind: new () => T): T => {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`)
  return found
}
const account = element('account', HTMLButtonElement)
const tongue = element('tongue', HTMLButtonElement)
const login = element('login', HTMLDialogElement)
const number = element('number', HTMLInputElement)

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')

/** base64url(JSON) + "." + base64url(HMAC-SHA256 of that text), as `POST /api/widget/:key/visits` describes. */
async function signed(customer: string): Promise<string> {
  const utf8 = new TextEncoder()
  const text = base64url(utf8.encode(JSON.stringify({ number: customer, exp: Math.floor(Date.now() / 1000) + 3600 })))
  const key = await crypto.subtle.importKey('raw', utf8.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return `${text}.${base64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(text))))}`
}

/** Supply that is back on the half hour, so many hours from now. */
function backBy(hours: number, language: 'zh' | 'en'): string {
  const half = 30 * 60_000
  const at = new Date(Math.ceil((Date.now() + hours * 2 * half) / half) * half)
  const isToday = at.toDateString() === new Date().toDateString()
  const day = language === 'zh' ? (isToday ? '今天' : '明天') : isToday ? 'Today' : 'Tomorrow'
  return `${day} ${at.getHours()}:${String(at.getMinutes()).padStart(2, '0')}`
}

function draw(): void {
  const language = currentLanguage()
  for (const word of document.querySelectorAll<HTMLElement>('[data-zh]'))
    word.textContent = (language === 'zh' ? word.dataset.zh : word.dataset.en) ?? ''
  for (const cell of document.querySelectorAll<HTMLElement>('[data-hours]')) cell.textContent = backBy(Number(cell.dataset.hours), language)
  tongue.textContent = language === 'zh' ? 'English' : '中文'
  document.title = language === 'zh' ? '清源供水' : 'Clearspring Water'
  const known = sessionStorage.getItem('site:number')
  if (known) account.textContent = language === 'zh' ? `用户 ${known}，退出` : `Customer ${known}, sign out`
}

async function enter(customer: string): Promise<void> {
  sessionStorage.setItem('site:number', customer)
  draw()
  window.huiyin?.identify(await signed(customer))
}

account.addEventListener('click', () => {
  if (sessionStorage.getItem('site:number')) {
    sessionStorage.removeItem('site:number')
    window.huiyin?.signOut()
    account.textContent = (currentLanguage() === 'zh' ? account.dataset.zh : account.dataset.en) ?? ''
  } else login.showModal()
})
element('cancel', HTMLButtonElement).addEventListener('click', () => login.close())
element('login-form', HTMLFormElement).addEventListener('submit', () => void enter(number.value.trim()))
for (const tile of document.querySelectorAll('[data-chat]')) tile.addEventListener('click', () => window.huiyin?.open())
tongue.addEventListener('click', () => chooseLanguage(currentLanguage() === 'zh' ? 'en' : 'zh'))
onLanguage(draw)
bringFont()
chooseLanguage(currentLanguage())

// Signing needs a secure page (https, or this machine).
account.hidden = !globalThis.crypto?.subtle
const before = sessionStorage.getItem('site:number')
// The widget's script may come after this one.
if (before) addEventListener('load', () => void enter(before))
