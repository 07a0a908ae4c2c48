import { createHmac } from 'node:crypto'
import { customers } from '#contract/customers.ts'
import { contactOutcomes, contactReasons } from '#contract/interactions.ts'
import { conversations, widget } from '#contract/messaging.ts'
import { departments } from '#contract/people.ts'
import { type Offer, presenceReasons, routing, staffing } from '#contract/routing.ts'
import { surveys } from '#contract/surveys.ts'
import { ticketCategories, ticketKinds, tickets } from '#contract/tickets.ts'
import { samplePassword, widgetKey, widgetSecret } from '#domains/sample/centre.ts'
import { type Live, newClient, type SignedIn, signIn, until } from '../../journeys/story/client.ts'

export type Language = 'zh' | 'en'
/** What the pictures need to know of what was staged. */
export type Scene = {
  conversationId: string
  customerId: string
  ticketId: string
  progressPath: string
  visit: { token: string; visitorId: string }
  /** Lets one more customer arrive, who rings at the first agent. */
  arrive: () => Promise<void>
  /** Takes the ringing one, fills up the agents and lets two customers wait. */
  crowd: () => Promise<void>
  close: () => void
}

const chats = ['agent', 'agent2', 'jiangyizhou', 'bailu', 'dingnanxing', 'yezhiqiu', 'songqinghe', 'luyunfan'] as const
type Login = (typeof chats)[number]

/** Plays a morning in the sample centre, as its people and customers would over the wire: nothing is written past the product. */
export async function stage(base: string, language: Language): Promise<Scene> {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en)
  const people: Record<string, SignedIn> = {}
  for (const login of [...chats, 'supervisor', 'admin', 'field']) people[login] = await signIn(base, login, samplePassword)
  const who = (login: Login | 'supervisor' | 'admin' | 'field'): SignedIn => {
    const person = people[login]
    if (!person) throw new Error(`${login} did not sign in`)
    return person
  }
  const lives: Live[] = []
  for (const login of chats) lives.push(await who(login).live())
  const state = (login: Login, next: 'ready' | 'busy' | 'break', reasonId: string | null = null) =>
    who(login).call(routing.setMine, { body: { state: next, reasonId } })
  for (const login of chats) await state(login, 'busy')

  const identity = (number: string) => {
    const text = Buffer.from(JSON.stringify({ number, exp: Math.floor(Date.now() / 1000) + 600 })).toString('base64url')
    return `${text}.${createHmac('sha256', widgetSecret).update(text).digest('base64url')}`
  }
  const look = await newClient(base).call(widget.look, { params: { key: widgetKey } })
  const visit = async (words: string, choice: number | null, number?: string) => {
    const opened = await newClient(base).call(widget.open, {
      params: { key: widgetKey },
      body: { language, page: '/site', ...(number ? { identity: identity(number) } : {}) },
    })
    const visitor = newClient(base, opened.token)
    const chosen = choice === null ? undefined : look.choices[choice]?.key
    await visitor.call(widget.start, { body: { clientId: crypto.randomUUID(), text: words, ...(chosen ? { choice: chosen } : {}) } })
    return { visitor, token: opened.token, visitorId: opened.visitorId }
  }
  const offerOf = (login: Login) =>
    until(`a contact rings at ${login}`, async () => (await who(login).call(routing.mine)).offers.at(0), 15_000)
  const accept = async (login: Login): Promise<Offer> => {
    const offer = await offerOf(login)
    await who(login).call(routing.accept, { params: { id: offer.id } })
    return offer
  }
  const write = (login: Login, id: string | null, text: string) =>
    who(login).call(conversations.send, { params: { id: id ?? '' }, body: { clientId: crypto.randomUUID(), text } })

  // Two customers of the archive, one of them with a history worth showing.
  const known = (await who('supervisor').call(customers.list, { query: { size: 60 } })).rows.filter(c => c.kind === 'person' && c.number)
  const main = known.find(c => c.tier === 'gold') ?? known[0]
  const second = known.find(c => c.id !== main?.id)
  if (!main || !second) throw new Error('the sample centre has no customers')

  // A low rating, so that a task to win the customer back is open.
  await state('agent2', 'ready')
  const unhappy = await visit(say('上月水费怎么多了一半？', 'Why is last month’s bill half as much again?'), null, second.number)
  const early = await accept('agent2')
  await write('agent2', early.conversationId, say('我查一下抄表记录，请稍等。', 'I am checking the readings, one moment.'))
  await unhappy.visitor.call(widget.send, { body: { clientId: crypto.randomUUID(), text: say('好的', 'All right') } })
  await write(
    'agent2',
    early.conversationId,
    say('上次是估抄，这次按实际读数补齐。', 'Last time was an estimate; this bill makes up the difference.'),
  )
  await finish('agent2', early)
  await unhappy.visitor.call(widget.rate, {
    body: { score: 2, words: say('解释了，但没有说能不能分期', 'Explained, but not whether I can pay in parts') },
  })
  await until('the rating is listed', async () =>
    (await who('supervisor').call(surveys.ratings, { query: { size: 1 } })).rows.some(r => r.score === 2),
  )
  await state('agent2', 'busy')

  // Three contacts of the first agent: one new, one with the customer, one in full course with a ticket.
  await state('agent', 'ready')
  const third = await visit(
    say('你好，想问一下过户需要什么材料？', 'Hello, what do I need for a change of holder?'),
    null,
    known[2]?.number,
  )
  const waits = await accept('agent')
  await write(
    'agent',
    waits.conversationId,
    say(
      '需要新户主身份证、产权证明和旧户号。方便的话我把清单发给您。',
      'The new holder’s identity card, proof of ownership and the old account number. Shall I send you the list?',
    ),
  )
  const told = await visit(
    say('家里从早上就停水了，什么时候能来？', 'No water here since this morning. When will it be back?'),
    0,
    main.number,
  )
  const offer = await accept('agent')
  const id = offer.conversationId ?? ''
  const customer = (text: string) => told.visitor.call(widget.send, { body: { clientId: crypto.randomUUID(), text } })
  await write(
    'agent',
    id,
    say('您好，我看到您的地址了，附近正在抢修，我马上核实。', 'Hello, I see your address. A main nearby is being repaired, I am checking.'),
  )
  await customer(say('楼上楼下都没有水，家里还有老人', 'Nobody in the building has any, and my parents are elderly'))
  await who('agent').call(conversations.note, {
    params: { id },
    body: {
      clientId: crypto.randomUUID(),
      text: say('抢修一队确认：DN300 管道，预计两小时恢复', 'Crew 1 confirms: DN300 main, about two hours'),
    },
  })
  await write(
    'agent',
    id,
    say(
      '确认是 DN300 管道抢修，预计两小时恢复。我给您登记，并安排送水车。',
      'It is a DN300 main, about two hours. I am recording it and sending a water truck.',
    ),
  )

  const kinds = await who('agent').call(ticketKinds.list, { query: {} })
  const categories = await who('agent').call(ticketCategories.list, { query: {} })
  const kind = kinds.find(k => k.code === 'BX')
  const category = categories.find(c => c.kindId === kind?.id && /无水|No water/.test(c.name))
  const crews = await who('agent').call(departments.list, { query: {} })
  if (!kind) throw new Error('the sample centre has no repairs')
  const ticket = await who('agent').call(tickets.open, {
    body: {
      kindId: kind.id,
      categoryId: category?.id ?? null,
      title: say('整栋无水，家有老人', 'No water in the whole building, elderly residents'),
      text: say('DN300 管道抢修影响，客户要求送水。', 'Hit by the DN300 repair; the customer asks for a water truck.'),
      priority: 'high',
      place: main.address,
      fields: { symptom: 'none', affected: 36 },
      customerId: main.id,
      conversationId: id,
      departmentId: category?.departmentId ?? crews[0]?.id ?? null,
    },
  })
  await until(
    'the ticket reached the crew',
    async () =>
      (await who('field')
        .call(tickets.one, { params: { id: ticket.id } })
        .catch(() => undefined)) ?? null,
  )
  await who('field').call(tickets.take, { params: { id: ticket.id } })
  await who('field').call(tickets.comment, {
    params: { id: ticket.id },
    body: {
      text: say('已到现场，正在开挖，送水车 10 分钟后到。', 'On site and digging; the water truck comes in ten minutes.'),
      public: true,
    },
  })
  await customer(say('太好了，送水车大概几点到？', 'Good. When does the truck come?'))
  const link = await who('agent').call(tickets.link, { params: { id: ticket.id } })
  const at = new URL(link.url, base)

  async function finish(login: Login, { conversationId }: Offer) {
    const params = { id: conversationId ?? '' }
    await who(login).call(conversations.end, { params })
    const reasons = await who(login).call(contactReasons.list, { query: {} })
    const outcomes = await who(login).call(contactOutcomes.list, { query: {} })
    const reason = reasons.find(r => r.parentId !== null)
    if (reason && outcomes[0])
      await who(login).call(conversations.wrapUp, { params, body: { reasonId: reason.id, outcomeId: outcomes[0].id, note: '' } })
  }

  return {
    conversationId: id,
    customerId: main.id,
    ticketId: ticket.id,
    progressPath: at.pathname + at.search + at.hash,
    visit: { token: told.token, visitorId: told.visitorId },
    arrive: async () => {
      await visit(say('小区门口路面一直在冒水', 'Water is coming up through the road at our gate'), 0, known[3]?.number)
      await offerOf('agent')
    },
    crowd: async () => {
      const rings = (await who('agent').call(routing.mine)).offers.at(0)
      if (rings) await who('agent').call(routing.accept, { params: { id: rings.id } })
      for (const login of ['jiangyizhou', 'dingnanxing', 'yezhiqiu'] as const) {
        await state('agent', 'busy')
        await state(login, 'ready')
        const { visitor } = await visit(say('水压很低，热水器打不着', 'The pressure is too low for my water heater'), null)
        const taken = await accept(login)
        await write(login, taken.conversationId, say('请问是整户水压低，还是只有热水？', 'Is it low everywhere, or only the hot water?'))
        await visitor.call(widget.send, { body: { clientId: crypto.randomUUID(), text: say('全屋都低', 'Everywhere') } })
        await state(login, 'busy')
      }
      await state('agent', 'ready')
      const reasons = await who('agent').call(presenceReasons.list, { query: {} })
      await state('bailu', 'break', reasons.find(r => r.state === 'break')?.id ?? null)
      await state('songqinghe', 'busy', reasons.find(r => r.state === 'busy')?.id ?? null)
      await who('agent').call(routing.raise, {
        body: { up: true, interactionId: null, words: say('客户要求主管回电', 'The customer asks for a supervisor') },
      })
      // Everyone ready has as much in hand as they may: whoever comes now waits.
      const { rows: team } = await who('admin').call(staffing.list, { query: { size: 200 } })
      const full = ['agent', 'jiangyizhou', 'dingnanxing', 'yezhiqiu'] as const
      for (const login of full) {
        const { presence } = await who(login).call(routing.mine)
        const {
          agentName: _,
          agentId,
          ...set
        } = team.find(a => a.agentId === presence.agentId) ?? {
          agentName: '',
          agentId: '',
          missesAllowed: 3,
          channels: [],
          skills: [],
          queueIds: [],
        }
        const used = presence.load.find(l => l.channel === 'chat')?.used ?? 0
        await who('admin').call(staffing.set, {
          params: { agentId },
          body: { ...set, channels: [{ channel: 'chat', capacity: used, weight: 0 }] },
        })
      }
      for (const login of full) await state(login, 'ready')
      await visit(say('发票抬头写错了，能改吗？', 'The name on my invoice is wrong, can it be changed?'), null)
      await visit(say('水表好像不走了', 'My meter seems to have stopped'), 0)
    },
    close: () => {
      for (const live of lives) live.close()
      void third
    },
  }
}
