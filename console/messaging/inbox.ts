import { useEffect, useRef } from 'react'
import * as z from 'zod'
import { type Conversation, conversations, Message } from '#contract/messaging.ts'
import { useLine, useLive } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { call, type InputOf, RefusalError, type ReplyOf } from '../kit/call.ts'
import { keyOf, queryClient, useFetch } from '../kit/data.ts'
import { resume } from './outbox.ts'
import { heard } from './rules.ts'
import { receive } from './threads.ts'

export type Box = 'mine' | 'queue' | 'team' | 'done'
type Listed = ReplyOf<typeof conversations.list>
const inputOf = (box: Box): InputOf<typeof conversations.list> => ({ query: { box, size: 100 } })
const boxKey = (box: Box) => keyOf(conversations.list, inputOf(box))

/** Pushes keep a box fresh; the slow beat is a net for what nobody announces, such as a customer who writes on while waiting. */
const beats: Record<Box, number> = { mine: 60_000, queue: 15_000, team: 10_000, done: 120_000 }
export const useBox = (box: Box, enabled = true) =>
  useFetch(conversations.list, inputOf(box), { staleTime: 10_000, refetchInterval: beats[box], enabled, keep: false })
export const useConversation = (id: string) => useFetch(conversations.one, { id }, { staleTime: 10_000, keep: false })

/** Changes a conversation wherever it is shown. */
export function patchConversation(id: string, change: (c: Conversation) => Conversation): void {
  queryClient.setQueriesData<Listed>({ queryKey: ['conversations', conversations.list.path] }, list =>
    list?.rows.some(c => c.id === id) ? { ...list, rows: list.rows.map(c => (c.id === id ? change(c) : c)) } : list,
  )
  queryClient.setQueryData<Conversation>(keyOf(conversations.one, { id }), c => (c ? change(c) : c))
}

/** What an act answered is shown at once; boxes it no longer belongs to are asked again. */
export function keep(c: Conversation): void {
  queryClient.setQueryData(keyOf(conversations.one, { id: c.id }), c)
  patchConversation(c.id, () => c)
  refreshBox('mine')
  refreshBox('queue')
}

const timers = new Map<string, ReturnType<typeof setTimeout>>()
/** Many causes within one beat are one request, and the consoles of a centre do not ask all at once. */
function calmly(what: string, ms: number, run: () => void): void {
  if (timers.has(what)) return
  timers.set(
    what,
    setTimeout(
      () => {
        timers.delete(what)
        run()
      },
      ms * (0.6 + Math.random() * 0.8),
    ),
  )
}
const pace: Record<Box, number> = { mine: 120, queue: 700, team: 1_500, done: 2_000 }
export const refreshBox = (box: Box): void => calmly(box, pace[box], () => void queryClient.invalidateQueries({ queryKey: boxKey(box) }))

const leavers = new Set<(c: Conversation) => void>()
/** A conversation that is no longer mine to see: handed over, or taken over. */
export function useLost(hear: (c: Conversation) => void): void {
  const latest = useRef(hear)
  latest.current = hear
  useEffect(() => {
    const told = (c: Conversation) => latest.current(c)
    leavers.add(told)
    return () => {
      leavers.delete(told)
    }
  }, [])
}

/** Handed over or taken over: others write in them now. */
const lost = new Set<string>()

function lose(id: string): void {
  lost.add(id)
  const key = keyOf(conversations.one, { id })
  const known = queryClient.getQueryData<Conversation>(key) ?? mine().find(c => c.id === id)
  // A list written before it left would bring it back.
  void queryClient.cancelQueries({ queryKey: boxKey('mine') })
  queryClient.setQueriesData<Listed>({ queryKey: ['conversations', conversations.list.path] }, list =>
    list ? { ...list, rows: list.rows.filter(c => c.id !== id) } : list,
  )
  // Read marks are set by whoever has it.
  queryClient.setQueryData<Conversation>(key, c => (c ? { ...c, agentId: null } : c))
  refreshBox('mine')
  if (known) for (const tell of leavers) tell(known)
  // After whoever shows it has turned away: what is still shown would be asked for again.
  setTimeout(() => queryClient.removeQueries({ queryKey: key, type: 'inactive' }), 1_000)
}

export function refreshOne(id: string): void {
  calmly(id, 200, () => {
    if (lost.has(id) && !mine().some(c => c.id === id)) return
    call(conversations.one, { id }).then(
      c => {
        queryClient.setQueryData(keyOf(conversations.one, { id }), c)
        patchConversation(id, () => c)
      },
      error => {
        if (error instanceof RefusalError && error.status === 404) lose(id)
        else refreshBox('mine')
      },
    )
  })
}

const mine = (): Conversation[] => queryClient.getQueryData<Listed>(boxKey('mine'))?.rows ?? []
const About = z.object({ about: z.string() })
const State = z.object({ conversationId: z.string() })
const Online = z.object({ conversationId: z.string(), online: z.boolean() })
const leavesBox = new Set([
  'conversation.accepted',
  'conversation.transferred',
  'conversation.taken_over',
  'conversation.ended',
  'conversation.wrapped',
  'conversation.handing_failed',
])
const movesQueue = new Set([
  'conversation.started',
  'conversation.accepted',
  'conversation.abandoned',
  'conversation.ended',
  'conversation.taken_over',
])

function hearMessage(payload: unknown): void {
  const decoded = Message.safeParse(payload)
  if (!decoded.success) return
  const m = decoded.data
  receive(m)
  const row = mine().find(c => c.id === m.conversationId)
  patchConversation(m.conversationId, c => heard(c, m))
  if (!row) refreshBox('mine')
  // By when to answer is the server's rule: asked once per turn, not per word.
  else if (m.author === 'customer' && row.replyDue === null) refreshOne(m.conversationId)
}

function hearMine(name: string, payload: unknown, mayStay: boolean): void {
  if (name === 'message.sent') hearMessage(payload)
  else if (name === 'customer.online') {
    const said = Online.safeParse(payload)
    if (said.success) patchConversation(said.data.conversationId, c => ({ ...c, customerOnline: said.data.online }))
  } else if (name === 'state') {
    const said = State.safeParse(payload)
    if (!said.success) return
    const { conversationId } = said.data
    // Told to whom a talk leaves: others have it now. Without the right to look in, asking for it would only be refused.
    if (!mayStay) lose(conversationId)
    else {
      patchConversation(conversationId, c => ({ ...c, agentId: null }))
      refreshBox('mine')
      refreshOne(conversationId)
    }
  }
}

function hearAll(name: string, payload: unknown): void {
  const said = About.safeParse(payload)
  if (!said.success) return
  const { about } = said.data
  if (mine().some(c => c.id === about)) {
    refreshOne(about)
    if (leavesBox.has(name)) refreshBox('mine')
  }
  if (movesQueue.has(name)) refreshBox('queue')
  refreshBox('team')
}

/** Keeps the boxes in step with what happens; mounted once, by the desk. */
export function useInboxLive(meId: string): void {
  const { line } = useLine()
  const may = useMay()
  useLive(`user:${meId}`, (name, payload) => hearMine(name, payload, may('conversation:supervise')))
  useLive('conversation', hearAll)
  // At once, so that what is written before the line is live has its writer; and again whenever the line has changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the line is the occasion
  useEffect(() => resume(meId), [line, meId])
}
