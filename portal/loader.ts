// Pasted into other people's pages: one file, no import, nothing of theirs touched but one element at the end of the body.
// <script src="https://…/widget.js" data-key="KEY" defer></script>
// Then: huiyin.open(), huiyin.close(), huiyin.identify(signed) when a customer signs in, huiyin.signOut() when they leave.

type Said = { brand?: string; unread?: number; wish?: string; ready?: boolean }

// Nothing of ours becomes a name of theirs, but `huiyin`.
;(() => {
  const styles = /* css */ `:host { all: initial; }
button { position: fixed; right: 24px; bottom: 24px; width: 56px; height: 56px; border: 0; border-radius: 50%; background: var(--ac, #3552d6); color: #fff; cursor: pointer; display: grid; place-items: center; box-shadow: 0 8px 24px rgba(20, 24, 36, .24); z-index: 2147483000; }
button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 5px var(--ac, #3552d6); }
span { position: absolute; top: -2px; right: -2px; min-width: 20px; height: 20px; padding: 0 5px; box-sizing: border-box; border-radius: 10px; background: #c22a2e; color: #fff; font: 600 12px/20px sans-serif; text-align: center; }
iframe { position: fixed; right: 24px; bottom: 24px; width: 376px; height: min(640px, calc(100dvh - 48px)); border: 0; border-radius: 16px; background: #fff; box-shadow: 0 16px 48px rgba(20, 24, 36, .18), 0 2px 8px rgba(20, 24, 36, .08); z-index: 2147483001; color-scheme: light; }
@media (max-width: 480px) { iframe { inset: 0; width: 100%; height: 100dvh; border-radius: 0; } button { right: 16px; bottom: 16px; } }
[hidden] { display: none; }`

  function start(script: HTMLScriptElement, key: string): void {
    const origin = new URL(script.src, location.href).origin
    const zh = (document.documentElement.lang || navigator.language).startsWith('zh')
    let identity = script.dataset.identity
    let open = false
    let ready = false
    const query = new URLSearchParams({
      key,
      lang: script.dataset.lang ?? (zh ? 'zh' : 'en'),
      page: location.href.slice(0, 500),
      ...(identity ? { signed: '1' } : {}),
    })

    const host = document.createElement('div')
    const shade = host.attachShadow({ mode: 'open' })
    // A sheet of our own making is allowed where the host forbids inline styles.
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(styles)
    shade.adoptedStyleSheets = [sheet]
    const button = document.createElement('button')
    button.type = 'button'
    button.setAttribute('aria-label', zh ? '在线客服' : 'Chat with us')
    button.setAttribute('aria-expanded', 'false')
    button.innerHTML =
      '<svg width="26" height="26" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M4 21V8a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3H8zM9.5 9h5M9.5 13h3"/></svg>'
    const badge = document.createElement('span')
    badge.hidden = true
    button.append(badge)
    const frame = document.createElement('iframe')
    frame.title = zh ? '在线客服' : 'Chat with us'
    frame.hidden = true
    frame.allow = 'clipboard-write'
    frame.src = `${origin}/widget/?${query}`
    shade.append(button, frame)
    document.body.append(host)

    const tell = (said: Record<string, unknown>) => {
      if (ready) frame.contentWindow?.postMessage({ huiyinHost: said }, origin)
    }
    function show(next: boolean): void {
      if (open === next) return
      open = next
      frame.hidden = !next
      button.hidden = next
      button.setAttribute('aria-expanded', String(next))
      tell({ show: next })
      if (next) frame.focus()
      else button.focus()
    }
    button.addEventListener('click', () => show(true))
    addEventListener('message', event => {
      if (event.source !== frame.contentWindow || event.origin !== origin || typeof event.data !== 'object') return
      const said: Said = event.data?.huiyin ?? {}
      if (said.ready) {
        ready = true
        if (identity) tell({ identity })
        if (open) tell({ show: true })
      }
      if (said.brand && /^#[0-9a-f]{6}$/i.test(said.brand)) host.style.setProperty('--ac', said.brand)
      if (typeof said.unread === 'number') {
        badge.textContent = said.unread > 99 ? '99+' : String(said.unread)
        badge.hidden = said.unread === 0
      }
      if (said.wish === 'close') show(false)
    })
    Object.assign(window, {
      huiyin: {
        open: () => show(true),
        close: () => show(false),
        identify: (signed: string) => {
          identity = signed
          tell({ identity: signed })
        },
        signOut: () => {
          identity = undefined
          tell({ signOut: true })
        },
      },
    })
  }

  const script =
    document.currentScript instanceof HTMLScriptElement
      ? document.currentScript
      : document.querySelector<HTMLScriptElement>('script[data-key][src*="widget.js"]')
  const key = script?.dataset.key
  if (script && key) {
    if (document.body) start(script, key)
    else addEventListener('DOMContentLoaded', () => start(script, key))
  }
})()
