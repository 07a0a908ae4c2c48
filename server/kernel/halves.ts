import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { House } from './house.ts'
import type { Ctx } from './work.ts'

const folderOf = (house: House, tenantId: string, name: string) => path.join(house.settings.filesFolder, tenantId, name)

/** Where a file is written until it is whole and takes its place: apart from all that are, so that what a kill leaves is found without looking through those. */
export async function halfOf(house: House, tenantId: string, name: string): Promise<string> {
  const folder = folderOf(house, tenantId, 'half')
  await mkdir(folder, { recursive: true })
  return path.join(folder, name)
}

/** Whoever writes one writes all the time. */
const deadMs = 3_600_000

/** What nobody writes any more, by the clock of the disk. */
export function clearHalves(ctx: Ctx): void {
  ctx.afterCommit('remove what was never written to its end', async house => {
    const before = Date.now() - deadMs
    for (const [name, isHalf] of [
      ['half', () => true],
      ['runs', (file: string) => file.endsWith('.half')],
    ] as const) {
      const folder = folderOf(house, ctx.tenantId, name)
      for (const file of (await readdir(folder).catch(() => [])).filter(isHalf)) {
        const place = path.join(folder, file)
        const at = await stat(place).catch(() => null)
        if (at && at.mtimeMs < before) await rm(place, { force: true })
      }
    }
  })
}
