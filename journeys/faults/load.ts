import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

export type Keys = { bearer: string; kindId: string; departmentId: string; widgetKey: string }
type Answer = { status: number; said: unknown; at: number }

/** One call, whole or not at all: a connection that dies, an answer that does not come within `patience`, throws. */
export function say(
  agent: Agent,
  url: string,
  path: string,
  options: { token?: string; body?: unknown; ip?: string; patience?: number },
): Promise<Answer> {
  const text = JSON.stringify(options.body ?? {})
  return new Promise((resolve, reject) => {
    const call = request(
      `${url}/api${path}`,
      {
        method: 'POST',
        agent,
        timeout: options.patience ?? 4_000,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
          ...(options.ip ? { 'x-forwarded-for': options.ip } : {}),
        },
      },
      answer => {
        let said = ''
        answer
          .setEncoding('utf8')
          .on('data', part => {
            said += part
          })
          .on('end', () => {
            try {
              resolve({ status: answer.statusCode ?? 0, said: said === '' ? undefined : JSON.parse(said), at: Date.now() })
            } catch (error) {
              reject(error)
            }
          })
          .on('error', reject)
      },
    )
    call
      .on('timeout', () => call.destroy(new Error('no answer')))
      .on('error', reject)
      .end(text)
  })
}

/**
 * Customers and agents who do what clients of ours do: they name what they say by an id of their own and say it again until it was taken.
 * `urls`: every door there is; whoever finds one closed tries the next.
 */
export function startLoad(urls: readonly string[], keys: Keys, perSecond: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 48 })
  /** clientId → number of the ticket that was acknowledged. */
  const tickets = new Map<string, string>()
  /** clientId of each message that was acknowledged → its conversation. */
  const messages = new Map<string, string>()
  const times: { begun: number; at: number }[] = []
  const bugs: string[] = []
  let door = 0
  let n = 0
  let stopping = false
  let running = 0

  /** Until it is taken. Anything but success, away or wait is a fault of the product. */
  async function insist(path: string, options: { token?: string; body?: unknown; ip?: string }): Promise<unknown> {
    for (let tries = 0; ; tries++) {
      const begun = Date.now()
      const url = urls[(door + tries) % urls.length] ?? ''
      const answer = await say(agent, url, path, options).catch(() => null)
      if (answer && answer.status < 300) {
        times.push({ begun, at: answer.at })
        return answer.said
      }
      if (answer && answer.status !== 503 && answer.status !== 429) {
        bugs.push(`${path}: ${answer.status} ${JSON.stringify(answer.said)}`)
        return null
      }
      if (tries > 600) throw new Error(`${path} was never taken`)
      await wait(50 + Math.random() * 100)
    }
  }

  async function ticket(id: number) {
    const clientId = `fault-ticket-${process.pid}-${id}`
    const said = (await insist('/tickets', {
      token: keys.bearer,
      body: { kindId: keys.kindId, departmentId: keys.departmentId, title: `水压不足 ${id}`, clientId, text: `第 ${id} 位客户来电。` },
    })) as { number: string } | null
    if (said) tickets.set(clientId, said.number)
  }

  async function chat(id: number) {
    const ip = `10.${(id >> 16) & 255}.${(id >> 8) & 255}.${id & 255}`
    const visit = (await insist(`/widget/${keys.widgetKey}/visits`, { body: { language: 'zh', page: '/' }, ip })) as {
      token: string
    } | null
    if (!visit) return
    const { token } = visit
    const first = `fault-first-${process.pid}-${id}`
    const state = (await insist('/widget/conversation', { token, ip, body: { clientId: first, text: `家里没水了 ${id}` } })) as {
      conversation: { id: string } | null
    } | null
    const conversationId = state?.conversation?.id
    if (!conversationId) {
      bugs.push(`no conversation for ${first}`)
      return
    }
    messages.set(first, conversationId)
    for (let word = 0; word < 2; word++) {
      const clientId = `fault-word-${process.pid}-${id}-${word}`
      if (await insist('/widget/messages', { token, ip, body: { clientId, text: `第 ${word + 1} 句` } }))
        messages.set(clientId, conversationId)
    }
    await insist('/widget/leaving', { token, ip })
  }

  const failures: unknown[] = []
  const begin = (what: Promise<void>) => {
    running++
    void what.catch(error => failures.push(error)).finally(() => running--)
  }
  // Every fourth contact is a chat, the others are tickets that an agent opens. More than 300 under way: the customers at the door wait.
  const clock = setInterval(() => {
    for (let each = 0; each < perSecond / 20 && running < 300 && !stopping; each++) {
      const id = n++
      door = id
      begin(id % 4 === 0 ? chat(id) : ticket(id))
    }
  }, 50)

  return {
    tickets,
    messages,
    bugs,
    failures,
    contacts: () => n,
    /** When something begun after `moment` was first acknowledged. */
    healed: async (moment: number, limit: number): Promise<number> => {
      for (const until = Date.now() + limit; Date.now() < until; ) {
        const first = times.find(t => t.begun >= moment)
        if (first) return first.at - moment
        await wait(20)
      }
      return Number.POSITIVE_INFINITY
    },
    /** No new contacts; everything begun is said to its end. */
    stop: async () => {
      stopping = true
      clearInterval(clock)
      for (const until = Date.now() + 60_000; running > 0 && Date.now() < until; ) await wait(50)
      agent.destroy()
      if (running > 0) throw new Error(`${running} contacts were never taken`)
    },
  }
}
