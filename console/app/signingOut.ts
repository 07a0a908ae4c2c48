import { identity } from '#contract/identity.ts'
import { call, RefusalError } from '../kit/call.ts'
import { tellRefusal } from '../kit/tell.tsx'

/** Whether the session has ended. Where that could not be done it is told: nobody may walk away from a session that lives. */
export async function signedOut(): Promise<boolean> {
  try {
    await call(identity.signOut, {})
    return true
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    // It had ended before.
    if (error.status === 401) return true
    tellRefusal(error)
    return false
  }
}
