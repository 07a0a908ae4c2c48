import { afterAll, beforeAll, expect, test } from 'vitest'
import { calls } from '#contract/voice.ts'
import { until } from '../story/client.ts'
import { musicTone } from './centre.ts'
import { hears } from './headset.ts'
import { onTheLine } from './onTheLine.ts'
import { directNumber, openStage, type Seat, type Stage, take } from './stage.ts'

const [callerTone, agentTone] = [1_000, 620]

onTheLine('the browser of an agent in a call over a real exchange', () => {
  let stage: Stage
  let agent: Seat
  beforeAll(async () => {
    stage = await openStage(['agent'])
    agent = await stage.seat('agent', agentTone)
  }, 240_000)
  afterAll(() => stage?.close(), 60_000)

  async function talking(caller: string) {
    await agent.ready()
    const customer = await stage.dial(directNumber, { caller })
    await customer.answered()
    customer.telephone.say(callerTone)
    const on = { params: { id: (await take(agent)).id } }
    const both = () => Promise.all([customer.hears(agentTone), agent.hears(callerTone)])
    await both()
    const now = () => stage.admin.call(calls.one, on)
    const ours = async () => (await now()).legs.filter(l => l.party === 'agent')
    const over = () => until('the call is over', async () => (await now()).stage === 'over' && now(), 30_000)
    return { customer, both, now, ours, over }
  }

  test('loads its page anew: the customer hears music, then the agent, in the same call', async () => {
    const { customer, both, ours, over } = await talking('13800050001')
    await agent.page.reload()
    await both()
    expect((await ours()).map(l => l.cause)).toEqual(['lost', null])
    await customer.hangUp()
    expect(await over()).toMatchObject({ cause: 'normal', agentId: agent.api.me.user.id })
  })

  test('has no network for ten seconds: it is the same call, and its buttons work again', async () => {
    const { customer, both, over } = await talking('13800050002')
    await agent.sleep('network')
    const began = Date.now()
    await customer.hearsNot(agentTone)
    await expect.poll(() => Date.now() - began).toBeGreaterThan(10_000)
    agent.wake()
    await both()
    await agent.page.keyboard.press('h')
    await customer.hears(musicTone)
    await agent.page.keyboard.press('h')
    await both()
    await customer.hangUp()
    expect(await over()).toMatchObject({ cause: 'normal', agentId: agent.api.me.user.id })
  })

  test('sleeps for longer than the exchange waits: the customer hears music, and woken the agent has the call again', {
    timeout: 240_000,
  }, async () => {
    const { customer, both, now, over } = await talking('13800050003')
    await agent.sleep()
    const began = Date.now()
    await expect.poll(async () => (await now()).stage).toBe('mending')
    await customer.hearsSomething()
    expect(Date.now() - began, 'milliseconds of silence').toBeLessThan(18_000)
    agent.wake()
    await both()
    await agent.sleep()
    await expect.poll(async () => (await now()).stage, { timeout: 90_000 }).toBe('waiting')
    await customer.hears(musicTone)
    agent.wake()
    await take(agent)
    await both()
    await customer.hangUp()
    expect(await over()).toMatchObject({ cause: 'normal', agentId: agent.api.me.user.id })
  })

  test('has a second tab: one of them has the phone, and the other takes it over when that one is closed', async () => {
    const first = agent.page
    const second = await first.context().newPage()
    await second.goto(first.url())
    await second.getByRole('button', { name: '电话在另一个标签页' }).waitFor()
    const { customer, both, ours, over } = await talking('13800050004')
    expect(await hears(second, callerTone)).toBe(0)
    expect(await ours()).toHaveLength(1)
    await second.keyboard.press('h')
    await customer.hears(musicTone)
    await second.keyboard.press('h')
    await both()
    await first.close()
    await Promise.all([
      customer.hears(agentTone),
      expect.poll(() => hears(second, callerTone), { message: 'the second tab hears the caller' }).toBeGreaterThan(0.4),
    ])
    expect((await ours()).filter(l => l.endedAt === null)).toHaveLength(1)
    await customer.hangUp()
    expect(await over()).toMatchObject({ cause: 'normal', agentId: agent.api.me.user.id })
  })
})
