import assert from 'node:assert/strict'
import { customers } from '#contract/customers.ts'
import { identity } from '#contract/identity.ts'
import { Wallboard } from '#contract/insight.ts'
import { interactions } from '#contract/interactions.ts'
import { conversations, widget } from '#contract/messaging.ts'
import { type Offer, routing } from '#contract/routing.ts'
import { tickets } from '#contract/tickets.ts'
import { customerNumber, keyFile, type Stage, type Step, signedCustomer, widgetKey } from './cast.ts'
import { type Client, type Live, newClient, Refused, until } from './client.ts'

/** Where the story stands: it grows from step to step. */
export type Story = { visitor: Client; visitorLive: Live; conversationId: string; interactionId: string; customerId: string; agent: 0 | 1 }

/** 1: the product stands, with its sample centre. */
export async function theProductStands({ guest, say, base }: Stage): Promise<Step> {
  const ready = await fetch(`${base}/readyz`)
  assert.equal(ready.status, 200)
  const { tenant, accounts } = await guest.call(identity.welcome)
  return {
    n: 1,
    did: say(`产品已就绪，${tenant?.name ?? '示例中心'}`, `The product is ready: ${tenant?.nameEn || 'the sample centre'}`),
    says: say(`示例账号 ${accounts.map(a => a.login).join('、')}`, `sample accounts ${accounts.map(a => a.login).join(', ')}`),
    look: `curl -s ${base}/api/welcome`,
  }
}

/** 2: a customer opens the widget, is greeted, says what it is about and waits. */
export async function aCustomerWrites(stage: Stage): Promise<{ step: Step; visitor: Client; visitorLive: Live; conversationId: string }> {
  const { guest, base, language, say } = stage
  const look = await guest.call(widget.look, { params: { key: widgetKey } })
  assert.ok(look.open, 'the widget is closed now; its calendar was changed')
  const visit = (identity?: string) =>
    guest.call(widget.open, { params: { key: widgetKey }, body: { language, page: '/site', ...(identity ? { identity } : {}) } })
  // A site whose secret was renewed signs otherwise; then the customer gives the telephone number.
  const signed = await visit(signedCustomer()).catch((error: unknown) => (error instanceof Refused ? null : Promise.reject(error)))
  const { token } = signed ?? (await visit())
  await assert.rejects(
    visit(`${signedCustomer()}x`),
    (error: unknown) => error instanceof Refused && error.code === 'widget.identity_forged',
  )

  const visitor = newClient(base, token)
  const visitorLive = await visitor.live()
  const choice = look.choices[0]?.key ?? ''
  const text = say('我们 3 幢早上开始就没水了，家里还有小孩', 'We have had no water in building 3 since this morning, and there is a baby')
  const start = { clientId: crypto.randomUUID(), choice, text, ...(signed ? {} : { phone: '13800006021' }) }
  const state = await visitor.call(widget.start, { body: start })
  // The same words sent twice are one contact.
  const again = await visitor.call(widget.start, { body: start })
  assert.equal(again.conversation?.id, state.conversation?.id)
  assert.equal(state.conversation?.state, 'waiting')
  assert.ok((state.conversation?.position ?? 0) >= 1)
  return {
    visitor,
    visitorLive,
    conversationId: state.conversation?.id ?? '',
    step: {
      n: 2,
      did: say(
        `客户打开会话窗，看到「${look.greeting.slice(0, 12)}…」，选「${look.choices[0]?.label}」并说明情况`,
        `A customer opens the widget, reads “${look.greetingEn.slice(0, 28)}…”, picks “${look.choices[0]?.labelEn}” and writes`,
      ),
      says: say(`等待中，第 ${state.conversation?.position} 位`, `waiting, place ${state.conversation?.position}`),
      look: `curl -s ${base}/api/widget/state -K ${keyFile('visitor')}`,
    },
  }
}

/** 3: the contact is identified, recorded and put into the right queue. */
export async function theContactIsKnown(
  { lead, leadLive, say, base }: Stage,
  conversationId: string,
): Promise<{ step: Step; interactionId: string; customerId: string }> {
  const c = await lead.call(conversations.one, { params: { id: conversationId } })
  const customer = await lead.call(customers.one, { params: { id: c.customerId ?? '' } })
  assert.deepEqual([customer.number, c.customerName, c.tier], [customerNumber, customer.name, customer.tier])
  const contact = await lead.call(interactions.one, { params: { id: c.interactionId } })
  assert.deepEqual([contact.state, contact.channel, contact.customerId, contact.queueId], ['waiting', 'chat', customer.id, c.queueId])
  assert.ok(contact.queuedAt)
  const board = await leadLive.next('wallboard', payload => Wallboard.parse(payload).queues.some(q => q.id === c.queueId && q.waiting > 0))
  const shownAfter = board.at - contact.queuedAt.getTime()
  assert.ok(shownAfter < 3_000, `the wallboard showed the wait only after ${shownAfter} ms`)
  return {
    interactionId: c.interactionId,
    customerId: customer.id,
    step: {
      n: 3,
      did: say(
        `联络已识别为 ${c.customerName}（户号 ${customerNumber}），进入队列「${c.queueName}」`,
        `The contact is ${c.customerName} (account ${customerNumber}), queued in “${c.queueName}”`,
      ),
      says: say(
        `联络 ${contact.state}，来源 ${contact.source}，客户等级 ${c.tier}，大屏 ${Math.max(0, shownAfter)} 毫秒后显示排队`,
        `contact ${contact.state}, source ${contact.source}, tier ${c.tier}, on the wallboard after ${Math.max(0, shownAfter)} ms`,
      ),
      look: `curl -s ${base}/api/interactions/${c.interactionId} -K ${keyFile('supervisor')}`,
    },
  }
}

/** 4: it rings with the customer on the screen; refused, it keeps its place; taken with one act. */
export async function itRings(stage: Stage, story: Omit<Story, 'agent'>): Promise<{ step: Step; agent: 0 | 1 }> {
  const { say, base } = stage
  const [a, b] = stage.agents
  const freed = Date.now()
  await a.call(routing.setMine, { body: { state: 'ready', reasonId: null } })
  const offer = await ringing(stage, 0, story.interactionId)
  const took = (stage.consoles[0].pushed.find(p => p.name === 'offer.ringing')?.at ?? Date.now()) - freed

  // What the agent knows before the first word.
  const [customer, line, open] = await Promise.all([
    a.call(customers.one, { params: { id: story.customerId } }),
    a.call(customers.timeline, { params: { id: story.customerId }, query: { size: 20 } }),
    a.call(tickets.list, { query: { box: 'all', customerId: story.customerId, open: true } }),
  ])
  assert.equal(customer.number, customerNumber)
  assert.deepEqual(
    [offer.customerId, offer.customerName, offer.tier, offer.conversationId],
    [customer.id, customer.name, customer.tier, story.conversationId],
  )
  assert.match(customer.phone ?? '', /\*{4}/)
  assert.ok(line.rows.length > 0)

  await a.call(routing.decline, { params: { id: offer.id } })
  const waiting = await story.visitor.call(widget.state)
  assert.deepEqual([waiting.conversation?.state, waiting.conversation?.position], ['waiting', 1])
  await b.call(routing.setMine, { body: { state: 'ready', reasonId: null } })
  const second = await ringing(stage, 1, story.interactionId)
  assert.equal(second.waitedSince.getTime(), offer.waitedSince.getTime())
  await b.call(routing.accept, { params: { id: second.id } })
  await assert.rejects(a.call(routing.accept, { params: { id: offer.id } }), Refused)
  const c = await stage.lead.call(conversations.one, { params: { id: story.conversationId } })
  assert.deepEqual([c.state, c.agentId], ['active', b.me.user.id])
  return {
    agent: 1,
    step: {
      n: 4,
      did: say(
        `${took} 毫秒后在 ${a.me.user.name} 处振铃，首句之前已见客户 ${customer.name}（${customer.phone}）、${line.rows.length} 条往来、${open.rows.length} 张未结工单；转回队列后位置不变，${b.me.user.name} 接入`,
        `It rings at ${a.me.user.name} after ${took} ms, showing ${customer.name} (${customer.phone}), ${line.rows.length} facts and ${open.rows.length} open tickets before the first word; refused it keeps its place, and ${b.me.user.name} takes it`,
      ),
      says: say(`会话 ${c.state}，坐席 ${c.agentName}`, `conversation ${c.state}, agent ${c.agentName}`),
      look: `curl -s ${base}/api/conversations/${c.id} -K ${keyFile('supervisor')}`,
    },
  }
}

/** What rings for an agent, when it is this contact; anything else goes back to its place. */
export async function ringing({ agents }: Stage, who: 0 | 1, interactionId: string): Promise<Offer> {
  const agent = agents[who]
  return until(
    `an offer at ${agent.me.user.name}`,
    async () => {
      const { offers } = await agent.call(routing.mine)
      for (const other of offers.filter(o => o.interactionId !== interactionId))
        await agent.call(routing.decline, { params: { id: other.id } }).catch(() => {})
      return offers.find(o => o.interactionId === interactionId)
    },
    12_000,
  )
}
