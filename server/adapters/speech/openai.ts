import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import type { Speech } from '#domains/voice/ports.ts'
import { addressFor } from '../reachable.ts'

const most = 20 * 1_048_576
const timeoutMs = 30_000

/** Any service that answers `POST …/audio/speech` of OpenAI with sound. The host is looked up once, and must be public unless it was allowed. */
export const spokenByHttp: Speech = async ({ url: address, model, key, privateAllowed }, { text, voice }) => {
  const url = new URL(address)
  const host = await addressFor(url.hostname, privateAllowed)
  const body = JSON.stringify({ model, voice, input: text, response_format: 'wav' })
  return new Promise((resolve, reject) => {
    const asked = (url.protocol === 'https:' ? secure : plain)(
      {
        host,
        servername: url.hostname,
        port: url.port || (url.protocol === 'https:' ? 443 : 80),
        path: url.pathname + url.search,
        method: 'POST',
        headers: {
          host: url.host,
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          ...(key ? { authorization: `Bearer ${key}` } : {}),
        },
        signal: AbortSignal.timeout(timeoutMs),
      },
      answer => {
        const parts: Buffer[] = []
        let size = 0
        answer.on('data', (part: Buffer) => {
          size += part.length
          if (size > most) answer.destroy(new Error('the answer is too long'))
          else parts.push(part)
        })
        answer.on('end', () => {
          const whole = Buffer.concat(parts)
          if (answer.statusCode === 200) resolve(whole)
          else reject(new Error(`${answer.statusCode} ${whole.toString('utf8').slice(0, 200)}`))
        })
        answer.on('error', reject)
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}
