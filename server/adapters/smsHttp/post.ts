import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { addressFor } from '../reachable.ts'

const most = 2_000_000

/** Posts and reads the whole answer within the time given. The host is looked up once, and must be public unless it was allowed. */
export async function post(
  url: URL,
  body: string,
  { headers, privateAllowed, timeoutMs }: { headers: Record<string, string>; privateAllowed: boolean; timeoutMs: number },
): Promise<{ status: number; text: string }> {
  const address = await addressFor(url.hostname, privateAllowed)
  return new Promise((resolve, reject) => {
    const call = (url.protocol === 'https:' ? secure : plain)(
      {
        host: address,
        servername: url.hostname,
        port: url.port || (url.protocol === 'https:' ? 443 : 80),
        path: url.pathname + url.search,
        method: 'POST',
        headers: { host: url.host, 'content-length': String(Buffer.byteLength(body)), ...headers },
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
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }))
        answer.on('error', reject)
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}
