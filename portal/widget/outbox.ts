import { type Api, isPassing, type Message, Refused } from './api.ts'
import { type Keep, newId, record, textOf } from './keep.ts'

/** What the customer has said and the server has not acknowledged. `clientId` makes sending it again harmless. */
export type Pending = {
  clientId: string
  text: string
  name: string
  file: File | null
  fileId: string | null
  share: number
  failed: string | null
}

type Given = {
  api: Pick<Api, 'send' | 'upload'>
  store: Keep
  place: string
  firstPause: number
  changed: () => void
  sent: (message: Message) => void
  refused: (error: Refused) => void
}

/** Sends in the order of writing, one after the other, and does not give up while only the network is at fault. */
export function newOutbox({ api, store, place, firstPause, changed, sent, refused }: Given) {
  const items: Pending[] = restored(store.kept(place))
  let pumping = false
  let ready = false
  let wake: (() => void) | undefined

  /** What another tab of the site keeps in the same place stays there. */
  const save = (gone: readonly Pending[] = []) => {
    const mine = new Set([...items, ...gone].map(i => i.clientId))
    const all = [...restored(store.kept(place)).filter(i => !mine.has(i.clientId)), ...items.filter(i => !i.file || i.fileId !== null)]
    store.keep(
      place,
      all.map(({ clientId, text, name, fileId }) => ({ clientId, text, name, fileId })),
    )
  }
  const remove = (item: Pending) => {
    const at = items.indexOf(item)
    if (at >= 0) items.splice(at, 1)
    save([item])
  }

  async function pump(): Promise<void> {
    if (pumping || !ready) return
    pumping = true
    for (let failures = 0; ready; ) {
      const item = items.find(i => i.failed === null)
      if (!item) break
      try {
        if (item.file && item.fileId === null) {
          const card = await api.upload(item.file, share => {
            item.share = share
            changed()
          })
          item.fileId = card.id
          save()
        }
        const message = await api.send({ clientId: item.clientId, text: item.text, ...(item.fileId ? { fileId: item.fileId } : {}) })
        remove(item)
        sent(message)
        failures = 0
      } catch (error) {
        if (isPassing(error)) await pause(Math.min(15_000, firstPause * 2 ** failures++))
        else if (error instanceof Refused) {
          item.failed = error.code
          refused(error)
          changed()
        }
      }
    }
    pumping = false
  }

  const pause = (ms: number) =>
    new Promise<void>(done => {
      const timer = setTimeout(done, ms)
      wake = () => {
        clearTimeout(timer)
        done()
      }
    })

  return {
    items,
    add: (text: string, file: File | null) => {
      const item = { clientId: newId(), text, name: file?.name ?? '', file, fileId: null, share: 0, failed: null }
      items.push(item)
      save()
      changed()
      void pump()
      return item.clientId
    },
    /** Begins, or goes on at once when the network is back. */
    go: () => {
      ready = true
      wake?.()
      void pump()
    },
    stop: () => {
      ready = false
    },
    again: (item: Pending) => {
      item.failed = null
      changed()
      void pump()
    },
    remove: (item: Pending) => {
      remove(item)
      changed()
    },
    /** The server has it: the push came before the reply. */
    acknowledged: (clientId: string) => {
      const item = items.find(i => i.clientId === clientId)
      if (item) remove(item)
    },
    clear: () => {
      items.length = 0
      store.keep(place, [])
    },
  }
}

function restored(saved: unknown): Pending[] {
  return (Array.isArray(saved) ? saved : []).flatMap(entry => {
    const { clientId, text, name, fileId } = record(entry)
    const id = textOf(clientId)
    return id
      ? [
          {
            clientId: id,
            text: textOf(text) ?? '',
            name: textOf(name) ?? '',
            file: null,
            fileId: textOf(fileId) ?? null,
            share: 1,
            failed: null,
          },
        ]
      : []
  })
}
