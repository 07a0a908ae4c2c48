import { io, type Socket } from 'socket.io-client'
import { currentLanguage } from '../kit/language.ts'
import { api, isPassing, type Look, type Message, Refused, type Start, type State, setToken } from './api.ts'
import { keep, kept, newId, record, textOf } from './keep.ts'
import { newOutbox } from './outbox.ts'

export type Connection = 'none' | 'live' | 'reconnecting' | 'offline'
type Talking = NonNullable<State['conversation']>

const beatMs = 45_000
const typingShownMs = 4_000
const wait = (ms: number) => new Promise(done => setTimeout(done, ms))

/** The talk as this browser knows it. The API is the truth; pushes only make it quick: whatever is missed is asked for by the last seq. */
export function newTalk(widgetKey: string, { page, changed }: { page: string; changed: () => void }) {
  const store = `huiyin:${widgetKey}`
  let identity: string | undefined
  let socket: Socket | undefined
  let cursor = 0
  let syncing: Promise<void> | undefined
  let syncAgain = false
  let readSent = 0
  let typedAt = 0
  let forgotten: string | undefined

  const talk = {
    look: null as Look | null,
    gone: false,
    opened: false,
    busy: false,
    problem: null as string | null,
    state: null as State | null,
    messages: [] as Message[],
    connection: 'none' as Connection,
    agentTyping: false,
    shown: false,
  }
  const outbox = newOutbox(`${store}:outbox`, {
    changed,
    sent: receive,
    refused: error => {
      if (error.status === 401) void reopen()
    },
  })
  const conversation = (): Talking | null => talk.state?.conversation ?? null

  async function begin(): Promise<void> {
    talk.look = await untilDone(() => api.look(widgetKey))
    changed()
    if (talk.look && textOf(record(kept(store)).token)) await openVisit()
  }

  /** Tries until the network allows it; a refusal means this widget is no more. */
  async function untilDone<T>(act: () => Promise<T>): Promise<T | null> {
    for (let failures = 0; ; failures++) {
      try {
        const done = await act()
        talk.problem = null
        return done
      } catch (error) {
        if (!isPassing(error)) {
          talk.gone = true
          changed()
          return null
        }
        talk.problem = 'unavailable'
        changed()
        await wait(Math.min(15_000, 1000 * 2 ** failures))
      }
    }
  }

  let opening: Promise<void> | undefined
  const openVisit = (): Promise<void> => {
    opening ??= doOpen().finally(() => {
      opening = undefined
    })
    return opening
  }
  async function doOpen(): Promise<void> {
    if (talk.opened || talk.gone) return
    const visit = () => {
      const token = textOf(record(kept(store)).token)
      return api.open(widgetKey, { language: currentLanguage(), page, ...(token ? { token } : {}), ...(identity ? { identity } : {}) })
    }
    const opened = await untilDone(() =>
      visit().catch(error => {
        // A signature that is too old makes the visitor a stranger, not an outcast.
        if (!(error instanceof Refused && error.code.startsWith('widget.identity_'))) throw error
        identity = undefined
        return visit()
      }),
    )
    if (!opened) return
    // Another visitor than before: what the last one had not sent is not theirs.
    if (textOf(record(kept(store)).visitorId) !== opened.visitorId) outbox.clear()
    keep(store, { token: opened.token, visitorId: opened.visitorId })
    setToken(opened.token)
    talk.opened = true
    stand(opened)
    connect(opened.token)
    await sync()
    outbox.go()
  }
  async function reopen(): Promise<void> {
    talk.opened = false
    socket?.close()
    await openVisit()
  }

  function connect(token: string): void {
    socket?.close()
    socket = io({ path: '/api/socket', auth: { token }, transports: ['websocket', 'polling'], reconnectionDelayMax: 5_000 })
    // `ready` comes when the server has put us on our topics: what happened before is asked for, what happens after is pushed.
    socket.on('ready', () => {
      talk.connection = 'live'
      changed()
      void sync()
      outbox.go()
    })
    socket.on('disconnect', () => {
      talk.connection = navigator.onLine ? 'reconnecting' : 'offline'
      changed()
    })
    socket.on('connect_error', () => {
      talk.connection = navigator.onLine ? 'reconnecting' : 'offline'
      changed()
    })
    socket.on('refused', () => void reopen())
    socket.on('push', (_topic: unknown, name: unknown, payload: unknown) => hear(String(name), record(payload)))
  }

  function hear(name: string, payload: Record<string, unknown>): void {
    const c = conversation()
    if (!c || payload.conversationId !== c.id) return void sync()
    if (name === 'message.sent') receive(payload as Message)
    else if (name === 'typing') showTyping()
    else if (name === 'read' && payload.by === 'agent') {
      c.agentRead = Math.max(c.agentRead, Number(payload.seq))
      changed()
    } else if (name === 'place') {
      c.position = Number(payload.position)
      c.estimate = typeof payload.estimate === 'number' ? payload.estimate : null
      changed()
    } else void sync()
  }

  let typingTimer: ReturnType<typeof setTimeout> | undefined
  function showTyping(): void {
    clearTimeout(typingTimer)
    talk.agentTyping = true
    typingTimer = setTimeout(() => {
      talk.agentTyping = false
      changed()
    }, typingShownMs)
    changed()
  }

  /** One message, from a push or a reply. A gap may be an internal note, or something missed: asking tells. */
  function receive(message: Message): void {
    outbox.acknowledged(message.clientId)
    if (message.author === 'agent') talk.agentTyping = false
    const gap = message.seq > cursor + 1
    insert([message])
    if (gap) void sync()
    else cursor = Math.max(cursor, message.seq)
    changed()
  }

  function insert(messages: readonly Message[]): void {
    for (const message of messages) {
      outbox.acknowledged(message.clientId)
      if (message.conversationId !== conversation()?.id || talk.messages.some(m => m.seq === message.seq)) continue
      talk.messages.push(message)
    }
    talk.messages.sort((a, b) => a.seq - b.seq)
  }

  function stand({ conversation: current, open, opensAt }: State): void {
    const now = current?.id === forgotten ? null : current
    if (now?.id !== conversation()?.id) {
      talk.messages = []
      cursor = 0
      readSent = 0
    }
    talk.state = { conversation: now, open, opensAt }
  }

  /** Asks where things stand and for everything after the last seq. Asked while asking, it asks once more. */
  function sync(): Promise<void> {
    if (syncing) {
      syncAgain = true
      return syncing
    }
    syncing = (async () => {
      do {
        syncAgain = false
        stand(await api.state())
        while (conversation()) {
          const since = await api.messages(cursor)
          insert(since)
          cursor = Math.max(cursor, since.at(-1)?.seq ?? 0)
          if (since.length < 200) break
        }
      } while (syncAgain)
    })()
      .catch(error => {
        if (error instanceof Refused && error.status === 401) void reopen()
      })
      .finally(() => {
        syncing = undefined
        changed()
      })
    return syncing
  }

  /** Marks as read what is on the screen, once the customer can see it. */
  async function markRead(): Promise<void> {
    const last = talk.messages.findLast(m => m.author !== 'customer')?.seq ?? 0
    const c = conversation()
    if (!c || !talk.shown || document.visibilityState !== 'visible' || last <= readSent) return
    readSent = last
    keep(`${store}:seen`, { id: c.id, seq: last })
    await api.read(last).catch(() => {
      readSent = 0
    })
  }

  const unread = (): number => {
    const { id, seq } = record(kept(`${store}:seen`))
    const from = id === conversation()?.id && typeof seq === 'number' ? seq : 0
    return talk.shown ? 0 : talk.messages.filter(m => m.seq > from && (m.author === 'agent' || m.kind === 'card')).length
  }

  const act = async (doing: () => Promise<State>): Promise<boolean> => {
    talk.busy = true
    talk.problem = null
    changed()
    try {
      stand(await doing())
      await sync()
      return true
    } catch (error) {
      if (error instanceof Refused && error.status === 401) void reopen()
      talk.problem = error instanceof Refused ? error.code : 'unavailable'
      if (error instanceof Refused && error.status === 409) await sync()
      return false
    } finally {
      talk.busy = false
      changed()
    }
  }

  let startId = newId()
  setInterval(() => {
    if (socket?.connected) socket.emit('here', {})
  }, beatMs)
  const back = () => {
    if (talk.opened) {
      void sync()
      outbox.go()
      socket?.connect()
    }
  }
  addEventListener('online', back)
  addEventListener('offline', () => {
    talk.connection = 'offline'
    changed()
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') back()
  })

  return {
    talk,
    outbox,
    begin,
    openVisit,
    unread,
    markRead,
    conversation,
    draft: { read: () => textOf(kept(`${store}:draft`)) ?? '', write: (text: string) => keep(`${store}:draft`, text) },
    identify: (signed: string) => {
      identity = signed
      if (talk.opened) void reopen()
    },
    /** The customer has signed out of the site: nothing of the talk stays in this browser. */
    signOut: () => {
      socket?.close()
      outbox.clear()
      keep(`${store}:draft`, '')
      keep(store, null)
      location.reload()
    },
    start: async (said: Omit<Start, 'clientId'>) => {
      await openVisit()
      const done = await act(() => api.start({ clientId: startId, ...said }))
      if (done) startId = newId()
      return done
    },
    leave: () => act(api.leave),
    rate: (score: number, words: string) => act(() => api.rate(score, words)),
    /** Before the next talk begins: the last one is over and leaves the screen. */
    forget: () => {
      forgotten = conversation()?.id
      if (talk.state) stand({ ...talk.state, conversation: null })
      outbox.clear()
      changed()
    },
    typing: () => {
      const c = conversation()
      if (!c || Date.now() - typedAt < 2_000) return
      typedAt = Date.now()
      socket?.emit('typing', { conversationId: c.id })
    },
  }
}
export type Talk = ReturnType<typeof newTalk>
