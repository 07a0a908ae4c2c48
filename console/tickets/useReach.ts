import type { Ticket } from '#contract/tickets.ts'
import { useMe } from '../app/me.ts'
import { reaches } from './rules.ts'

/** What I may do with this ticket; the server decides again. */
export function useReach(ticket: Ticket): (permission: string) => boolean {
  const me = useMe()
  return permission => me !== undefined && reaches(me, permission, ticket)
}
