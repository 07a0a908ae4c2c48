import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { wallboard } from '#domains/insight/queries.ts'
import { finishTask } from '#domains/tasks/index.ts'
import { openColleagues } from '#testing/colleagues.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { listen } from './recordings/keeping.ts'

let house: TestHouse
let phone: Telephone
beforeAll(async () => {
  house = await openHouse()
  phone = await openTelephone(house)
})
afterAll(async () => {
  await phone.close()
  await house.close()
})

test('a message left on the machine is a task of somebody who works the queue, and theirs to hear', async () => {
  const queueId = await phone.queue({ name: '夜间', channel: 'phone' })
  const flowId = await phone.flow({
    first: 'leave',
    nodes: [
      { key: 'leave', name: '留言', kind: 'voicemail', sound: { text: '请留言' }, queueId, next: 'end' },
      { key: 'end', name: '挂机', kind: 'hangup', sound: {} },
    ],
  })
  await phone.number('95900', flowId, {})
  const { departmentId } = await openColleagues(house)
  const lu = await phone.agent('留言组', [queueId], { channels: [{ channel: 'phone', capacity: 1, weight: 0 }] })
  await house.house.control.query('update identity.person set department_id = $1 where id = $2', [departmentId, lu.id])
  await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '周敏', phone: '13800005555' })))

  const at = await phone.rings('13800005555', '95900')
  if (!at) throw new Error('turned away')
  await phone.told(at, { kind: 'answered', leg: at.leg })
  const play =
    phone
      .orders()
      .flatMap(o => (o.do === 'play' ? [o.play] : []))
      .at(-1) ?? ''
  await phone.told(at, { kind: 'played', leg: at.leg, play, heard: true })
  const recording =
    phone
      .orders()
      .flatMap(o => (o.do === 'record' ? [o.recording] : []))
      .at(-1) ?? ''
  await house.pass(0.2)
  await phone.told(at, { kind: 'digit', leg: at.leg, digit: '#' })
  await phone.told(at, { kind: 'recorded', leg: at.leg, recording, seconds: 9, failed: false })
  await phone.rest()
  await house.settle()

  const call = await phone.row(at.callId)
  expect(await phone.contact(call.interactionId)).toMatchObject({ state: 'left', queueId })
  const tasks = await house.work(ctx => ctx.db.selectFrom('tasks.task').selectAll().where('kind', '=', 'voicemail').execute())
  expect(tasks).toMatchObject([
    {
      title: '听留言并回电：周敏',
      matterNoun: 'interaction',
      matterId: call.interactionId,
      customerId: call.customerId,
      ownerId: lu.id,
      departmentId,
    },
  ])
  // Neither offered to a queue nor lost by one, before its task is done and after.
  const today = () => house.work(async ctx => (await wallboard(ctx)).today)
  expect(await today()).toMatchObject({ offered: 0, abandoned: 0, left: 1 })
  await house.as(lu).work(ctx => finishTask(ctx, tasks[0]?.id ?? '', '已回电'))
  await house.settle()
  expect(await phone.contact(call.interactionId)).toMatchObject({ state: 'done', agentId: lu.id, wrappedAt: expect.any(Date) })
  expect(await today()).toMatchObject({ offered: 0, abandoned: 0, left: 0 })
  // Not kept yet: it is theirs to hear, only not there.
  await expect(house.as({ ...lu, grants: new Map([['voice:listen', 'own']]) }).work(ctx => listen(ctx, recording))).rejects.toThrow(
    'recording.not_kept',
  )
})
