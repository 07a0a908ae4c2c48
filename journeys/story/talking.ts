import assert from 'node:assert/strict'
import * as z from 'zod'
import { conversations, FileCard, type Message, widget } from '#contract/messaging.ts'
import { routing } from '#contract/routing.ts'
import { keyFile, type Stage, type Step } from './cast.ts'
import { until } from './client.ts'
import { ringing, type Story } from './steps.ts'

const newWords = (text: string) => ({ clientId: crypto.randomUUID(), text })
const texts = (messages: readonly Message[]) => messages.filter(m => m.kind === 'text').map(m => m.text)
/** The smallest picture there is. */
const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

/** 5: they talk, lose the line, and hand over; nothing is lost or doubled, the order holds. */
export async function theyTalk(stage: Stage, story: Story): Promise<{ step: Step; agent: 0 | 1 }> {
  const { say, base, lead } = stage
  const { visitor, conversationId } = story
  const params = { id: conversationId }
  const agent = stage.agents[story.agent]
  const console = stage.consoles[story.agent]

  console.socket.emit('typing', { conversationId })
  const seen = story.visitorLive.next('typing')
  await agent.call(conversations.send, {
    params,
    body: newWords(say('您好，我在看附近的抢修情况，请稍等。', 'Hello, I am looking at the repairs nearby. One moment.')),
  })
  await seen
  const heard = await story.visitorLive.next('message.sent', p => z.object({ author: z.literal('agent') }).safeParse(p).success)
  await visitor.call(widget.send, { body: newWords(say('好的，大概几点能来水？', 'All right. When will it be back?')) })
  await agent.call(conversations.note, { params, body: newWords(say('家有婴儿，优先送水', 'Baby at home: water truck first')) })

  const file = FileCard.parse(await visitor.upload('/widget/files', 'tap.png', new Uint8Array(picture), 'image/png'))
  await visitor.call(widget.send, { body: { clientId: crypto.randomUUID(), text: '', fileId: file.id } })

  // The customer's line is gone: the agent writes on, the customer's own words are sent twice.
  const known = (await visitor.call(widget.messages, { query: { afterSeq: 0 } })).at(-1)?.seq ?? 0
  story.visitorLive.socket.disconnect()
  await agent.call(conversations.send, {
    params,
    body: newWords(say('附近 DN300 管道在抢修，预计 11:40 恢复。', 'A DN300 main nearby is being repaired; supply is back at 11:40.')),
  })
  await agent.call(conversations.send, { params, body: newWords(say('我给您登记送水车。', 'I am booking a water truck for you.')) })
  const retried = newWords(say('谢谢，需要的', 'Thank you, yes please'))
  const [once, twice] = await Promise.all([visitor.call(widget.send, { body: retried }), visitor.call(widget.send, { body: retried })])
  assert.equal(once.seq, twice.seq)
  story.visitorLive.socket.connect()
  const missed = await visitor.call(widget.messages, { query: { afterSeq: known } })
  assert.deepEqual(
    missed.map(m => m.seq),
    missed.map((_, n) => known + 1 + n),
  )
  assert.deepEqual(texts(missed).length, 3)

  const colleague = stage.agents[story.agent === 0 ? 1 : 0]
  await agent.call(conversations.transfer, {
    params,
    body: { agentId: colleague.me.user.id, note: say('请跟进送水', 'Please see to the truck') },
  })
  const offer = await ringing(stage, story.agent === 0 ? 1 : 0, story.interactionId)
  const meanwhile = await visitor.call(widget.state)
  assert.equal(meanwhile.conversation?.state, 'active')
  await colleague.call(routing.accept, { params: { id: offer.id } })
  const c = await until('the colleague has it', async () => {
    const one = await lead.call(conversations.one, { params })
    return one.agentId === colleague.me.user.id ? one : undefined
  })

  const [inside, outside] = await Promise.all([
    lead.call(conversations.messages, { params, query: { afterSeq: 0 } }),
    visitor.call(widget.messages, { query: { afterSeq: 0 } }),
  ])
  assert.deepEqual(
    inside.map(m => m.seq),
    inside.map((_, n) => n + 1),
  )
  assert.deepEqual(
    outside.map(m => m.seq),
    inside.filter(m => m.kind !== 'note').map(m => m.seq),
  )
  assert.ok(!outside.some(m => m.kind === 'note'))
  assert.equal(new Set(inside.map(m => m.clientId)).size, inside.length)
  assert.ok(inside.some(m => m.file?.width === 1))
  assert.ok(outside.some(m => m.code === 'transferred'))
  await visitor.call(widget.read, { body: { seq: c.lastSeq } })
  const team = await lead.call(conversations.list, { query: { box: 'team', size: 100 } })
  assert.ok(
    team.rows.some(row => row.id === conversationId),
    'the supervisor sees it',
  )
  const delay = heard.at - Date.parse(String(z.object({ sentAt: z.string() }).parse(heard.payload).sentAt))
  return {
    agent: story.agent === 0 ? 1 : 0,
    step: {
      n: 5,
      did: say(
        `双方交谈：文字、图片、内部备注；客户断线后补齐 ${missed.length} 条，重发不重复；转接给 ${colleague.me.user.name}，主管可见`,
        `They talk: words, a picture, an internal note; after a lost line ${missed.length} messages are caught up and a retry is not doubled; handed over to ${colleague.me.user.name}, the supervisor looks in`,
      ),
      says: say(
        `${inside.length} 条消息，序号 1–${inside.length} 连续，客户可见 ${outside.length} 条；送达 ${Math.max(0, delay)} 毫秒`,
        `${inside.length} messages, seqs 1–${inside.length} without a gap, ${outside.length} seen by the customer; delivered in ${Math.max(0, delay)} ms`,
      ),
      look: `curl -s '${base}/api/conversations/${conversationId}/messages?afterSeq=0' -K ${keyFile('supervisor')}`,
    },
  }
}
