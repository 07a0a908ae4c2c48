import { io, type Socket } from 'socket.io-client'
import { beforeAll, describe, expect, test } from 'vitest'
import { openSession } from '#domains/identity/index.ts'
import { newId } from '#kernel/ids.ts'
import { openDoors } from '#testing/doors.ts'
import { addNote, answer, markRead, take } from './actions/answer.ts'
import { takeOver } from './actions/handOver.ts'

const doors = openDoors()
const { visit, begin } = doors

describe('the socket', () => {
  let url: string
  beforeAll(async () => {
    url = await doors.house.app.listen({ port: 0, host: '127.0.0.1' })
  })
  const open = (token: string) =>
    new Promise<{ socket: Socket; heard: [string, Record<string, unknown>][] }>((done, fail) => {
      const socket = io(url, { path: '/api/socket', auth: { token }, transports: ['websocket'], reconnection: false })
      const heard: [string, Record<string, unknown>][] = []
      socket.on('push', (_topic: string, name: string, payload: Record<string, unknown>) => heard.push([name, payload]))
      socket.on('ready', () => done({ socket, heard }))
      socket.on('refused', (why: string) => fail(new Error(why)))
    })
  const until = async (holds: () => boolean | Promise<boolean>) => {
    for (let n = 0; n < 100; n++) {
      if (await holds()) return
      await new Promise(r => setTimeout(r, 20))
    }
    throw new Error('it did not come true')
  }

  test('brings words, typing, reading and presence; never notes, never another’s talk', async () => {
    const agent = await doors.desk.agent('插座', { ready: false })
    const [a, b] = [await visit(), await visit()]
    const [mine, other] = [await open(a.token), await open(b.token)]
    const id = await begin(a.token)
    await doors.desk.as(agent, ctx => take(ctx, id))
    await doors.desk.as(agent, ctx => addNote(ctx, id, { clientId: newId(), text: '别让他看见' }))
    await doors.desk.as(agent, ctx => answer(ctx, id, { clientId: newId(), text: '您好' }))
    await doors.desk.as(agent, ctx => markRead(ctx, id, 1))
    await until(() => mine.heard.some(([name, p]) => name === 'message.sent' && p.text === '您好'))
    await until(() => mine.heard.some(([name]) => name === 'state'))
    expect(JSON.stringify(mine.heard)).not.toContain('别让他看见')
    expect(other.heard).toEqual([])

    const granted = await new Promise(done =>
      other.socket.emit('watch', [`conversation:${id}`, `visitor:${a.visitorId}`, `user:${agent.id}`, 'conversation'], done),
    )
    expect(granted).toEqual([])
    other.socket.emit('typing', { conversationId: id })
    other.socket.emit('typing', null)
    other.socket.emit('typing', { conversationId: "' or 1=1" })

    const online = async () =>
      (
        await doors.house.work(ctx =>
          ctx.db.selectFrom('messaging.visitor').select('online').where('id', '=', a.visitorId).executeTakeFirstOrThrow(),
        )
      ).online
    await until(online)
    mine.socket.disconnect()
    await until(async () => !(await online()))
    other.socket.disconnect()
    await expect(open('v.00000000000000000000000000000000.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).rejects.toThrow('access.sign_in')
  })

  test('falls silent for an agent whose talk was taken over', async () => {
    const [first, second] = [await doors.desk.agent('先接', { ready: false }), await doors.desk.agent('后接', { ready: false })]
    const token = await doors.house.work(async ctx => {
      const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'agent').executeTakeFirstOrThrow()
      await ctx.db.updateTable('identity.person').set({ roleId: role.id }).where('id', '=', first.id).execute()
      return (await openSession(ctx, first.id, { ip: '127.0.0.1', userAgent: 'test' })).token
    })
    const id = await begin((await visit()).token)
    await doors.desk.as(first, ctx => take(ctx, id))
    const { socket, heard } = await open(token)
    expect(await new Promise(done => socket.emit('watch', [`conversation:${id}`], done))).toEqual([`conversation:${id}`])
    await doors.desk.as(second, ctx => takeOver(ctx, id))
    await doors.desk.rest()
    await doors.desk.as(second, ctx => addNote(ctx, id, { clientId: newId(), text: '不关他的事了' }))
    await until(() => heard.some(([name, p]) => name === 'message.sent' && p.code === 'taken_over'))
    expect(JSON.stringify(heard)).not.toContain('不关他的事了')
    socket.disconnect()
  })
})
