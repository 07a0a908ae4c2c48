import { useState } from 'react'
import { accounts } from '#contract/people.ts'
import { type Ticket, tickets } from '#contract/tickets.ts'
import { useMe } from '../app/me.ts'
import { call, RefusalError } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { tell, tellRefusal } from '../kit/tell.tsx'
import { undoable } from '../kit/undo.tsx'
import { useDepartments } from './lookups.ts'
import type { Act } from './rules.ts'
import { useReach } from './useReach.ts'
import { w } from './words.ts'

export type Said = { text: string; departmentId?: string; assigneeId?: string | null }

const refresh = () => Promise.all(['tickets', 'customers'].map(noun => queryClient.invalidateQueries({ queryKey: [noun] })))

function send(act: Act, id: string, { text, departmentId = '', assigneeId = null }: Said): Promise<Ticket> {
  switch (act) {
    case 'dispatch':
      return call(tickets.dispatch, { id, body: { departmentId, assigneeId, text } })
    case 'take':
      return call(tickets.take, { id })
    case 'wait':
      return call(tickets.wait, { id, body: { text } })
    case 'resume':
      return call(tickets.resume, { id, body: { text } })
    case 'giveBack':
      return call(tickets.giveBack, { id, body: { text } })
    case 'resolve':
      return call(tickets.resolve, { id, body: { text } })
    case 'close':
      return call(tickets.close, { id, body: { text } })
    case 'reopen':
      return call(tickets.reopen, { id, body: { text } })
    case 'urge':
      return call(tickets.urge, { id, body: { text } })
  }
}

/** Does a step, tells it, and offers to take it back where that is possible. True when it was done. */
export function useSteps(ticket: Ticket) {
  const may = useReach(ticket)
  const me = useMe()
  const departments = useDepartments()
  const [running, setRunning] = useState(false)
  const { id, number } = ticket

  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    setRunning(true)
    try {
      await work()
      return true
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      tellRefusal(error)
      return false
    } finally {
      setRunning(false)
      // After a refusal too: what was refused has moved on, and here is where it stands.
      await refresh()
    }
  }
  const undo = (work: () => Promise<unknown>) => () =>
    void attempt(work).then(done => {
      if (done) tell(w.undone(number))
    })

  /** Reopening begins anew with nobody; whoever had it gets it back. */
  const putBack = async () => {
    await call(tickets.reopen, { id, body: { text: w.undoResolve } })
    if (!ticket.departmentId) return
    const mine = ticket.assigneeId === me?.user.id
    // A supervisor may have taken it without being one of them.
    const theirs = ticket.assigneeId
      ? (await call(accounts.people, { query: { ids: [ticket.assigneeId], departmentId: ticket.departmentId } })).rows.some(p => !p.retired)
      : false
    await call(tickets.dispatch, { id, body: { departmentId: ticket.departmentId, assigneeId: theirs ? ticket.assigneeId : null } })
    if (mine && may('ticket:handle')) await call(tickets.take, { id })
  }

  const run = async (act: Act, said: Said): Promise<boolean> => {
    const done = await attempt(() => send(act, id, said))
    if (!done) return false
    const before = ticket.departmentId
    const to = departments.name(said.departmentId ?? null)
    if (act === 'resolve') {
      if (may('ticket:close') && (!before || may('ticket:dispatch'))) undoable(w.didResolve(number), undo(putBack))
      else tell(w.didResolve(number))
    }
    if (act === 'wait')
      undoable(
        w.didWait(number),
        undo(() => call(tickets.resume, { id, body: { text: w.undoWait } })),
      )
    if (act === 'dispatch') {
      if (before && before !== said.departmentId)
        undoable(
          w.didDispatch(number, to),
          undo(() => call(tickets.dispatch, { id, body: { departmentId: before, assigneeId: ticket.assigneeId } })),
        )
      else tell(w.didDispatch(number, to))
    }
    if (act === 'take') tell(w.didTake(number))
    if (act === 'resume') tell(w.didResume(number))
    if (act === 'giveBack') tell(w.didGiveBack(number))
    if (act === 'close') tell(w.didClose(number))
    if (act === 'reopen') tell(w.didReopen(number))
    if (act === 'urge') tell(w.didUrge(number))
    return true
  }
  return { run, running }
}
