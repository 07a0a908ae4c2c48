import { describe, expect, test } from 'vitest'
import { accept, answer, arrive, end, flowOf, gone, key, newest, queueFlow, queueNode, talk, told, wu } from '#testing/callStory.ts'
import { type CallWorld, callWorld } from '#testing/callWorld.ts'
import { begin } from './machine.ts'

describe('waiting', () => {
  test('a caller hears what goes on, then music, then place and wait', () => {
    const world = arrive()
    expect(told(world)).toEqual(['answer customer', 'play please_wait', '(queue 0190a000-0000-7000-8000-000000000001)'])
    world.heard()
    expect(told(world)).toEqual(['own music customer'])
    world.pass(45)
    expect(told(world)).toEqual(['play you_are_number 1 in_the_queue'])
    world.heard()
    expect(told(world)).toEqual(['own music customer'])
  })
  test('who does not want to wait presses 1 and keeps the place', () => {
    const world = arrive()
    key(world, '1')
    expect(world.call.stage.at).toBe('waiting')
    world.pass(60)
    told(world)
    key(world, '1')
    expect(told(world)).toEqual(['hush customer', 'play we_call_back goodbye', '(callback 0190a000-0000-7000-8000-000000000001)'])
    world.heard()
    expect(told(world)).toEqual(['hangUp customer'])
    accept(world)
    answer(world)
    expect(told(world)).toEqual(['dial lin', 'dial customer', 'ring music lin'])
    answer(world)
    expect(told(world)).toEqual(['join customer+lin', 'record customer', '(record talk)'])
  })
  test('who is called back and does not answer is wrapped up with the cause', () => {
    const world = arrive()
    world.pass(60)
    key(world, '1')
    gone(world)
    accept(world)
    answer(world)
    told(world)
    gone(world, newest(world), 'busy')
    expect(told(world)).toEqual(['hangUp lin', '(wrap lin)', '(ended)'])
    expect(world.call.stage).toEqual({ at: 'over', cause: 'busy' })
  })
  test('who is called back in vain is tried again as often as the queue says, with the agent free in between', () => {
    const world = arrive(queueFlow, { callbackTries: 2, callbackMinutes: 15 })
    world.pass(60)
    key(world, '1')
    gone(world)
    accept(world)
    answer(world)
    told(world)
    world.pass(50)
    expect(told(world)).toEqual(['hangUp customer', 'hangUp lin', '(rest lin)'])
    expect([world.call.stage.at, world.queued]).toEqual(['callback', false])
    world.pass(14 * 60)
    expect(told(world)).toEqual([])
    world.pass(60)
    expect(told(world)).toEqual(['(queue service ahead)'])
    accept(world, 'wu')
    answer(world)
    expect(told(world)).toEqual(['dial wu', 'dial customer', 'ring music wu'])
    gone(world, newest(world), 'busy')
    expect(told(world)).toEqual(['hangUp wu', '(wrap wu)', '(ended)'])
    expect(world.call.stage).toEqual({ at: 'over', cause: 'busy' })
  })
  test('who is called back goes on being rung while the agent’s page is loaded anew, and keeps the place when it stays away', () => {
    const world = arrive(queueFlow, { callbackTries: 2, callbackMinutes: 15 })
    world.pass(60)
    key(world, '1')
    gone(world)
    accept(world)
    answer(world)
    told(world)
    const agent = world.call.legs.findLast(leg => leg.agentId === 'lin')?.id ?? ''
    world.sign({ kind: 'lost', leg: agent })
    expect(told(world)).toEqual(['hangUp lin', 'join ', '(said lost lin)'])
    world.house({ kind: 'back', by: 'lin' })
    answer(world)
    expect(told(world)).toEqual(['dial lin', 'ring music lin', '(said mended lin)'])
    world.sign({ kind: 'lost', leg: newest(world) })
    told(world)
    world.pass(10)
    expect(told(world)).toEqual(['hangUp customer', '(release lin unreachable)', '(queue service ahead)', '(callback service)'])
    expect([world.call.stage.at, world.call.calledBack]).toEqual(['callback', 0])
  })
  test('who does not answer while the agent’s page is away was called back in vain', () => {
    const world = arrive(queueFlow, { callbackTries: 2, callbackMinutes: 15 })
    world.pass(60)
    key(world, '1')
    gone(world)
    accept(world)
    answer(world)
    const agent = world.call.legs.findLast(leg => leg.agentId === 'lin')?.id ?? ''
    world.sign({ kind: 'lost', leg: agent })
    told(world)
    gone(world, newest(world), 'busy')
    expect(told(world)).toEqual(['(rest lin)'])
    expect([world.call.stage.at, world.call.calledBack]).toEqual(['callback', 1])
  })
  test('who answers the second time is talked with', () => {
    const world = arrive(queueFlow, { callbackTries: 3 })
    world.pass(60)
    key(world, '1')
    gone(world)
    accept(world)
    answer(world)
    gone(world, newest(world), 'busy')
    world.pass(10 * 60)
    accept(world)
    answer(world)
    told(world)
    answer(world)
    expect(told(world)).toEqual(['join customer+lin', 'record customer', '(record talk)'])
  })
  test('who withholds the number is not offered to be called back', () => {
    const world = arrive(queueFlow, {}, 'anonymous')
    world.pass(100)
    key(world, '1')
    expect(world.call.stage.at).toBe('waiting')
  })
  test('who waited too long goes on elsewhere', () => {
    const world = arrive()
    world.pass(300)
    expect(told(world).slice(-3)).toEqual(['(queue 0190a000-0000-7000-8000-000000000001)', '(leaveQueue)', '(ended)'])
    expect(world.call.flow.node).toBe('end')
  })
  test('who hangs up has given up', () => {
    const world = arrive()
    told(world)
    gone(world, 'customer')
    expect(told(world)).toEqual(['(leaveQueue)', '(abandoned)'])
    expect(world.call.stage).toEqual({ at: 'over', cause: 'abandoned' })
  })
})

describe('connecting', () => {
  test.each(['unreachable', 'lost'] as const)('an agent whose phone is %s is set aside, the customer comes first', cause => {
    const world = arrive()
    accept(world)
    told(world)
    gone(world, newest(world), cause)
    expect(told(world)).toEqual(['play please_wait', '(release lin unreachable)', '(queue service ahead)'])
  })
  test('a switch that says nothing of the phone is not waited for', () => {
    const world = arrive()
    accept(world)
    told(world)
    world.pass(15)
    expect(told(world)).toEqual(['hangUp lin', 'play please_wait', '(release lin unreachable)', '(queue service ahead)'])
  })
  test('a customer who goes in that moment was taken: the agent wraps up', () => {
    const world = arrive()
    accept(world)
    told(world)
    gone(world, 'customer')
    expect(told(world)).toEqual(['hangUp lin', '(wrap lin)', '(ended)'])
  })
  test('an agent who takes a call that is over is free again', () => {
    const world = arrive()
    gone(world, 'customer')
    told(world)
    accept(world)
    expect(told(world)).toEqual(['(release lin)'])
  })
})

describe('the end', () => {
  test('the agent goes, the customer rates', () => {
    const { world, agent } = talk()
    gone(world, agent)
    expect(told(world)).toEqual(['keep', 'join ', 'play rate_the_service', '(wrap lin)', '(ended)'])
    key(world, '9')
    expect(told(world)).toEqual(['hush customer', 'play wrong_key rate_the_service'])
    key(world, '4')
    expect(told(world)).toEqual(['hush customer', 'play thank_you goodbye', '(rated 4 lin)'])
    world.heard()
    expect(told(world)).toEqual(['hangUp customer'])
  })
  test('a customer who says nothing is thanked', () => {
    const { world } = talk()
    world.house({ kind: 'end', by: 'lin' })
    world.heard()
    told(world)
    world.pass(8)
    expect(told(world)).toEqual(['play no_key rate_the_service'])
    world.heard()
    world.pass(8)
    expect(told(world)).toEqual(['play thank_you goodbye'])
  })
  test('without a rating everybody goes', () => {
    const { world } = talk({ rating: false })
    world.house({ kind: 'end', by: 'lin' })
    expect(told(world)).toEqual(['keep', 'hangUp customer', 'hangUp lin', '(wrap lin)', '(ended)'])
    expect(world.house({ kind: 'end', by: 'lin' })).toBe('call.over')
  })
  test('a call ends after four hours', () => {
    const { world } = talk()
    world.pass(4 * 3600)
    expect(world.call.stage).toEqual({ at: 'over', cause: 'limit' })
  })
  test('an exchange that forgot everything ends the call and frees the agent', () => {
    const { world, agent } = talk()
    for (const leg of [agent, 'customer']) world.house({ kind: 'vanished', leg, cause: 'switch_down' })
    expect(told(world).filter(t => t.startsWith('('))).toEqual(['(said lost lin)', '(wrap lin)', '(ended)'])
    expect(world.call.stage).toEqual({ at: 'over', cause: 'switch_down' })
  })
})

describe('a call of ours', () => {
  function place(): CallWorld {
    const world = callWorld(begin({ id: 'call', direction: 'out', language: 'zh', caller: '', called: '', trunkId: null }))
    world.house({ kind: 'placed', agentId: 'lin', to: '13800000000', shown: '4001', trunkId: 'trunk' })
    return world
  }
  test('rings the agent’s own phone first, then the customer', () => {
    const world = place()
    answer(world)
    expect(told(world)).toEqual(['dial lin', 'dial customer', 'ring music lin'])
    answer(world)
    world.house({ kind: 'end', by: 'lin' })
    expect(told(world)).toEqual([
      'join customer+lin',
      'record customer',
      'keep',
      'hangUp lin',
      'hangUp customer',
      '(record talk)',
      '(wrap lin)',
      '(ended)',
    ])
  })
  test('nobody is called when the agent’s phone cannot be reached', () => {
    const world = place()
    gone(world, newest(world), 'unreachable')
    expect(told(world)).toEqual(['dial lin', '(release lin unreachable)', '(ended)'])
  })
  const rung = () => {
    const world = place()
    answer(world)
    const [agent, customer] = world.call.legs.map(leg => leg.id)
    if (!agent || !customer) throw new Error('both are rung')
    told(world)
    return { world, agent, customer }
  }
  test('goes on ringing while the agent’s page is loaded anew, and once more before it is there', () => {
    const { world, agent, customer } = rung()
    world.sign({ kind: 'lost', leg: agent })
    world.house({ kind: 'back', by: 'lin' })
    expect(told(world)).toEqual(['hangUp lin', 'join ', 'dial lin', '(said lost lin)', '(said mended lin)'])
    gone(world, newest(world), 'unreachable')
    expect(told(world)).toEqual(['join ', '(said lost lin)'])
    world.pass(4)
    world.house({ kind: 'back', by: 'lin' })
    answer(world)
    expect(told(world)).toEqual(['dial lin', 'ring music lin', '(said mended lin)'])
    world.sign({ kind: 'answered', leg: customer })
    expect(told(world)).toEqual(['join customer+lin', 'record customer', '(record talk)'])
  })
  test('whoever answers while the agent’s page is away hears that it goes on', () => {
    const { world, agent, customer } = rung()
    world.sign({ kind: 'lost', leg: agent })
    world.sign({ kind: 'answered', leg: customer })
    expect(told(world)).toEqual(['hangUp lin', 'join ', 'play reconnecting', '(said lost lin)'])
    world.house({ kind: 'back', by: 'lin' })
    // They talk, and the page is loaded anew before the phone that is being rung answers: nobody is sent away.
    gone(world, newest(world), 'unreachable')
    world.house({ kind: 'back', by: 'lin' })
    answer(world)
    expect(world.call.stage.at).toBe('talking')
  })
  test('ends when the agent’s page stays away', () => {
    const { world, agent } = rung()
    world.sign({ kind: 'lost', leg: agent })
    told(world)
    world.pass(10)
    expect(told(world)).toEqual(['hangUp customer', '(release lin unreachable)', '(ended)'])
    expect(world.call.stage).toEqual({ at: 'over', cause: 'lost' })
  })
  test('is not sent to a colleague by way of a queue it never saw', () => {
    const world = place()
    answer(world)
    answer(world)
    expect(world.house({ kind: 'transfer', by: 'lin', to: wu })).toBe('call.without_queue')
  })
})

describe('the flow', () => {
  const menu = { kind: 'menu', tries: 2, options: [{ key: '1', name: '一', next: 'end' }], otherwise: 'mail' }
  const mail = { kind: 'voicemail', key: 'mail', sound: {}, queueId: queueNode.queueId, next: 'end' }
  test('silence leads on, and a message is left', () => {
    const world = arrive(flowOf(menu, mail, end))
    for (let n = 0; n < 2; n++) {
      world.heard()
      world.pass(5)
    }
    expect(told(world)).toEqual(['answer customer', 'play text', 'play no_key text', 'play leave_a_message'])
    world.heard()
    world.pass(3)
    key(world, '#')
    expect(told(world)).toEqual(['record customer', 'keep', 'play message_kept', '(record voicemail)', `(left ${queueNode.queueId})`])
  })
  test('a message of a second is none', () => {
    const world = arrive(flowOf({ ...mail, key: 'first' }, end))
    world.heard()
    world.pass(1)
    told(world)
    gone(world, 'customer')
    expect(told(world)).toEqual(['keep', '(abandoned)'])
  })
  test('keys pressed ahead are for the questions that follow', () => {
    const digits = { kind: 'digits', key: 'number', min: 2, max: 4, next: 'end', otherwise: 'end', meaning: 'ticket' }
    const world = arrive(
      flowOf(
        { kind: 'say', next: 'menu' },
        { ...menu, key: 'menu', options: [{ key: '1', name: '一', next: 'number' }] },
        digits,
        mail,
        end,
      ),
    )
    for (const digit of '112#') key(world, digit)
    expect(told(world).filter(t => t.startsWith('('))).toEqual(['(known ticket 12)', '(ended)'])
    expect(world.call.path.map(p => `${p.node}:${p.out}`)).toEqual(['first:key', 'menu:1', 'number:next'])
  })
  test('a transfer outside that fails goes on', () => {
    const world = arrive(flowOf({ kind: 'transfer', number: '110', failed: 'end' }, end))
    world.heard()
    told(world)
    gone(world, newest(world), 'busy')
    expect(told(world)).toEqual(['play text', '(ended)'])
    expect(world.call.path).toMatchObject([{ node: 'first', out: 'busy' }])
  })
  test('a caller who presses nothing and hears nothing is let go', () => {
    const world = arrive(flowOf(end))
    world.pass(300)
    expect(world.call.stage).toEqual({ at: 'over', cause: 'normal' })
  })
  test('after a restart of ours the question is asked again, under the name it had: whoever hears it still is not disturbed', () => {
    const world = arrive(flowOf(menu, mail, end))
    const [asked] = world.since().orders.filter(order => order.do === 'play')
    world.house({ kind: 'adopted' })
    expect(world.since().orders).toEqual([{ do: 'join', legs: [] }, asked])
    world.heard()
    world.pass(5)
    expect(told(world)).toEqual(['play no_key text'])
  })
})
