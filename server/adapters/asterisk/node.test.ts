import { randomUUID } from 'node:crypto'
import pino from 'pino'
import { afterEach, expect, test } from 'vitest'
import type { CallAt, Signal } from '#domains/voice/ports.ts'
import { openNode } from '#testing/node.ts'
import { openAri, readAddress } from './ari.ts'
import { asterisk } from './index.ts'
import { newLegs } from './legs.ts'
import type { TrunkSetup } from './setup.ts'
import { newTrunks } from './trunks.ts'

const log = pino({ level: 'silent' })
const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const tenantId = randomUUID()
const call = (): CallAt => ({ tenantId, callId: randomUUID() })
const trunkOf = (id: string, more: Partial<TrunkSetup> = {}): TrunkSetup => ({
  ...{
    id,
    tenantId,
    name: id,
    host: 'sip.carrier.cn',
    addresses: [],
    login: '',
    password: '',
    register: false,
    transport: 'udp',
    most: 10,
  },
  ...more,
})

/** The house and a node that answers as the test says. */
async function openLine(answer: Parameters<typeof openNode>[0], trunks: readonly TrunkSetup[] = []) {
  const node = await openNode(answer)
  const heard: Signal[] = []
  const line = asterisk({
    name: 'node',
    address: readAddress(node.url),
    log,
    sounds: { prompts: async () => ['sound:hello-world'], music: async () => null },
    trunks: async () => trunks,
    phonePassword: agentId => agentId,
  })
  const { stop } = await line.start({
    arrived: async () => null,
    heard: async (_, signal) => void heard.push(signal),
    back: async (_, look) => void (await look()),
  })
  closing.push(() => node.close(), stop)
  await expect.poll(() => line.state().state).toBe('ready')
  const dialled = () =>
    node.asked.filter(a => a.method === 'POST' && a.path.startsWith('channels?')).map(a => new URL(a.path, node.url).searchParams)
  return { line, node, heard, dialled }
}

test('a recording whose ears cannot be placed is told as failed, once', async () => {
  const leg = randomUUID()
  const recording = randomUUID()
  const { line, heard } = await openLine(({ path }) => (path.includes('/snoop/') ? 404 : null))
  const at = call()
  await line.carry(at, [
    { do: 'dial', leg, to: { kind: 'agent', agentId: randomUUID() }, ringSeconds: 9, caller: { number: '', name: '' }, atOnce: true },
  ])
  await line.carry(at, [{ do: 'record', recording, leg, kind: 'talk' }])
  expect(heard).toMatchObject([{ kind: 'recorded', recording, failed: true }])
})

test('a name that would be more than a name is shown without what it brought', async () => {
  const { line, dialled } = await openLine(() => null)
  const caller = { number: '+86138\r\n0000', name: '张"三\r\nX-Leg: other\u0000<sip:x>' }
  await line.carry(call(), [
    { do: 'dial', leg: randomUUID(), to: { kind: 'agent', agentId: randomUUID() }, ringSeconds: 9, caller, atOnce: true },
  ])
  expect(dialled()[0]?.get('callerId')).toBe('"张三X-Leg: othersip:x" <+861380000>')
})

test('a call whose trunk was taken away goes out by no other', async () => {
  const { line, heard, dialled } = await openLine(() => null, [trunkOf('mine')])
  const to = (trunkId: string | null) => ({ kind: 'number', number: '13800000000', shown: '95000', trunkId }) as const
  const dial = { do: 'dial', ringSeconds: 9, caller: { number: '95000', name: '' }, atOnce: false } as const
  await line.carry(call(), [{ ...dial, leg: 'gone', to: to('retired') }])
  expect(heard).toMatchObject([{ leg: 'gone', kind: 'gone', cause: 'unreachable' }])
  await line.carry(call(), [{ ...dial, leg: 'goes', to: to('mine') }])
  expect(dialled().map(d => d.get('endpoint'))).toEqual(['PJSIP/13800000000@trunk-mine'])
})

test('two who did not talk with one another before both come anew; of three, and of the same two, nobody is disturbed', async () => {
  const inside = new Set<string>()
  let moved: string[] = []
  const { line } = await openLine(({ method, path }) => {
    const { pathname, searchParams } = new URL(path, 'http://node')
    if (!pathname.startsWith('/bridges/')) return pathname.startsWith('/channels/') && method === 'GET' ? 404 : null
    const act = pathname.split('/')[3]
    for (const channel of act ? (searchParams.get('channel') ?? '').split(',') : []) {
      moved.push(`${act === 'addChannel' ? '+' : '-'}${channel}`)
      if (act === 'addChannel') inside.add(channel)
      else inside.delete(channel)
    }
    return { id: 'room', channels: [...inside] }
  })
  const at = call()
  for (const leg of ['a', 'b', 'c', 'd'])
    await line.carry(at, [
      { do: 'dial', leg, to: { kind: 'agent', agentId: randomUUID() }, ringSeconds: 9, caller: { number: '', name: '' }, atOnce: true },
    ])
  const join = async (...legs: string[]) => {
    moved = []
    await line.carry(at, [{ do: 'join', legs }])
    return moved
  }
  expect(await join('a', 'b')).toEqual(['+a', '+b'])
  expect(await join('a', 'b', 'c')).toEqual(['+c'])
  expect(await join('a', 'b')).toEqual(['-c'])
  expect(await join('a', 'b')).toEqual([])
  // Whoever hung up has left by himself.
  inside.delete('b')
  expect(await join('a', 'c')).toEqual(['-a', '+a', '+c'])
  expect(await join('a', 'c', 'd')).toEqual(['+d'])
  inside.delete('a')
  expect(await join('c', 'd')).toEqual(['-c', '-d', '+c', '+d'])
  expect(await join()).toEqual(['-c', '-d'])
  // Three whom a process of before has joined, and of whom one hangs up.
  for (const leg of ['a', 'b', 'c']) inside.add(leg)
  expect(await join('a', 'b', 'c')).toEqual([])
  inside.delete('c')
  expect(await join('a', 'b')).toEqual(['-a', '-b', '+a', '+b'])
})

test('what a node was not told of its trunks because it did not answer, it is told later', async () => {
  let away = false
  const node = await openNode(() => (away ? 503 : null))
  const ari = openAri(readAddress(node.url), 300)
  closing.push(
    () => node.close(),
    () => ari.close(),
  )
  let wanted = [trunkOf('a'), trunkOf('b')]
  const setup = { log, trunks: async () => wanted }
  const trunks = newTrunks({ ari, setup, legs: newLegs({ log }, { ears: () => undefined, unheard: () => {} }) })
  await trunks.push()
  wanted = [trunkOf('b', { host: 'other.carrier.cn' })]
  away = true
  node.cut(true)
  await trunks.push()
  expect(trunks.find(tenantId, 'a')).toBeNull()
  away = false
  node.cut(false)
  node.asked.length = 0
  await trunks.push()
  const told = node.asked.map(a => `${a.method} ${a.path.replace('asterisk/config/dynamic/res_pjsip/', '')}`)
  expect(told).toContain('DELETE endpoint/trunk-a')
  expect(told).toContain('PUT endpoint/trunk-b')
  node.asked.length = 0
  await trunks.push()
  expect(node.asked).toEqual([])
})

test('a trunk that was retired while the node could not be told is taken from it at the next connection; what is not ours stays', async () => {
  const [kept, retired] = [randomUUID(), randomUUID()]
  const names = [`trunk-${kept}`, `trunk-${retired}`, 'trunk', 'trunk-office', randomUUID()]
  const { node } = await openLine(
    ({ path }) => (path === 'endpoints/PJSIP' ? names.map(resource => ({ technology: 'PJSIP', resource, channel_ids: [] })) : null),
    [trunkOf(kept)],
  )
  const gone = node.asked.filter(a => a.method === 'DELETE' && a.path.includes('/endpoint/')).map(a => a.path.split('/').at(-1))
  expect(gone).toEqual([`trunk-${retired}`])
})

test('whose answer was lost: keys are not pressed twice, and what is heard already is not begun again', async () => {
  const [leg, heardIt, missedIt] = [randomUUID(), randomUUID(), randomUUID()]
  const at = call()
  const { line, node, heard } = await openLine(({ method, path }) => {
    if (path.includes('/dtmf')) return 'lost'
    const last = () => node.asked.filter(a => a.method === 'POST' && a.path.endsWith(missedIt)).length
    if (method === 'POST' && path.includes('/play/')) return path.endsWith(heardIt) || last() === 1 ? 'lost' : null
    if (path.startsWith('playbacks/')) return path.endsWith(heardIt) ? {} : 404
    return null
  })
  const asked = (what: string) => node.asked.filter(a => a.method === 'POST' && a.path.includes(what)).length
  const prompts = [{ kind: 'said', key: 'welcome' }] as const
  await line.carry(at, [
    { do: 'dial', leg, to: { kind: 'agent', agentId: randomUUID() }, ringSeconds: 9, caller: { number: '', name: '' }, atOnce: true },
    { do: 'digits', leg, digits: '1234' },
    { do: 'play', leg, play: heardIt, prompts, language: 'zh' },
    { do: 'play', leg, play: missedIt, prompts, language: 'zh' },
  ])
  expect([asked('/dtmf'), asked(heardIt), asked(missedIt)]).toEqual([1, 1, 2])
  expect(heard).toEqual([])
})

test('what the house could not hear is said again, in its order; what it never hears is made up for', async () => {
  const heard: string[] = []
  let deaf = 3
  let owed = 0
  const ears = {
    arrived: async () => null,
    back: async () => {},
    heard: async (_: CallAt, signal: Signal) => {
      if (deaf-- > 0) throw new Error('the database is away')
      heard.push(signal.kind)
    },
  }
  const unheard = () => {
    owed++
  }
  const legs = newLegs({ log }, { ears: () => ears, unheard }, [1, 1, 1])
  const leg = legs.add({ ...call(), leg: 'one', channel: 'one' })
  void legs.tell(leg, { kind: 'answered' })
  await legs.tell(leg, { kind: 'digit', digit: '1' })
  expect([heard, owed]).toEqual([['answered', 'digit'], 0])
  deaf = 4
  await legs.tell(leg, { kind: 'lost' })
  expect([heard, owed]).toEqual([['answered', 'digit'], 1])
})
