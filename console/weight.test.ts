import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { expect, test, vi } from 'vitest'

const config = fileURLToPath(new URL('../vite.config.ts', import.meta.url))
/** What an agent's first page loads: the frame, what the bar always holds, and the desk. */
const first =
  /console\/(main\.tsx|index\.html|desk\/DeskPage\.tsx|routing\/(PresenceBar|QueuePulse|Ringing)\.tsx|voice\/PhoneBar\.tsx|notifications\/Bell\.tsx|runs\/Corner\.tsx)$/

test('the first load of the desk is at most 350 kB over the wire', { timeout: 120_000 }, async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const made = await build({ configFile: config, logLevel: 'silent', build: { write: false } })
  const output = [made].flat().flatMap(m => ('output' in m ? m.output : []))
  const chunks = new Map(output.flatMap(o => (o.type === 'chunk' ? [[o.fileName, o]] : [])))
  const loaded = new Set<string>()
  const load = (name: string) => {
    const chunk = chunks.get(name)
    if (!chunk || loaded.has(name)) return
    loaded.add(name)
    chunk.imports.forEach(load)
  }
  for (const { fileName, facadeModuleId } of chunks.values()) if (facadeModuleId && first.test(facadeModuleId)) load(fileName)
  const styles = output.filter(o => o.type === 'asset' && /^assets\/(index|desk|routing|messaging|voice)[^/]*\.css$/i.test(o.fileName))
  const bytes =
    [...loaded].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '').length, 0) +
    styles.reduce((sum, s) => sum + sizeOf(s), 0)
  expect(loaded.size).toBeGreaterThan(4)
  expect(Math.round(bytes / 1000)).toBeLessThanOrEqual(350)
})

const sizeOf = (o: Rolldown.OutputAsset | Rolldown.OutputChunk) => (o.type === 'asset' ? gzipSync(o.source).length : 0)
