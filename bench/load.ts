import { Agent, request } from 'node:http'
import { percentile } from './measure.ts'

/** `from`: the address somebody comes from, as a proxy would say it. */
export type Door = { url: string; bearer: string; agent: Agent; from?: string }

/** Signed in at a product that runs. */
export async function enter(url: string, login = 'supervisor', connections = 16): Promise<Door> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { bearer } = await ask<{ bearer: string }>({ url, bearer: '', agent }, 'POST', '/session', {
    tenant: 'qingyuan',
    login,
    password: 'clearwater',
    bearer: true,
  })
  return { url, bearer, agent }
}

/** node:http rather than fetch: the load must cost less than what it measures. */
export function ask<T>({ url, bearer, agent, from }: Door, method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<T> {
  const text = body === undefined ? '' : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const headers = {
      ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
      ...(from ? { 'x-forwarded-for': from } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    }
    const call = request(`${url}/api${path}`, { method, agent, headers }, answer => {
      let said = ''
      answer
        .setEncoding('utf8')
        .on('data', part => {
          said += part
        })
        .on('end', () => {
          if ((answer.statusCode ?? 500) < 300) resolve((said === '' ? undefined : JSON.parse(said)) as T)
          else reject(new Error(`${method} ${path}: ${answer.statusCode} ${said}`))
        })
    })
    call.on('error', reject).end(text)
  })
}

export type Times = { p50: number; p95: number; p99: number; rate: number; n: number }

/** So many clients, one after another each, for so long. */
export async function drive(clients: number, ms: number, fn: (n: number) => Promise<unknown>): Promise<Times> {
  const times: number[] = []
  let n = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() - began < ms) {
        const at = performance.now()
        await fn(n++)
        times.push(performance.now() - at)
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  return {
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
    rate: times.length / seconds,
    n: times.length,
  }
}

/** The same throw of dice in every run. */
export function dice(seed = 7): (below: number) => number {
  let x = seed
  return below => {
    x = (Math.imul(x, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (x >>> 8) % below
  }
}
