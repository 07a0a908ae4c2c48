import { setTimeout as wait } from 'node:timers/promises'
import { io } from 'socket.io-client'
import { newLine } from '../../../console/app/line.ts'
import { type Ask, isPassing, newAsk, WireError } from '../../../console/kit/wire.ts'
import { newThreads } from '../../../console/messaging/holding.ts'
import { newOutbox } from '../../../console/messaging/sending.ts'
import { conversations, FileCard, Message } from '../../../contract/messaging.ts'
import { routing } from '../../../contract/routing.ts'
import { newApi, Refused } from '../../../portal/widget/api.ts'
import { newKeep } from '../../../portal/widget/keep.ts'
import { newTalk } from '../../../portal/widget/talk.ts'

/** The pace of the clients, so that a schedule takes seconds: everything else is what browsers run. Less, and a busy machine gives up on answers that come. */
const patience = 2_500
const firstPause = 40
const sockets = {
  path: '/api/socket',
  forceNew: true,
  reconnectionDelay: 30,
  reconnectionDelayMax: 300,
  timeout: patience,
}

/** The address of the line, how its sockets travel, and who is told of an answer that a client of ours must never be given. */
export type Way = { url: string; transports: string[]; odd: (what: string) => void }

/** What a browser keeps, and the page that is open in it. A reload throws the page away: it hears, says and writes nothing more. */
export type Disk = Map<string, string>
function newPage({ url, odd }: Way, disk: Disk, headers: Record<string, string>) {
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
      // Said again because its answer was lost, it is answered as the first time. Nothing else of ours may be refused here, either.
      if (response.status >= 400 && response.status !== 429 && response.status !== 410)
        odd(`${init?.method} ${address}: ${response.status} ${await response.clone().text()}`)
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

/** One file, as a form of the browser sends it; the browsers' own XMLHttpRequest is not here. */
async function upload(send: typeof fetch, address: string, file: File, headers: Record<string, string>) {
  const form = new FormData()
  form.append('file', file)
  const response = await send(address, { method: 'POST', body: form, headers, signal: AbortSignal.timeout(patience) })
  return { status: response.status, said: await response.text() }
}

/** A tab with the widget in it. */
export function openWidget(way: Way, widgetKey: string, disk: Disk, address: string) {
  const page = newPage(way, disk, { 'x-forwarded-for': address })
  const api = newApi({ send: page.send, patience })
  let token = ''
  const talk = newTalk(widgetKey, {
    api: {
      ...api,
      setToken: given => {
        token = given ?? ''
        api.setToken(given)
      },
      upload: async file => {
        const { status, said } = await upload(page.send, '/api/widget/files', file, { authorization: `Bearer ${token}` })
        if (status !== 200) throw new Refused('file', status)
        return FileCard.parse(JSON.parse(said))
      },
    },
    connect: given => io(way.url, { ...sockets, transports: way.transports, auth: { token: given } }),
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
export function openConsole(way: Way, me: { id: string; token: string }, conversationId: string, disk: Disk) {
  const cookie = `huiyin_session=${me.token}; huiyin_csrf=same`
  const page = newPage(way, disk, { cookie })
  const ask = newAsk({ send: page.send, csrf: () => 'same', patience })
  const open = () => io(way.url, { ...sockets, transports: way.transports, extraHeaders: { cookie } })
  const line = newLine({ open, missed: () => {}, refused: () => {} })
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
    /** Chosen, and chosen again when it did not get through, as a person does. */
    attach: (name: string, text: string) =>
      insist(async () => {
        const { status, said } = await upload(page.send, '/api/files', new File([text], name), { 'x-csrf': 'same' })
        if (status !== 200) throw new WireError('file', {}, status)
        return FileCard.parse(JSON.parse(said))
      }),
    handTo: (agentId: string) => insist(() => ask(conversations.transfer, { id: conversationId, body: { agentId } })),
    run: () => threads.held(conversationId).run,
    leave: () => {
      page.leave()
      hide()
      line.close()
    },
  }
}
export type Console = ReturnType<typeof openConsole>

/** Pressed again until it is through; a refusal is for whoever pressed. */
async function insist<T>(act: () => Promise<T>): Promise<T> {
  for (let n = 0; ; n++) {
    try {
      return await act()
    } catch (error) {
      if (n > 100 || (error instanceof WireError && error.status > 0 && !isPassing(error))) throw error
      await wait(firstPause)
    }
  }
}

/** Someone else's console, where the talk that was handed over rings and is taken. */
export async function takeHandedOver(way: Way, me: { token: string }): Promise<void> {
  const page = newPage(way, new Map(), { cookie: `huiyin_session=${me.token}; huiyin_csrf=same` })
  const ask: Ask = newAsk({ send: page.send, csrf: () => 'same', patience })
  await insist(async () => {
    const [offer] = (await insist(() => ask(routing.mine, {}))).offers
    if (!offer) throw new WireError('network.away')
    await ask(routing.accept, { id: offer.id }).catch(error => {
      // Taken before, and its answer was lost.
      if (!(error instanceof WireError && error.code === 'offer.over' && error.facts.outcome === 'accepted')) throw error
    })
  })
  page.leave()
}
