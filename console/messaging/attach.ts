import { useSyncExternalStore } from 'react'
import { FileCard } from '#contract/messaging.ts'
import { type Attachment, type Keeper, newUploads, type Transfer } from './uploading.ts'

export type { Attachment } from './uploading.ts'

/** With progress, which fetch cannot tell. */
const transfer: Transfer = (file, { progress, done, lost }) => {
  const request = new XMLHttpRequest()
  request.open('POST', '/api/files')
  request.setRequestHeader('x-csrf', /(?:^|;\s*)huiyin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '')
  request.upload.onprogress = event => {
    if (event.lengthComputable) progress(event.loaded / event.total)
  }
  request.onerror = () => lost('network.away', true)
  request.onload = () => {
    const passing = request.status >= 500 || request.status === 429
    try {
      const reply: unknown = JSON.parse(request.responseText)
      const card = FileCard.safeParse(reply)
      if (request.status < 300 && card.success) return done(card.data)
      lost(typeof reply === 'object' && reply !== null && 'code' in reply ? String(reply.code) : 'network.odd', passing)
    } catch {
      lost(request.status === 413 ? 'file.too_large' : 'network.odd', passing)
    }
  }
  const form = new FormData()
  form.append('file', file)
  request.send(form)
  return () => request.abort()
}

const hearers = new Set<() => void>()
const uploads = newUploads({
  transfer,
  picture: file => (file.type.startsWith('image/') ? URL.createObjectURL(file) : null),
  forget: picture => URL.revokeObjectURL(picture),
  changed: () => {
    for (const hear of hearers) hear()
  },
  patience: 30_000,
})
const subscribe = (hear: () => void) => {
  hearers.add(hear)
  return () => {
    hearers.delete(hear)
  }
}

/** The files of a place, such as one person's answer in one talk. */
export function useAttachments(place: string): {
  files: readonly Attachment[]
  add: (files: Iterable<File>, keeper?: Keeper) => void
  retry: (key: string) => void
  remove: (key: string) => void
  clear: () => void
} {
  return {
    files: useSyncExternalStore(subscribe, () => uploads.of(place)),
    add: (files, keeper) => uploads.add(place, files, keeper),
    retry: key => uploads.retry(place, key),
    remove: key => uploads.remove(place, key),
    clear: () => uploads.clear(place),
  }
}

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1_048_576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`
}
