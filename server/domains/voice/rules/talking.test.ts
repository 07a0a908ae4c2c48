import { describe, expect, test } from 'vitest'
import { answer, gone, newest, outside, talk, told, wu } from '#testing/callStory.ts'

describe('talking', () => {
  test('held, the customer hears music', () => {
    const { world } = talk()
    world.house({ kind: 'hold', by: 'lin' })
    expect(told(world)).toEqual(['join ', 'own music customer', '(said held lin)'])
    world.house({ kind: 'hold', by: 'lin' })
    expect(told(world)).toEqual([])
    world.house({ kind: 'resume', by: 'lin' })
    expect(told(world)).toEqual(['join customer+lin', '(said resumed lin)'])
  })
  test('a colleague is asked, joins, and gets the call', () => {
    const { world } = talk()
    world.house({ kind: 'consult', by: 'lin', to: wu })
    expect(told(world)).toEqual(['join ', 'own music customer', 'dial wu', 'ring music lin', '(said held lin)', '(said consulted lin 吴)'])
    expect(world.house({ kind: 'transfer', by: 'lin', to: null })).toBe('call.nobody_asked')
    expect(world.house({ kind: 'consult', by: 'lin', to: wu })).toBe('call.already_asking')
    answer(world)
    expect(told(world)).toEqual(['no music lin', 'join lin+wu'])
    world.house({ kind: 'together', by: 'lin' })
    expect(told(world)).toEqual(['join customer+lin+wu', '(said joined lin 吴)'])
    world.house({ kind: 'transfer', by: 'lin', to: null })
    expect(told(world)).toEqual(['hangUp lin', 'join customer+wu', '(said transferred lin 吴)', '(reassign lin wu)'])
    expect(world.house({ kind: 'hold', by: 'lin' })).toBe('call.not_yours')
    expect(world.house({ kind: 'hold', by: 'wu' })).toBe(null)
  })
  test('between customer and colleague one can go to and fro', () => {
    const { world } = talk()
    world.house({ kind: 'consult', by: 'lin', to: wu })
    answer(world)
    told(world)
    world.house({ kind: 'resume', by: 'lin' })
    expect(told(world)).toEqual(['join customer+lin', 'own music wu', '(said resumed lin)'])
    world.house({ kind: 'hold', by: 'lin' })
    expect(told(world)).toEqual(['join lin+wu', 'own music customer', '(said held lin)'])
    world.house({ kind: 'drop', by: 'lin' })
    expect(told(world)).toEqual(['hangUp wu', 'no music lin', 'join customer+lin', '(said resumed lin)'])
  })
  test('a colleague who does not answer, or hangs up, leaves the customer held', () => {
    const { world } = talk()
    world.house({ kind: 'consult', by: 'lin', to: wu })
    told(world)
    world.pass(35)
    expect(told(world)).toEqual(['hangUp wu', 'no music lin', 'join '])
    world.house({ kind: 'consult', by: 'lin', to: wu })
    answer(world)
    told(world)
    expect(world.house({ kind: 'end', by: 'wu' })).toBe(null)
    expect(told(world)).toEqual(['hangUp wu', 'no music lin', 'join '])
  })
  test('handed to a number outside, both go on without us until one goes', () => {
    const { world } = talk()
    world.house({ kind: 'consult', by: 'lin', to: outside })
    answer(world)
    told(world)
    world.house({ kind: 'transfer', by: 'lin', to: null })
    expect(told(world)).toEqual(['hangUp lin', 'keep', 'join customer+outside', '(said transferred lin 110)', '(wrap lin)', '(ended)'])
    gone(world, newest(world))
    expect(told(world)).toEqual(['hangUp customer'])
  })
  test('sent to a number outside that does not answer, the customer comes back first', () => {
    const { world } = talk()
    world.house({ kind: 'transfer', by: 'lin', to: outside })
    expect(told(world)).toEqual([
      'keep',
      'hangUp lin',
      'join ',
      'dial outside',
      'ring music customer',
      '(said transferred lin 110)',
      '(wrap lin)',
    ])
    gone(world, newest(world), 'busy')
    expect(told(world)).toEqual(['play please_wait', '(queue service ahead)'])
  })
  test('sent to a colleague who does not take it, the call is everybody’s', () => {
    const { world } = talk()
    world.house({ kind: 'transfer', by: 'lin', to: wu })
    expect(told(world).slice(-3)).toEqual(['(said transferred lin 吴)', '(wrap lin)', '(queue service ahead wu)'])
    world.house({ kind: 'expired' })
    expect(told(world)).toEqual(['(queue service ahead)'])
  })
  test('sent to another queue, the customer waits there', () => {
    const { world } = talk()
    world.house({ kind: 'transfer', by: 'lin', to: { kind: 'queue', queueId: 'pipes', name: '管网' } })
    expect(told(world)).toEqual([
      'keep',
      'hangUp lin',
      'join ',
      'play please_wait',
      '(said transferred lin 管网)',
      '(wrap lin)',
      '(queue pipes)',
    ])
  })
  test('tones go to whom the agent talks with', () => {
    const { world } = talk()
    world.house({ kind: 'press', by: 'lin', digits: '12' })
    world.house({ kind: 'consult', by: 'lin', to: outside })
    answer(world)
    world.house({ kind: 'press', by: 'lin', digits: '3' })
    expect(told(world).filter(t => t.startsWith('digits'))).toEqual(['digits customer 12', 'digits outside 3'])
  })
  test('a phone that breaks off is rung again as soon as it is back', () => {
    const { world, agent } = talk()
    world.sign({ kind: 'lost', leg: agent })
    expect(told(world)).toEqual(['hangUp lin', 'join ', 'play reconnecting', '(said lost lin)'])
    world.heard()
    world.house({ kind: 'back', by: 'lin' })
    expect(told(world)).toEqual(['own music customer', 'dial lin', 'own music customer', '(said mended lin)'])
    answer(world)
    expect(told(world)).toEqual(['join customer+lin'])
    expect(world.call.recording?.state).toBe('on')
  })
  test('a browser loaded anew is rung anew, though the switch noticed nothing', () => {
    const { world } = talk()
    world.house({ kind: 'back', by: 'lin' })
    expect(told(world)).toEqual([])
    world.pass(3)
    world.house({ kind: 'back', by: 'lin' })
    world.house({ kind: 'back', by: 'lin' })
    expect(told(world)).toEqual(['hangUp lin', 'join ', 'dial lin', 'own music customer', '(said lost lin)', '(said mended lin)'])
  })
  test('a phone that stays away costs the customer ten seconds and no place', () => {
    const { world, agent } = talk()
    gone(world, agent, 'lost')
    told(world)
    world.pass(10)
    expect(told(world)).toEqual(['keep', 'hush customer', 'play please_wait', '(release lin unreachable)', '(queue service ahead)'])
  })
})

describe('recording', () => {
  test('pauses and goes on', () => {
    const { world } = talk()
    world.house({ kind: 'recording', by: 'lin', paused: true })
    world.house({ kind: 'recording', by: 'lin', paused: true })
    world.house({ kind: 'recording', by: 'lin', paused: false })
    expect(told(world)).toEqual(['pause', 'go on', '(paused paused)', '(paused)'])
  })
  test('on demand begins when it is wanted', () => {
    const { world } = talk({ recording: 'demand' })
    expect(world.house({ kind: 'recording', by: 'lin', paused: true })).toBe('call.not_recorded')
    world.house({ kind: 'recording', by: 'lin', paused: false })
    expect(told(world)).toEqual(['record customer', '(record talk)'])
  })
  test('switched off stays off', () =>
    expect(talk({ recording: 'off' }).world.house({ kind: 'recording', by: 'lin', paused: false })).toBe('call.not_recorded'))
})

describe('a leader', () => {
  test('listens, whispers, speaks with both and leaves', () => {
    const { world } = talk()
    world.house({ kind: 'attend', by: 'chen', mode: 'listen' })
    answer(world)
    expect(told(world)).toEqual(['dial chen', 'join customer+lin', 'listen chen to lin', '(said attended chen listen)'])
    expect(world.house({ kind: 'attend', by: 'zhao', mode: 'listen' })).toBe('call.already_heard')
    world.house({ kind: 'attend', by: 'chen', mode: 'whisper' })
    expect(told(world)).toContain('whisper chen to lin')
    world.house({ kind: 'attend', by: 'chen', mode: 'barge' })
    expect(told(world)).toContain('join customer+lin+chen')
    world.house({ kind: 'leave', by: 'chen' })
    expect(told(world)).toEqual(['hangUp chen', 'join customer+lin', '(said left_attending chen)'])
  })
  test('does not listen to a talk in which they are asked', () => {
    const { world } = talk()
    world.house({ kind: 'consult', by: 'lin', to: wu })
    expect(world.house({ kind: 'attend', by: 'wu', mode: 'listen' })).toBe('call.already_asking')
    world.house({ kind: 'drop', by: 'lin' })
    world.house({ kind: 'attend', by: 'wu', mode: 'listen' })
    expect(world.house({ kind: 'consult', by: 'lin', to: wu })).toBe('call.already_heard')
  })
  test('takes over without having listened', () => {
    const { world } = talk()
    world.house({ kind: 'takeOver', by: 'chen' })
    answer(world)
    expect(told(world)).toEqual(['dial chen', 'hangUp lin', 'join customer+chen', '(said taken_over chen)', '(reassign lin chen)'])
    expect(world.house({ kind: 'end', by: 'chen' })).toBe(null)
  })
})
