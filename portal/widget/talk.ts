import type { Socket } from 'socket.io-client'
import { type Api, isPassing, type Look, type Message, Refused, type Start, type State } from './api.ts'
import { type Keep, newId, record, textOf } from './keep.ts'
import { newOutbox } from './outbox.ts'

export type Connection = 'none' | 'live' | 'reconnecting' | 'offline'
type Talking = NonNullable<State['conversation']>

const beatMs = 45_000
const typingShownMs = 4_000
const wait = (ms: number) => new Promise(done => setTimeout(done, ms))

/** What a talk needs of the browser it is in. */
export type Around = {
  api: Api
  connect: (token: string) => Socket
  store: Keep
  page: string
  language: () => 'zh' | 'en'
  online: () => boolean
  /** Whether the page is before somebody's eyes. */
  seen: () => boolean
  changed: () => void
  /** After the customer has signed out nothing of theirs stays in the page either. */
  afresh: () => void
  /** The first pause before something is tried again; each next one is twice as long. */
  firstPause: number
}

/** The talk as this browser knows it. The API is the truth; pushes only make it quick: whatever is missed is asked for by the last seq. */
export function newTalk(
  widgetKey: string,
  { api, connect: newSocket, store: { keep, kept }, page, language, online, seen, changed, afresh, firstPause }: Around,
) {
  const store = `huiyin:${widgetKey}`
  const first = `${store}:first`
  let identity: string | undefined
  let socket: Socket | undefined
  let cursor = 0
  let syncing: Promise<void> | undefined
  let syncAgain = false
  let syncTries = 0
  let syncTimer: ReturnType<typeof setTimeout> | undefined
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
  const outbox = newOutbox({
    api,
    store: { keep, kept },
    place: `${store}:outbox`,
    firstPause,
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

  const pauseAfter = (failures: number) => Math.min(15_000, firstPause * 2 ** Math.min(failures, 5)) * (0.8 + Math.random() * 0.4)

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
        await wait(pauseAfter(failures))
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
      return api.open(widgetKey, { language: language(), page, ...(token ? { token } : {}), ...(identity ? { identity } : {}) })
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
    if (textOf(record(kept(store)).visitorId) !== opened.visitorId) {
      outbox.clear()
      keep(first, null)
    }
    keep(store, { token: opened.token, visitorId: opened.visitorId })
    api.setToken(opened.token)
    talk.opened = true
    stand(opened)
    resumeStart()
    connect(opened.token)
    void sync()
    outbox.go()
  }
  async function reopen(): Promise<void> {
    talk.opened = false
    socket?.close()
    await openVisit()
  }

  function connect(token: string): void {
    socket?.close()
    const on = newSocket(token)
    socket = on
    const mending = () => {
      if (on !== socket) return
      talk.connection = online() ? 'reconnecting' : 'offline'
      changed()
    }
    // `ready` comes when the server has put us on our topics: what happened before is asked for, what happens after is pushed.
    on.on('ready', () => {
      talk.connection = 'live'
      changed()
      void sync()
      outbox.go()
    })
    on.on('disconnect', reason => {
      mending()
      // The server put us out, as it could not tell who we are: the next admission may.
      if (reason === 'io server disconnect') setTimeout(() => on === socket && on.connect(), pauseAfter(0))
    })
    on.on('connect_error', mending)
    on.on('refused', () => void (on === socket && reopen()))
    on.on('push', (_topic: unknown, name: unknown, payload: unknown) => hear(String(name), record(payload)))
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

  /** Asks where things stand and for everything after the last seq. Asked while asking, it asks once more; without an answer, later. */
  function sync(): Promise<void> {
    clearTimeout(syncTimer)
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
          // Another talk may have begun meanwhile, here or in another tab: its seqs are not these.
          const id = conversation()?.id
          const ours = since.filter(m => m.conversationId === id)
          insert(ours)
          cursor = Math.max(cursor, ours.at(-1)?.seq ?? 0)
          if (ours.length < since.length) syncAgain = true
          if (ours.length < 200) break
        }
      } while (syncAgain)
      syncTries = 0
    })()
      .catch(error => {
        if (error instanceof Refused && error.status === 401) void reopen()
        else if (isPassing(error)) syncTimer = setTimeout(() => void sync(), pauseAfter(syncTries++))
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
    if (!c || !talk.shown || !seen() || last <= readSent) return
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

  /** What a talk was to begin with; kept until it has, so that neither a lost answer nor a reload loses or doubles it. */
  async function start(said: Omit<Start, 'clientId'>): Promise<boolean> {
    await openVisit()
    const tried = record(kept(first))
    const looks = JSON.stringify(said)
    const clientId = (tried.looks === looks && textOf(tried.clientId)) || newId()
    keep(first, { clientId, looks, text: said.text })
    const done = (await act(() => api.start({ clientId, ...said }))) || talk.messages.some(m => m.clientId === clientId)
    if (done) {
      talk.problem = null
      keep(first, null)
    }
    return done
  }
  /** After a reload: what was to begin a talk and did not is written again, and what did is over. */
  function resumeStart(): void {
    const text = textOf(record(kept(first)).text)
    if (text === undefined) return
    if (!conversation()) draft.write(text)
    else keep(first, null)
  }

  const beat = setInterval(() => {
    if (socket?.connected) socket.emit('here', {})
  }, beatMs)
  const draft = {
    read: () => textOf(kept(`${store}:draft`)) ?? '',
    write: (text: string) => keep(`${store}:draft`, text),
  }

  return {
    talk,
    outbox,
    begin,
    openVisit,
    unread,
    markRead,
    conversation,
    draft,
    /** The network or the page is back: asks at once. */
    back: () => {
      if (!talk.opened) return
      void sync()
      outbox.go()
      socket?.connect()
    },
    offline: () => {
      talk.connection = 'offline'
      changed()
    },
    /** Ends all of it, as leaving the page does. */
    end: () => {
      clearInterval(beat)
      clearTimeout(syncTimer)
      outbox.stop()
      socket?.close()
    },
    identify: (signed: string) => {
      identity = signed
      if (talk.opened) void reopen()
    },
    /** The customer has signed out of the site: nothing of the talk stays in this browser. */
    signOut: () => {
      socket?.close()
      outbox.clear()
      draft.write('')
      keep(first, null)
      keep(store, null)
      afresh()
    },
    start,
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
