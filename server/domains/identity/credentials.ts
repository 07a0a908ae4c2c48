import { hash, verify } from '@node-rs/argon2'
import { Refusal } from '#kernel/refusal.ts'
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
