import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** The account PostgreSQL runs under: our own, or an unprivileged one when we are root, which it refuses. */
export type Account = { uid: number; gid: number; name: string } | null

export function databaseAccount(cluster: string): Account {
  if (process.getuid?.() !== 0) return null
  const people = accounts()
  // A cluster once made stays with its owner, whatever users the machine gained since.
  const owner = ownerOf(cluster)
  if (owner !== null && owner.uid !== 0) return { ...owner, name: people.find(each => each.uid === owner.uid)?.name ?? String(owner.uid) }
  const chosen = ['huiyin', 'postgres', 'nobody']
    .map(name => people.find(each => each.name === name))
    .find(each => each !== undefined && each.uid !== 0)
  return chosen ?? { uid: 65534, gid: 65534, name: '65534' }
}

/** Whether this account can pass through every folder on the way to the path. Access lists are not looked at. */
export function canReach(path: string, account: Account): boolean {
  if (account === null) return true
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { uid, gid, mode } = statSync(folder)
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

const ownerOf = (path: string) => {
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? { uid: found.uid, gid: found.gid } : null
}

const accounts = () => {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map(line => line.split(':'))
      .flatMap(([name, , uid, gid]) => (name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : []))
  } catch {
    return []
  }
}
