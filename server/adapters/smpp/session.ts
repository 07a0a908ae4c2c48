import { connect as plain, type Socket } from 'node:net'
import { connect as secure } from 'node:tls'
import { addressFor } from '../reachable.ts'
import { answerTo, bindBody, command, type Pdu, read, receiptOf, write } from './pdu.ts'

export type Peer = {
  host: string
  port: number
  tls: boolean
  systemId: string
  systemType: string
  password: string
  privateAllowed: boolean
  window: number
}
export type Heard = { ref: string; stat: string; error: string }
/** No answer in time, or the line is gone: whether the other side took it is not known. */
export class Silence extends Error {}
/** Never reached the other side. */
export class NotThere extends Error {}

const answerMs = 10_000
const enquireMs = 30_000
/** Receipts of one line that are being kept; a gateway that says more at once is told to say them again. */
const mostHeard = 1000
/** Answers to a receipt: say it again later, and: it is of no use to us, now or ever. */
const [later, never] = [0x64, 0x65]

/** One bound line to a gateway. It is bound when `open` returns, and gone for good once it is closed. */
export async function open(peer: Peer, heard: (receipt: Heard) => Promise<void>, closed: (why: string) => void) {
  const host = await addressFor(peer.host, peer.privateAllowed).catch(error => {
    throw new NotThere(String(error instanceof Error ? error.message : error))
  })
  const socket: Socket = peer.tls ? secure({ host, port: peer.port, servername: peer.host }) : plain({ host, port: peer.port })
  const waiting = new Map<number, { answer: (pdu: Pdu) => void; fail: (error: Error) => void }>()
  let seq = 0
  let rest: Buffer = Buffer.alloc(0)
  let over: string | null = null
  let used = 0
  let hearing = 0
  const queue: (() => void)[] = []

  const end = (why: string) => {
    if (over !== null) return
    over = why
    clearInterval(pulse)
    socket.destroy()
    for (const { fail } of waiting.values()) fail(new Silence(why))
    waiting.clear()
    for (const next of queue.splice(0)) next()
    closed(why)
  }
  socket.on('error', error => end(error.message))
  socket.on('close', () => end('the line was closed'))
  socket.on('data', (part: Buffer) => {
    try {
      const got = read(Buffer.concat([rest, part]))
      rest = got.rest
      for (const pdu of got.pdus) take(pdu)
    } catch (error) {
      end(error instanceof Error ? error.message : String(error))
    }
  })

  function take(pdu: Pdu): void {
    if (pdu.id >= command.nack) {
      const asked = waiting.get(pdu.seq)
      waiting.delete(pdu.seq)
      // An answer to nothing, or long after we gave up waiting: nobody needs it.
      asked?.answer(pdu)
      return
    }
    const reply = (id: number, status = 0, body: Buffer = Buffer.alloc(0)) => socket.write(write({ id, status, seq: pdu.seq, body }))
    if (pdu.id === command.enquire) reply(answerTo(pdu.id))
    else if (pdu.id === command.deliver)
      void keep(pdu.body).then(status => {
        if (over === null) reply(answerTo(pdu.id), status, Buffer.from([0]))
      })
    else if (pdu.id === command.unbind) {
      reply(answerTo(pdu.id))
      end('the gateway unbound us')
    } else reply(command.nack, 0x03)
  }

  /** A receipt is answered when it is kept, not before: what was acknowledged nobody says again. */
  async function keep(body: Buffer): Promise<number> {
    let receipt: Heard | null
    try {
      receipt = receiptOf(body)
    } catch {
      return never
    }
    if (!receipt) return 0
    if (hearing >= mostHeard) return later
    hearing++
    try {
      await heard(receipt)
      return 0
    } catch {
      return later
    } finally {
      hearing--
    }
  }

  function ask(id: number, body: Buffer): Promise<Pdu> {
    if (over !== null) return Promise.reject(new NotThere(over))
    seq = (seq % 0x7ffffffe) + 1
    const mine = seq
    return new Promise<Pdu>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(mine)
        reject(new Silence('no answer in time'))
      }, answerMs)
      const done =
        <T>(fn: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer)
          fn(value)
        }
      waiting.set(mine, { answer: done(resolve), fail: done(reject) })
      socket.write(write({ id, status: 0, seq: mine, body }))
    })
  }

  const pulse = setInterval(() => {
    ask(command.enquire, Buffer.alloc(0)).catch(() => end('the gateway is silent'))
  }, enquireMs)
  pulse.unref()

  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new NotThere('no connection in time')), answerMs)
    socket.once(peer.tls ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.once('error', error => {
      clearTimeout(timer)
      reject(new NotThere(error.message))
    })
  }).catch(error => {
    end('not reached')
    throw error
  })
  const bound = await ask(command.bind, bindBody({ systemId: peer.systemId, password: peer.password, systemType: peer.systemType })).catch(
    error => {
      end('not bound')
      throw new NotThere(error instanceof Error ? error.message : String(error))
    },
  )
  if (bound.status !== 0) {
    end('not bound')
    throw new NotThere(`bind refused: 0x${bound.status.toString(16)}`)
  }

  /** Waits for its place in the window. */
  const inTurn = (id: number) => async (body: Buffer) => {
    while (used >= peer.window && over === null) await new Promise<void>(resolve => queue.push(resolve))
    used++
    try {
      return await ask(id, body)
    } finally {
      used--
      queue.shift()?.()
    }
  }
  return {
    submit: inTurn(command.submit),
    query: inTurn(command.query),
    isOver: () => over !== null,
    close: async () => {
      if (over === null) await ask(command.unbind, Buffer.alloc(0)).catch(() => {})
      end('closed by us')
    },
  }
}
export type Session = Awaited<ReturnType<typeof open>>
