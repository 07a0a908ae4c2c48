import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { removeData } from '../../server/boot/removeData.ts'
import { startProduct } from '../../tools/product.ts'
import { drained, embeddedOf, expectWhole, setUpCentre } from './centre.ts'
import { startLoad } from './load.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-full-'))
const endings: (() => Promise<unknown> | unknown)[] = [() => removeData(folder)]
afterAll(async () => {
  for (const end of endings.reverse()) await end()
})

/** A disk of its own that may be filled: memory, where this account may mount it. */
function smallDisk(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=420m,mode=755', 'tmpfs', folder], { stdio: 'ignore' })
    endings.push(() => execFileSync('umount', ['-l', folder]))
    return true
  } catch {
    return false
  }
}

const why = async (url: string): Promise<string> => {
  const answer = await fetch(`${url}/readyz`).catch(() => null)
  if (!answer) return 'no answer'
  const said = (await answer.json()) as { ok: boolean; why?: string }
  return said.ok ? 'ready' : (said.why ?? '')
}

test('a full disk is a clear state under load: nothing acknowledged is lost, and with room again all goes on by itself', {
  timeout: 180_000,
}, async context => {
  if (!smallDisk()) {
    process.stderr.write('  skipped: this account may not mount a small disk\n')
    context.skip()
  }
  const product = await startProduct(folder, { SAMPLE: 'off' })
  endings.push(() => product.stop())
  const keys = await setUpCentre(product.url)
  const load = startLoad([product.url], keys, 40)
  await wait(2_000)

  const filler = path.join(folder, 'filler')
  const file = openSync(filler, 'w')
  const chunk = Buffer.alloc(1 << 20)
  const fill = () => {
    try {
      while (statfsSync(folder).bavail > 0) writeSync(file, chunk)
    } catch {
      // Full, which is what was wanted.
    }
  }
  fill()
  const states = new Set<string>()
  for (let look = 0; look < 20; look++) {
    await wait(250)
    fill()
    states.add(await why(product.url))
  }
  // The database may go down over its log and come up again: then it is away, and that is what is said.
  expect([...states].filter(state => state !== 'disk' && state !== 'database')).toEqual([])
  closeSync(file)
  rmSync(filler)

  const moment = Date.now()
  const healed = await load.healed(moment, 60_000)
  expect(healed).toBeLessThan(15_000)
  expect(await why(product.url)).toBe('ready')
  await wait(1_000)
  await load.stop()
  const pool = new pg.Pool({ connectionString: embeddedOf(folder).url, max: 2 })
  endings.push(() => pool.end())
  await drained(pool, 30_000)
  await expectWhole(pool, load)
  process.stderr.write(
    `  disk full for 5 s: states ${[...states].join(', ')}; healed ${Math.round(healed)} ms after there was room; ${load.tickets.size} tickets whole\n`,
  )
})
