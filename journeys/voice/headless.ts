import { Agent } from 'node:http'
import { io } from 'socket.io-client'
import * as z from 'zod'
import { ask, type Door } from '../../bench/load.ts'
import { until } from '../story/client.ts'
import type { Exchange } from './exchange.ts'
import type { Place } from './sipp.ts'

export const password = 'Queueing-through-us-2026'
export const headlessNumber = '7002'
type Headless = { agentId: string; login: string; bearer: string }

/** A centre with one number, one queue and so many agents who are ready. Their phones are SIPp's instead of browsers'. */
export async function furnishCentre(
  url: string,
  agents: number,
  exchange: Exchange,
  phones: Place,
): Promise<{ bearer: string; agents: Headless[] }> {
  const door: Door = { url, bearer: '', agent: new Agent({ keepAlive: true, maxSockets: 8 }) }
  await ask(door, 'POST', '/setup', { name: '排队', slug: 'bench', adminName: '管理', login: 'bench', password })
  const enter = async (login: string, from: string) =>
    (await ask<{ bearer: string }>({ ...door, from }, 'POST', '/session', { login, password, bearer: true })).bearer
  door.bearer = await enter('bench', '10.9.0.1')
  const id = async (path: string, body: unknown) => (await ask<{ id: string }>(door, 'POST', path, body)).id
  const queueId = await id('/queues', { name: '热线', channel: 'phone', wrapSeconds: 0, ringSeconds: 30 })
  await ask(door, 'PUT', `/queue-voice/${queueId}`, { recording: 'off', keepDays: 1, rating: false, musicId: null })
  const node = { key: 'queue', name: '热线', kind: 'queue', queueId, tellEvery: 0, callBackAfter: 0 }
  const flowId = await id('/call-flows', { name: '热线', draft: { first: 'queue', nodes: [node] } })
  await ask(door, 'POST', `/call-flows/${flowId}/versions`, {})
  await id('/phone-numbers', { number: headlessNumber, name: '热线', flowId })

  const roles = await ask<{ id: string; code: string | null }[]>(door, 'GET', '/roles')
  const roleId = roles.find(role => role.code === 'agent')?.id
  // What a line that is just connected is told would undo what is told below.
  const isReady = async () =>
    (await ask<{ kind: string; state: string }[]>(door, 'GET', '/lines')).some(l => l.kind === 'asterisk' && l.state === 'ready')
  await until('the exchange is connected', isReady, 30_000)
  const made: Headless[] = []
  for (let n = 0; n < agents; n++) {
    const login = `bench${String(n).padStart(4, '0')}`
    const agentId = await id('/people', { login, name: `坐席 ${n}`, password, roleId })
    await ask(door, 'PUT', `/staffing/${agentId}`, { channels: [{ channel: 'phone', capacity: 1 }], skills: [], queueIds: [queueId] })
    const bearer = await enter(login, `10.9.${1 + (n >> 8)}.${n & 255}`)
    // Asked for as a browser does, it is made known to the exchange; then a phone of SIPp takes the place of the browser.
    await ask({ ...door, bearer }, 'GET', '/softphone')
    const known = async () => (await exchange.ask(`/endpoints/PJSIP/${agentId}`)).ok
    await until('the exchange knows the phone', known)
    await plainPhone(exchange, agentId, phones)
    made.push({ agentId, login, bearer })
  }
  door.agent.destroy()
  return { bearer: door.bearer, agents: made }
}

export const ready = async (url: string, agents: readonly Headless[]): Promise<void> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  for (const { bearer } of agents) await ask({ url, bearer, agent }, 'PUT', '/presence', { state: 'ready' })
  agent.destroy()
}

/** Instead of the browser that the product prepared for, and never cut off for saying nothing: after every restart of the exchange anew. */
export async function plainPhone({ ask: tell }: Exchange, agentId: string, phones: Place): Promise<void> {
  const push = async (kind: string, given: Record<string, string>) => {
    const fields = Object.entries(given).map(([attribute, value]) => ({ attribute, value }))
    const answer = await tell(`/asterisk/config/dynamic/res_pjsip/${kind}/${agentId}`, { method: 'PUT', body: JSON.stringify({ fields }) })
    if (!answer.ok) throw new Error(`${kind} ${agentId}: ${answer.status} ${await answer.text()}`)
  }
  await push('aor', { contact: `sip:${agentId}@${phones.host}:${phones.port}`, qualify_frequency: '0' })
  const plain = {
    disallow: 'all',
    webrtc: 'no',
    media_encryption: 'no',
    ice_support: 'no',
    use_avpf: 'no',
    rtcp_mux: 'no',
    bundle: 'no',
    rtp_timeout: '0',
  }
  await push('endpoint', { ...plain, transport: 'transport-udp', allow: 'ulaw' })
}

const Ringing = z.object({ id: z.string() })
const Waiting = z.object({ offers: z.array(Ringing) })

/** Agents who take what rings at once, over the socket and the API as their consoles do. */
export async function sit(url: string, bearers: readonly string[]) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const counted = { taken: 0, refused: 0 }
  const sockets = bearers.map(bearer => {
    const door: Door = { url, bearer, agent }
    const take = (id: string) =>
      ask(door, 'POST', `/offers/${id}/acceptance`, {}).then(
        () => void counted.taken++,
        () => void counted.refused++,
      )
    const socket = io(url, {
      path: '/api/socket',
      transports: ['websocket'],
      auth: { token: bearer },
      forceNew: true,
      reconnectionDelayMax: 500,
    })
    socket.on('push', (_: string, name: string, payload: unknown) => {
      const offer = name === 'offer.ringing' ? Ringing.safeParse(payload) : null
      if (offer?.success) void take(offer.data.id)
    })
    // What rang while the line was lost.
    socket.on('ready', async () => {
      const mine = Waiting.safeParse(await ask(door, 'GET', '/presence').catch(() => null))
      for (const { id } of mine.data?.offers ?? []) await take(id)
    })
    return socket
  })
  await Promise.all(sockets.map(socket => new Promise<void>((resolve, reject) => socket.once('ready', resolve).once('refused', reject))))
  return {
    counted,
    rise: () => {
      for (const socket of sockets) socket.close()
      agent.destroy()
    },
  }
}
