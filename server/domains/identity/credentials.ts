import { hash, verify } from '@node-rs/argon2'
import { asUser } from '#kernel/access.ts'
import { newLimit } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { leastLength, passwordFault } from './rules.ts'

type Whose = { login: string; name?: string }

/** argon2id with the library's (OWASP's) costs: 19 MiB, two passes. */
export function newPassword(password: string, whose: Whose, least = leastLength): Promise<string> {
  const fault = passwordFault(password, whose, least)
  if (fault) throw new Refusal('invalid', fault, { least })
  return hash(password)
}

let nobodys: Promise<string> | undefined

/** Takes as long for a login nobody has, or one without a password, as for a wrong password. */
export async function passwordFits(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  nobodys ??= hash('nobody has this password')
  return (await verify(passwordHash || (await nobodys), password)) && Boolean(passwordHash)
}

const guesses = newLimit({ burst: 10, perSecond: 1 / 60, code: 'password.tried_too_often' })

/** Whoever sits at an open console has the session, not the password: few guesses, and one at a time. */
export async function checkOwnPassword(
  ctx: Ctx,
  password: string,
): Promise<{ id: string; sessionId: string; login: string; name: string }> {
  const { id, sessionId } = asUser(ctx.actor)
  await guesses(ctx.house, id, ctx.now)
  const { passwordHash, login, name } = await ctx.db
    .selectFrom('identity.person')
    .select(['login', 'name', 'passwordHash'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (!(await passwordFits(passwordHash, password))) throw new Refusal('forbidden', 'password.wrong')
  return { id, sessionId, login, name }
}
