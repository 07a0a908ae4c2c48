import { afterAll, beforeAll, expect, test } from 'vitest'
import { interactions } from '#contract/interactions.ts'
import { routing } from '#contract/routing.ts'
import { calls, softphone } from '#contract/voice.ts'
import { until } from '../story/client.ts'
import { musicTone, welcomeTone } from './centre.ts'
import { played } from './headset.ts'
import { onTheLine } from './onTheLine.ts'
import { directNumber, number, openStage, type Seat, type Stage, take } from './stage.ts'
import { heard } from './tones.ts'

const [callerTone, firstTone, secondTone, leaderTone] = [1_000, 620, 1_430, 1_830]

onTheLine('a call over a real exchange', () => {
  let stage: Stage
  let first: Seat
  let second: Seat
  beforeAll(async () => {
    stage = await openStage(['agent', 'agent2'])
    first = await stage.seat('agent', firstTone)
    second = await stage.seat('agent2', secondTone)
  }, 240_000)
  afterAll(() => stage?.close(), 60_000)

  test('in, keys, queue, answered, held, asked and handed over, rated; both sides are heard and recorded apart', async () => {
    await first.ready()
    const customer = await stage.dial(number)
    const { invited, answered } = await customer.answered()
    await customer.hears(welcomeTone)
    customer.telephone.press('1')
    await customer.hears(welcomeTone)
    customer.telephone.press('1024')
    customer.telephone.say(callerTone)

    const mine = await take(first)
    await Promise.all([customer.hears(firstTone), first.hears(callerTone)])

    const on = { params: { id: mine.id } }
    await first.api.call(softphone.hold, on)
    await Promise.all([customer.hears(musicTone), first.hearsNot(callerTone)])
    await customer.hearsNot(firstTone)
    await first.api.call(softphone.resume, on)
    await Promise.all([customer.hears(firstTone), first.hears(callerTone)])

    // Asked while the customer hears music: the two agents hear each other, the customer neither.
    await second.ready()
    await first.api.call(softphone.consult, { ...on, body: { agentId: second.api.me.user.id } })
    await second.answer()
    await Promise.all([first.hears(secondTone), second.hears(firstTone), customer.hears(musicTone)])
    await customer.hearsNot(firstTone)
    await first.api.call(softphone.transfer, { ...on, body: {} })
    await Promise.all([customer.hears(secondTone), second.hears(callerTone)])
    await customer.hearsNot(firstTone)

    // The agent goes, the customer stays and presses a key.
    customer.telephone.say(null)
    await second.api.call(softphone.end, on)
    await until('the customer is asked', async () => (await stage.admin.call(calls.one, on)).stage === 'rating')
    customer.telephone.press('5')
    expect(await customer.ended).toBe(0)
    const marks = customer.marks()
    expect(marks).toMatchObject({ endedBy: 'them' })

    const whole = await until('the call is over', async () => {
      const found = await stage.admin.call(calls.one, on)
      return found.stage === 'over' && found
    })
    expect(whole).toMatchObject({ cause: 'normal', agentId: second.api.me.user.id })
    const leg = whole.legs.find(l => l.party === 'customer')
    const apart = (ours: Date | null | undefined, theirs: number | null | undefined) => Math.abs((ours?.getTime() ?? 0) - (theirs ?? 0))
    expect(apart(leg?.startedAt, invited), 'when it came in').toBeLessThan(200)
    expect(apart(leg?.answeredAt, answered), 'when it was answered').toBeLessThan(200)
    expect(apart(leg?.endedAt, marks?.ended), 'when it ended').toBeLessThan(200)

    const rated = await until('the rating', async () => {
      const one = await stage.admin.call(interactions.one, { params: { id: whole.interactionId ?? '' } })
      return one.rating !== null && one
    })
    expect(rated.rating).toBe(5)

    const recordings = await until(
      'the recording is kept',
      async () => {
        const { recordings } = await stage.admin.call(calls.one, on)
        return recordings.length > 0 && recordings.every(r => r.state === 'kept') && recordings
      },
      30_000,
    )
    const [recording] = recordings
    const { url } = await stage.admin.call(calls.play, { params: { id: recording?.id ?? '' } })
    const file = await fetch(new URL(url, stage.url), { headers: { authorization: `Bearer ${stage.admin.token}` } })
    expect(file.status).toBe(200)
    const sides = await played(first.page, new Uint8Array(await file.arrayBuffer()))
    expect(sides.length).toBe(2)
    const [theirs = new Int16Array(), ours = new Int16Array()] = sides
    expect(heard(theirs, callerTone)).toBeGreaterThan(0.2)
    expect(heard(theirs, firstTone)).toBe(0)
    expect(heard(ours, firstTone)).toBeGreaterThan(0.1)
    expect(heard(ours, secondTone)).toBeGreaterThan(0.05)
    expect(heard(ours, callerTone)).toBe(0)
  })

  test('a supervisor listens unheard, whispers to the agent alone, joins both, and goes on instead of the agent', async () => {
    const leader = await stage.seat('supervisor', leaderTone)
    await second.api.call(routing.setMine, { body: { state: 'busy', reasonId: null } })
    await first.ready()
    const customer = await stage.dial(directNumber, { caller: '13800001112' })
    await customer.answered()
    customer.telephone.say(callerTone)
    const mine = await take(first)
    await Promise.all([customer.hears(firstTone), first.hears(callerTone)])
    const on = { params: { id: mine.id } }
    const attend = (mode: 'listen' | 'whisper' | 'barge') => leader.api.call(calls.listen, { ...on, body: { mode } })
    /** Two seconds of the talk, in which the customer heard the agent and of the supervisor nothing. */
    const unheard = async () => {
      customer.telephone.rest()
      await expect.poll(() => customer.telephone.hears(firstTone, 2), { message: 'the caller hears the agent' }).toBeGreaterThan(0.6)
      expect(customer.telephone.hears(leaderTone, 2), 'the caller hears nothing of the supervisor').toBe(0)
    }

    await attend('listen')
    await Promise.all([leader.hears(callerTone), leader.hears(firstTone)])
    await unheard()
    await first.hearsNot(leaderTone)

    await attend('whisper')
    await first.hears(leaderTone)
    await unheard()
    await Promise.all([first.hears(leaderTone), first.hears(callerTone), leader.hears(callerTone), leader.hears(firstTone)])

    await attend('barge')
    await Promise.all([customer.hears(leaderTone), customer.hears(firstTone), first.hears(leaderTone), leader.hears(callerTone)])

    await attend('whisper')
    await customer.hearsNot(leaderTone)
    await first.hears(leaderTone)
    await unheard()

    await leader.api.call(calls.takeOver, on)
    await Promise.all([customer.hears(leaderTone), leader.hears(callerTone)])
    await customer.hearsNot(firstTone)
    await leader.hearsNot(firstTone)
    await customer.hangUp()
    const whole = await until('the call is over', async () => {
      const found = await stage.admin.call(calls.one, on)
      return found.stage === 'over' && found
    })
    expect(whole).toMatchObject({ cause: 'normal', agentId: leader.api.me.user.id })
    const leg = whole.legs.find(l => l.party === 'customer')
    expect(leg?.quality, 'known although the customer hung up').toMatchObject({ lossIn: expect.any(Number), mos: expect.any(Number) })
  })
})
