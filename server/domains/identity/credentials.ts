import { hash, verify } from '@node-rs/argon2'
import { Refusal } from '#kernel/refusal.ts'
import { passwordFault } from './rules.ts'

/** argon2id with the library's (OWASP's) costs: 19 MiB, two passes. */
export function newPassword(password: string, login: string): Promise<string> {
  const fault = passwordFault(password, login)
  if (fault) throw new Refusal('invalid', fault)
  return hash(password)
}

let nobodys: Promise<string> | undefined

/** Takes as long for a login nobody has, or one without a password, as for a wrong password. */
export async function passwordFits(passwordHash: string | undefined, password: string): Promise<boolean> {
  nobodys ??= hash('nobody has this password')
  return (await verify(passwordHash || (await nobodys), password)) && Boolean(passwordHash)
}
