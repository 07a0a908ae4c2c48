import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { calls } from '#contract/voice.ts'
import { startFurnished } from '../furnished.ts'
import { signIn, until } from '../story/client.ts'
import { password, welcomeTone } from './centre.ts'
import { startExchange } from './exchange.ts'
import { ownMessages, send, tortureMessages } from './malformed.ts'
import { onTheLine } from './onTheLine.ts'
import { directNumber, lineOf, number, openStage, type Stage, take } from './stage.ts'

onTheLine('what should not come, and comes', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage(['agent'])
  }, 240_000)
  afterAll(() => stage?.close(), 60_000)
  const recordOf = (caller: string) =>
    until(
      `the call of ${caller} is over`,
      async () => (await stage.admin.call(calls.list, { query: { q: caller } })).rows.find(c => c.stage === 'over'),
      30_000,
    )

  test('wrong keys are told so, twice, and then the call ends as the flow says', async () => {
    const customer = await stage.dial(number, { caller: '13800040001' })
    await customer.answered()
    await customer.hears(welcomeTone)
    customer.telephone.press('9')
    await customer.hears(welcomeTone)
    customer.telephone.press('8')
    expect(await customer.ended).toBe(0)
    expect(customer.marks()).toMatchObject({ endedBy: 'them' })
    expect(await recordOf('13800040001')).toMatchObject({ agentId: null, queueId: null })
  })

  test('nobody who says and presses nothing for thirty seconds is left in the flow', async () => {
    const customer = await stage.dial(number, { caller: '13800040002' })
    const { answered } = await customer.answered()
    await customer.hears(welcomeTone)
    expect(await customer.ended).toBe(0)
    const marks = customer.marks()
    expect(marks).toMatchObject({ endedBy: 'them' })
    expect((marks?.ended ?? 0) - (answered ?? 0)).toBeLessThan(45_000)
    await recordOf('13800040002')
  })

  test('a number of nobody is refused and leaves nothing behind', async () => {
    const customer = await stage.dial('95590000', { caller: '13800040003' })
    await customer.ended
    expect(customer.marks()).toMatchObject({ answered: null })
  })

  test('messages that break the rules, of our own and of RFC 4475, from the carrier and from strangers: the next call works', async () => {
    const before = await lineOf(stage.admin)
    const answers: string[] = []
    for (const from of ['127.0.0.2', '127.0.0.9']) answers.push(...(await send(stage.sip, from, [...ownMessages, ...tortureMessages()])))
    // They came in and were refused, in more than one way; and it is the same exchange still, not one that was started again.
    expect(new Set(answers.filter(answer => /^SIP\/2.0 [4-6]\d\d /.test(answer))).size).toBeGreaterThan(1)
    expect(await lineOf(stage.admin)).toMatchObject({ state: 'ready', since: before.since })
    const agent = await stage.seat('agent', 620)
    await agent.ready()
    const customer = await stage.dial(directNumber, { caller: '13800040004' })
    await customer.answered()
    customer.telephone.say(1_000)
    await take(agent)
    await Promise.all([customer.hears(620), agent.hears(1_000)])
    await customer.hangUp()
    await recordOf('13800040004')
    // What such a message opened is over too.
    await expect.poll(async () => (await stage.admin.call(calls.now)).length, { timeout: 60_000 }).toBe(0)
    expect((await lineOf(stage.admin)).since).toEqual(before.since)
  })

  test('a wrong password of the exchange is told as such, tried again more and more seldom, and right afterwards is enough', {
    timeout: 240_000,
  }, async () => {
    const exchange = await startExchange()
    const door = await openDoor(Number(new URL(exchange.url).port))
    const wrong = new URL(exchange.url)
    wrong.password = 'mistyped'
    wrong.port = String(door.port)
    const product = await startFurnished({ ASTERISK_ARI_URL: wrong.href })
    try {
      const admin = await signIn(product.url, 'admin', password)
      await expect.poll(async () => (await lineOf(admin)).state).toBe('refused')
      expect(await lineOf(admin)).toMatchObject({ code: 'wrong_password', phones: 0 })

      await expect.poll(() => door.knocks.length, { timeout: 120_000 }).toBeGreaterThanOrEqual(3)
      expect(await lineOf(admin)).toMatchObject({ state: 'refused', code: 'wrong_password' })
      // As whoever looks after the exchange would: the user gets the password that we have.
      const file = path.join(exchange.folder, 'etc/ari.conf')
      writeFileSync(file, readFileSync(file, 'utf8').replace(/^password=.*$/m, 'password=mistyped'))
      await exchange.ask('/asterisk/modules/res_ari.so', { method: 'PUT' })
      await expect.poll(async () => (await lineOf(admin)).state, { timeout: 90_000 }).toBe('ready')
      const [first = 0, second = 0, third = 0] = door.knocks.slice(1).map((at, n) => at - (door.knocks[n] ?? at))
      expect(first).toBeGreaterThan(4_900)
      expect(second).toBeGreaterThan(9_900)
      expect(third).toBeGreaterThan(29_900)
      // However long it was wrong, half a minute is the longest.
      expect(third).toBeLessThan(60_000)
    } finally {
      await product.stop()
      await door.close()
      await exchange.stop()
    }
  })
})

/** A door before the exchange that notes when the product knocks to come in. */
async function openDoor(behind: number) {
  const knocks: number[] = []
  const open = new Set<Socket>()
  const server = createServer(socket => {
    const there = connect(behind, '127.0.0.1')
    for (const [one, other] of [
      [socket, there],
      [there, socket],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
      one.pipe(other)
    }
    socket.on('data', bytes => void (bytes.includes('GET /ari/asterisk/info') && knocks.push(Date.now())))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    knocks,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: async () => {
      for (const socket of open) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
