import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openAsterisk } from '#testing/asterisk.ts'
import type { Place } from './sipp.ts'

const tools = path.join(import.meta.dirname, '../../tools/asterisk')
export type Exchange = Awaited<ReturnType<typeof startExchange>>

/** An Asterisk by itself, as that of somebody else would be. `more`: what is added to its files; `trunk`: it knows SIPp at 127.0.0.2 without being told by us. */
export async function startExchange({ more = {}, trunk = false }: { more?: Record<string, string>; trunk?: boolean } = {}) {
  const overlay = mkdtempSync(path.join(tmpdir(), 'huiyin-overlay-'))
  const local = 'pjsip_local.conf'
  if (trunk) copyFileSync(path.join(tools, 'test', local), path.join(overlay, local))
  for (const [name, text] of Object.entries(more)) {
    const before = [path.join(overlay, name), path.join(tools, 'conf', name)].find(file => existsSync(file))
    writeFileSync(path.join(overlay, name), `${before ? readFileSync(before, 'utf8') : ''}\n${text}\n`)
  }
  const asterisk = await openAsterisk({ confs: [overlay], env: { RTP_START: '20000', RTP_END: '29999' } })
  const sip: Place = { host: '127.0.0.1', port: asterisk.sipPort }
  const ask = (way: string, init: RequestInit = {}) =>
    fetch(`${asterisk.ari}/ari${way}`, {
      ...init,
      headers: { authorization: asterisk.authorization, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(10_000),
    })
  return {
    ...asterisk,
    sip,
    ask,
    stop: async () => {
      await asterisk.close()
      rmSync(overlay, { recursive: true, force: true })
    },
  }
}
