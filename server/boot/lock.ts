import { createHash } from 'node:crypto'
import { realpathSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codeOf, face } from './faces.ts'

/**
 * One instance per data folder. The lock is a listening socket named after the folder: the kernel releases it however the process dies,
 * and whoever finds it held can ask who holds it. On Linux (abstract name) and Windows (pipe) no file remains.
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const address = addressOf(folder)
  const server = createServer(socket => socket.on('error', () => {}).end(`${process.pid} ${served}`))
  const listen = () =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ path: address, exclusive: true }, () => resolve())
    })
  await listen().catch(async error => {
    if (codeOf(error) !== 'EADDRINUSE') throw error
    const holder = await whoHolds(folder)
    if (holder !== null) throw face.anotherInstance(folder, holder)
    rmSync(address, { force: true })
    await listen()
  })
  server.unref()
  return { release: () => new Promise(resolve => server.close(() => resolve())) }
}

let served = ''
/** Where this process listens, for whoever asks who holds its folder. */
export const servedAt = (url: string): void => {
  served = url
}

/** The process that holds the folder, or null. */
export const whoHolds = async (folder: string): Promise<string | null> => (await holderOf(folder))?.pid ?? null

/** `url` is empty until it listens. */
export const holderOf = (folder: string) =>
  new Promise<{ pid: string; url: string } | null>(resolve => {
    let answer = ''
    const socket = connect({ path: addressOf(folder) })
    socket.setTimeout(2000, () => socket.destroy())
    socket.on('data', chunk => {
      answer += String(chunk)
    })
    socket.on('error', error => resolve(codeOf(error) === 'ECONNREFUSED' || codeOf(error) === 'ENOENT' ? null : unknown))
    socket.on('close', () => {
      const [pid, url = ''] = answer.split(' ')
      resolve(pid ? { pid, url } : unknown)
    })
  })

const unknown = { pid: '?', url: '' }

function addressOf(folder: string) {
  const name = `huiyin-${createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 20)}`
  if (process.platform === 'linux') return `\0${name}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.lock`)
}
