import { useEffect, useRef, useState } from 'react'
import type * as z from 'zod'
import { FileCard } from '#contract/messaging.ts'
import { newClientId } from '../kit/ids.ts'
import { refusalText } from '../kit/words.ts'

type Card = z.output<typeof FileCard>
export type Attachment = {
  key: string
  name: string
  size: number
  picture: string | null
  share: number
  card: Card | null
  failed: string | null
}

const largest = 20 * 1_048_576

/** Sends one file and says how far it is. Ending it early ends the request. */
function upload(file: File, progress: (share: number) => void): { done: Promise<Card>; stop: () => void } {
  const request = new XMLHttpRequest()
  const done = new Promise<Card>((resolve, reject) => {
    request.open('POST', '/api/files')
    request.setRequestHeader('x-csrf', /(?:^|;\s*)huiyin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '')
    request.upload.onprogress = event => {
      if (event.lengthComputable) progress(event.loaded / event.total)
    }
    request.onerror = () => reject(new Error(refusalText('network.away')))
    request.onload = () => {
      try {
        const reply: unknown = JSON.parse(request.responseText)
        const card = FileCard.safeParse(reply)
        if (request.status < 300 && card.success) return resolve(card.data)
        const code = typeof reply === 'object' && reply !== null && 'code' in reply ? String(reply.code) : 'network.odd'
        reject(new Error(refusalText(code)))
      } catch {
        reject(new Error(refusalText(request.status === 413 ? 'file.too_large' : 'network.odd')))
      }
    }
    const form = new FormData()
    form.append('file', file)
    request.send(form)
  })
  return { done, stop: () => request.abort() }
}

/** Files beside the words being written: they travel while one still writes. */
export function useAttachments(): {
  files: readonly Attachment[]
  add: (files: Iterable<File>) => void
  remove: (key: string) => void
  clear: () => void
} {
  const [files, setFiles] = useState<readonly Attachment[]>([])
  const stops = useRef(new Map<string, () => void>())
  const change = (key: string, to: Partial<Attachment>) => setFiles(all => all.map(f => (f.key === key ? { ...f, ...to } : f)))
  useEffect(
    () => () => {
      for (const stop of stops.current.values()) stop()
    },
    [],
  )

  const add = (chosen: Iterable<File>) => {
    for (const file of [...chosen].slice(0, 10)) {
      const key = newClientId()
      const picture = file.type.startsWith('image/') ? URL.createObjectURL(file) : null
      const refused = file.size > largest ? refusalText('file.too_large') : file.size === 0 ? refusalText('file.empty') : null
      setFiles(all => [...all, { key, name: file.name, size: file.size, picture, share: 0, card: null, failed: refused }])
      if (refused) continue
      const { done, stop } = upload(file, share => change(key, { share }))
      stops.current.set(key, stop)
      done
        .then(
          card => change(key, { card, share: 1 }),
          (error: Error) => change(key, { failed: error.message }),
        )
        .finally(() => stops.current.delete(key))
    }
  }
  const forget = (gone: readonly Attachment[]) => {
    for (const f of gone) if (f.picture) URL.revokeObjectURL(f.picture)
  }
  return {
    files,
    add,
    remove: key => {
      stops.current.get(key)?.()
      forget(files.filter(f => f.key === key))
      setFiles(all => all.filter(f => f.key !== key))
    },
    clear: () => {
      forget(files)
      setFiles([])
    },
  }
}

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1_048_576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`
}
