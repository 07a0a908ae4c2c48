import { useState } from 'react'

const known = () => ('Notification' in globalThis ? Notification.permission : 'denied')

/** The browser's own alerts: asked for only when the person presses for it. */
export function useDesktop(): { state: NotificationPermission; ask: () => void } {
  const [state, setState] = useState(known)
  return { state, ask: () => void Notification.requestPermission().then(setState) }
}

/** Told while the page is out of sight; several tabs tell it once. */
export function tellDesktop(id: string, title: string, brand: string, open: () => void): void {
  if (known() !== 'granted' || !document.hidden) return
  const shown = new Notification(title, { tag: id, body: brand, icon: '/favicon.svg' })
  shown.onclick = () => {
    window.focus()
    shown.close()
    open()
  }
}
