import type { UseQueryResult } from '@tanstack/react-query'
import { identity, type Me } from '#contract/identity.ts'
import type { RefusalError } from '../kit/call.ts'
import { useFetch } from '../kit/data.ts'

export const useWhoami = (): UseQueryResult<Me, RefusalError> => useFetch(identity.me, {}, { staleTime: 60_000 })

/** The signed-in user; the shell draws nothing of a page before it is known. */
export const useMe = (): Me | undefined => useWhoami().data

/** Whether something may be shown or done; the server decides again. */
export function useMay(): (permission: string | null) => boolean {
  const me = useMe()
  return permission => permission === null || me?.permissions[permission] !== undefined
}
