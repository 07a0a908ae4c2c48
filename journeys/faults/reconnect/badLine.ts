import { createConnection, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Where the next request breaks: before it arrives, half way, after it arrived and before the answer, in the middle of the answer.
 * `unheard`: it arrived, and neither its answer nor a push tells of it: whoever asked has to ask again.
 */
export const breaks = ['before', 'half', 'unanswered', 'halfAnswered', 'unheard'] as const
export type Break = (typeof breaks)[number]

type Pipe = { client: Socket; server: Socket; dead: boolean; answerBreaks: Break | null }

/** A line between one client and the server that fails as lines do. Nothing of TCP is imitated: what is cut is cut, what is silent stays open. */
export async function openBadLine(port: number) {
  const pipes = new Set<Pipe>()
  let refusing = false
  let deaf = false
  let delay = 0
  let trap: { at: Break; only: RegExp } | null = null
  let stalled: Promise<void> | null = null

  const listener = createServer(client => {
    client.on('error', () => {})
    if (refusing) {
      client.destroy()
      return
    }
    const pipe: Pipe = { client, server: createConnection(port, '127.0.0.1'), dead: deaf, answerBreaks: null }
    pipes.add(pipe)
    pipe.server.on('error', () => {})
    carry(pipe, client, data => asked(pipe, data))
    carry(pipe, pipe.server, data => answered(pipe, data))
  })

  /** In order, each way; whatever holds it back holds back all that follows. */
  function carry(pipe: Pipe, from: Socket, pass: (data: Buffer) => void): void {
    let last = Promise.resolve()
    const then = (act: () => void) => {
      last = last.then(async () => {
        if (delay > 0) await wait(delay)
        await stalled
        if (!pipe.dead) act()
      })
    }
    from.on('data', data => then(() => pass(Buffer.from(data))))
    from.on('close', () => then(() => cut(pipe)))
  }

  function asked(pipe: Pipe, data: Buffer): void {
    const at = trap?.only.test(data.toString('latin1', 0, 8)) ? trap.at : null
    if (at) trap = null
    if (at === 'before') {
      cut(pipe)
      return
    }
    if (at === 'half') {
      pipe.server.write(data.subarray(0, Math.ceil(data.length / 2)), () => cut(pipe))
      return
    }
    if (at === 'unheard') for (const other of pipes) if (other !== pipe && !other.dead) cut(other)
    if (at) pipe.answerBreaks = at === 'unheard' ? 'unanswered' : at
    pipe.server.write(data)
  }

  function answered(pipe: Pipe, data: Buffer): void {
    if (pipe.answerBreaks === 'unanswered') {
      cut(pipe)
      return
    }
    if (pipe.answerBreaks === 'halfAnswered') {
      // Past the head, if it is there: what comes then looks like an answer.
      const head = data.indexOf('\r\n\r\n')
      const until = head < 0 ? Math.ceil(data.length / 2) : head + 4 + Math.ceil((data.length - head - 4) / 2)
      pipe.client.write(data.subarray(0, Math.max(1, until)), () => cut(pipe))
      return
    }
    pipe.client.write(data)
  }

  function cut(pipe: Pipe): void {
    pipes.delete(pipe)
    pipe.client.destroy()
    pipe.server.destroy()
  }
  const cutAll = () => {
    for (const pipe of pipes) if (!pipe.dead) cut(pipe)
  }

  await new Promise<void>(done => listener.listen(0, '127.0.0.1', done))
  const address = listener.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    cutAll,
    breakNext: (at: Break, only: RegExp) => {
      trap = { at, only }
    },
    refuse: async (ms: number) => {
      refusing = true
      cutAll()
      await wait(ms)
      refusing = false
    },
    /** Nothing passes; then all of it does, late. */
    stall: async (ms: number) => {
      stalled = wait(ms)
      await stalled
      stalled = null
    },
    /** Half open for good: nothing passes, nothing closes. For a while new lines are the same. */
    die: async (ms: number) => {
      for (const pipe of pipes) pipe.dead = true
      deaf = true
      await wait(ms)
      deaf = false
    },
    slow: async (perChunk: number, ms: number) => {
      delay = perChunk
      await wait(ms)
      delay = 0
    },
    /** Faults end. What is half open stays so: its ends have to find out. */
    heal: () => {
      refusing = deaf = false
      delay = 0
      trap = null
    },
    close: async () => {
      for (const pipe of pipes) cut(pipe)
      await new Promise(done => listener.close(done))
    },
  }
}
export type BadLine = Awaited<ReturnType<typeof openBadLine>>
