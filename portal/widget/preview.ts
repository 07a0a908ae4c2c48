import type { Look } from './api.ts'
import { record } from './keep.ts'

/** In the settings: the look that is being written, told by our own console. Nothing is begun and nothing can be pressed. */
export function hearLook(show: (look: Look) => void): void {
  document.body.inert = true
  addEventListener('message', event => {
    if (event.origin !== location.origin || event.source !== window.parent) return
    const look = record(record(event.data).huiyinLook)
    if (Array.isArray(look.choices)) show(look as unknown as Look)
  })
}
