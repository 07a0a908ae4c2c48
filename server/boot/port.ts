import { createServer } from 'node:net'
import { listenFailure } from './faces.ts'

/** Asked before anything is started: a taken port is told at once, not after the database is up. */
export const checkPort = (host: string, port: number) =>
  new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', error => reject(listenFailure(error, host, port)))
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()))
  })
