import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openAri, unless } from './ari.ts'

test('a file is saved piece by piece; one that is not there leaves none, one that breaks off is said to', async () => {
  const sound = Buffer.alloc(3_000_000, 7)
  const server = createServer((asked, answer) => {
    if (asked.url?.includes('/gone/')) return void answer.writeHead(404).end('{}')
    answer.writeHead(200, { 'content-length': sound.length })
    if (!asked.url?.includes('/broken/')) return void answer.end(sound)
    answer.write(sound.subarray(0, 1000), () => answer.destroy())
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const ari = openAri({ url: `http://127.0.0.1:${port}`, user: 'huiyin', password: 'x' })
  const folder = await mkdtemp(path.join(tmpdir(), 'ari-'))
  onTestFinished(async () => {
    ari.close()
    server.close()
    await rm(folder, { recursive: true })
  })
  const into = path.join(folder, 'sound')
  expect(await ari.save('recordings/stored/gone/file', into).catch(unless(404))).toBe(null)
  await expect(stat(into)).rejects.toThrow()
  await ari.save('recordings/stored/there/file', into)
  expect((await readFile(into)).equals(sound)).toBe(true)
  await expect(ari.save('recordings/stored/broken/file', into)).rejects.toMatchObject({ code: 'no_answer' })
})
