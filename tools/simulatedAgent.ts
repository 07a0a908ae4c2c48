import { setTimeout as pause } from 'node:timers/promises'
import { contactOutcomes, contactReasons } from '#contract/interactions.ts'
import { cannedAnswers, conversations } from '#contract/messaging.ts'
import { routing } from '#contract/routing.ts'
import { type SignedIn, signIn } from '../journeys/story/client.ts'

export type Hand = { leave: () => Promise<void> }
/** After so many answers the talk is over. */
const answersEach = 3

/** A sample agent who takes what rings and answers with the ready words, marked as simulated. */
export async function sitDown(base: string, login: string, password: string, zh: boolean, tell: (line: string) => void): Promise<Hand> {
  const agent = await signIn(base, login, password)
  const console = await agent.live()
  await agent.call(routing.setMine, { body: { state: 'ready', reasonId: null } })
  const words = await agent.call(cannedAnswers.list, { query: {} })
  const [reasons, outcomes] = await Promise.all([
    agent.call(contactReasons.list, { query: {} }),
    agent.call(contactOutcomes.list, { query: {} }),
  ])
  const wrapUp = {
    reasonId: reasons.find(r => r.parentId !== null)?.id ?? '',
    outcomeId: outcomes[0]?.id ?? '',
    note: zh ? '模拟坐席' : 'Simulated agent',
  }
  const name = agent.me.user.name
  const answered = new Map<string, number>()
  let over = false

  const round = async () => {
    const { offers } = await agent.call(routing.mine)
    for (const offer of offers) {
      await pause(1_500 + Math.random() * 5_000)
      await agent.call(routing.accept, { params: { id: offer.id } })
      tell(
        zh
          ? `  ${name} 接入 ${offer.customerName || '访客'}（${offer.queueName}）`
          : `  ${name} takes ${offer.customerName || 'a visitor'} (${offer.queueName})`,
      )
    }
    const { rows } = await agent.call(conversations.list, { query: { box: 'mine', size: 20 } })
    for (const c of rows) {
      const params = { id: c.id }
      const said = answered.get(c.id) ?? 0
      if (c.state === 'wrap') {
        await agent.call(conversations.wrapUp, { params, body: wrapUp })
        answered.delete(c.id)
      } else if (c.lastAuthor === 'customer' && said < answersEach) {
        const text = words[(said * 5 + c.customerName.length) % Math.max(1, words.length)]
        await agent.call(conversations.send, {
          params,
          body: { clientId: crypto.randomUUID(), text: `${zh ? '【模拟】' : '[simulated] '}${(zh ? text?.text : text?.textEn) ?? ''}` },
        })
        await agent.call(conversations.read, { params, body: { seq: c.lastSeq } })
        answered.set(c.id, said + 1)
      } else if (said >= answersEach && c.lastAuthor === 'customer') await agent.call(conversations.end, { params })
    }
  }

  const work = (async () => {
    while (!over) {
      // Somebody else may have been quicker: then there is nothing to do.
      await round().catch(error => tell(`  ${name}: ${error instanceof Error ? error.message : error}`))
      await pause(1_500)
    }
  })()
  return {
    leave: async () => {
      over = true
      await work
      await finish(agent, wrapUp)
      await agent.call(routing.setMine, { body: { state: 'offline', reasonId: null } })
      console.close()
    },
  }
}

/** Nobody is left sitting in a talk with an agent who has gone home. */
async function finish(agent: SignedIn, body: { reasonId: string; outcomeId: string; note: string }) {
  const { rows } = await agent.call(conversations.list, { query: { box: 'mine', size: 50 } })
  for (const c of rows) {
    if (c.state === 'active') await agent.call(conversations.end, { params: { id: c.id } })
    await agent.call(conversations.wrapUp, { params: { id: c.id }, body }).catch(() => {})
  }
}
