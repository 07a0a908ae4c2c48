import { identity, type Me } from '#contract/identity.ts'
import { useFetch } from '../kit/data.ts'

/** The signed-in user; the shell draws nothing of a page before it is known. */
export function useMe(): Me | undefined {
  return useFetch(identity.me, {}, { staleTime: 60_000 }).data
}

/** Whether something may be shown or done; the server decides again. */
export function useMay(): (permission: string | null) => boolean {
  const me = useMe()
  return permission => permission === null || me?.permissions[permission] !== undefined
}
