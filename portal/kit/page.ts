import { readableBrand } from './brand.ts'
import { glyph, h } from './dom.ts'
import { chooseLanguage, currentLanguage, type Language } from './language.ts'

const ownBrand = '#0B7575'
// Tabler icons (MIT).
const icons = {
  language: 'M9 6.371c0 4.418 -2.239 6.629 -5 6.629M4 6.371h7M5 9c0 2.144 2.252 3.908 6 4M12 20l4 -9l4 9M19.1 18h-6.2M6.694 3l.793 .582',
  broken:
    'M12 9v4M10.363 3.591l-8.106 13.534a1.914 1.914 0 0 0 1.636 2.871h16.214a1.914 1.914 0 0 0 1.636 -2.87l-8.106 -13.536a1.914 1.914 0 0 0 -3.274 0M12 16h.01',
  done: 'M3 12a9 9 0 1 0 18 0a9 9 0 0 0 -18 0M9 12l2 2l4 -4',
}

/** One question to the server by the secret of a link; no cookie goes along. */
export async function ask(
  token: string,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: object,
): Promise<{ status: number; data: unknown }> {
  const reply = await fetch(`/api${path}`, {
    method,
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(10_000),
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: reply.status, data: await reply.json() }
}

type Whose = { tenantName: string; tenantNameEn: string; brand: string }
export const nameOf = (of: Whose, language: Language): string => (language === 'en' ? of.tenantNameEn || of.tenantName : of.tenantName)

/** Puts a page in the place of the one before; what had the focus keeps it. */
export function show(title: string, whose: Whose | null, page: Node): void {
  document.documentElement.lang = currentLanguage() === 'zh' ? 'zh-CN' : 'en'
  document.title = title
  document.documentElement.style.setProperty('--brand', readableBrand(whose?.brand ?? ownBrand, ownBrand))
  const focused = document.activeElement?.id
  document.getElementById('page')?.replaceChildren(page)
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true })
}

/** `other`: the name of the other language. */
export function head(name: string, other: string): HTMLElement {
  const to: Language = currentLanguage() === 'zh' ? 'en' : 'zh'
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
        lang: to === 'zh' ? 'zh-CN' : 'en',
        'aria-label': other,
        title: other,
        onclick: () => chooseLanguage(to),
      },
      glyph(icons.language, 22),
    ),
  )
}

/** One thing said in the middle of the page: that it is done, or why it is not. */
export function told(
  kind: 'done' | 'broken',
  title: string,
  why: string,
  act?: { id: string; name: string; run: () => void },
): HTMLElement {
  return h(
    'main',
    { class: `empty ${kind}`, role: kind === 'done' ? 'status' : 'alert' },
    glyph(icons[kind], 40),
    h('h1', {}, title),
    h('p', { class: 'quiet' }, why),
    act ? h('button', { id: act.id, type: 'button', class: 'button', onclick: act.run }, act.name) : null,
  )
}

export type Fault = 'invalid' | 'unreachable'
type FaultWords = Record<'page' | 'language' | 'loading' | 'retry' | Fault | `${Fault}Why`, string>

/** A page that has nothing to show yet: it is being asked for, its link opens nothing, or the house cannot be reached. */
export const notYet = (fault: Fault | null, w: FaultWords, retry: () => void): HTMLElement[] => [
  head(w.page, w.language),
  fault === null
    ? h('p', { class: 'empty', role: 'status' }, w.loading)
    : told('broken', w[fault], w[`${fault}Why`], fault === 'unreachable' ? { id: 'retry', name: w.retry, run: retry } : undefined),
]
