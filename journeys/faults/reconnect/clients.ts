import { io } from 'socket.io-client'
import { newLine } from '../../../console/app/line.ts'
import { newAsk } from '../../../console/kit/wire.ts'
import { newThreads } from '../../../console/messaging/holding.ts'
import { newOutbox } from '../../../console/messaging/sending.ts'
import { Message } from '../../../contract/messaging.ts'
import { newApi } from '../../../portal/widget/api.ts'
import { newKeep } from '../../../portal/widget/keep.ts'
import { newTalk } from '../../../portal/widget/talk.ts'

/** The pace of the clients, so that a schedule takes seconds: everything else is what browsers run. Less, and a busy machine gives up on answers that come. */
const patience = 2_500
const firstPause = 40
const sockets = {
  path: '/api/socket',
  transports: ['websocket'],
  forceNew: true,
  reconnectionDelay: 30,
  reconnectionDelayMax: 300,
  timeout: patience,
}

/** What a browser keeps, and the page that is open in it. A reload throws the page away: it hears, says and writes nothing more. */
export type Disk = Map<string, string>
function newPage(url: string, disk: Disk, headers: Record<string, string>) {
  let alive = true
  const life = new AbortController()
  const never = new Promise<never>(() => {})
  const send: typeof fetch = async (address, init) => {
    if (!alive) return never
    const signal = AbortSignal.any([life.signal, ...(init?.signal ? [init.signal] : [])])
    try {
      const response = await fetch(`${url}${address}`, {
        ...init,
        signal,
        headers: { ...headers, ...Object.fromEntries(new Headers(init?.headers)) },
      })
      return alive ? response : never
    } catch (error) {
      if (alive) throw error
      return never
    }
  }
  const store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = {
    getItem: name => disk.get(name) ?? null,
    setItem: (name, text) => {
      if (alive) disk.set(name, text)
    },
    removeItem: name => {
      if (alive) disk.delete(name)
    },
  }
  const leave = () => {
    alive = false
    life.abort()
  }
  return { send, store, leave }
}

/** A tab with the widget in it. */
export function openWidget(url: string, widgetKey: string, disk: Disk, address: string) {
  const page = newPage(url, disk, { 'x-forwarded-for': address })
  const talk = newTalk(widgetKey, {
    api: newApi({ send: page.send, patience }),
    connect: token => io(url, { ...sockets, auth: { token } }),
    store: newKeep(() => page.store),
    page: '',
    language: () => 'zh',
    online: () => true,
    seen: () => true,
    changed: () => {},
    afresh: () => {},
    firstPause,
  })
  void talk.begin()
  return {
    talk,
    leave: () => {
      page.leave()
      talk.end()
    },
  }
}
export type Widget = ReturnType<typeof openWidget>

/** A tab with the console in it, at one conversation. */
export function openConsole(url: string, me: { id: string; token: string }, conversationId: string, disk: Disk) {
  const cookie = `huiyin_session=${me.token}; huiyin_csrf=same`
  const page = newPage(url, disk, { cookie })
  const ask = newAsk({ send: page.send, csrf: () => 'same', patience })
  const line = newLine({ open: () => io(url, { ...sockets, extraHeaders: { cookie } }), missed: () => {}, refused: () => {} })
  const outbox = newOutbox({ ask, store: page.store, sent: m => threads.receive(m), changed: () => {}, firstPause })
  const threads = newThreads({ ask, watch: line.watch, arrived: messages => outbox.arrived(messages), heard: () => {}, firstPause })
  outbox.resume(me.id)
  line.onLine(() => outbox.resume(me.id))
  line.watch(`user:${me.id}`, (name, payload) => {
    const message = Message.safeParse(payload)
    if (name === 'message.sent' && message.success) threads.receive(message.data)
  })
  line.start()
  const hide = threads.show(conversationId)
  return {
    outbox,
    run: () => threads.held(conversationId).run,
    leave: () => {
      page.leave()
      hide()
      line.close()
    },
  }
}
export type Console = ReturnType<typeof openConsole>
