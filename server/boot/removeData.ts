import { readdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A folder with data folders in it, and what they only link to: run as root, a cluster below a closed folder lies under /var/lib/huiyin. */
export function removeData(folder: string): void {
  for (const entry of entriesOf(folder)) {
    const place = join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink() && entry.name === 'postgres') rmSync(realPath(place), { recursive: true, force: true })
  }
  rmSync(folder, { recursive: true, force: true })
}

const entriesOf = (folder: string) => {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
  } catch {
    return []
  }
}

/** A link may lead nowhere; then there is only the link. */
const realPath = (link: string) => {
  try {
    return realpathSync(link)
  } catch {
    return link
  }
}
