// Loaded into the product by `bench/voice.ts`: what a call costs in words that pass to and fro. Written to the file COUNTED names when it is told so.
import { writeFileSync } from 'node:fs'
import http from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import pg from 'pg'

export type Counted = { transactions: number; statements: number; requests: number; told: number }
const counted: Counted = { transactions: 0, statements: 0, requests: 0, told: 0 }

const file = process.env.COUNTED
if (isMainThread && file) {
  pg.Client.prototype.query = new Proxy(pg.Client.prototype.query, {
    apply: (query, client: pg.Client, given) => {
      const [asked] = given
      const text = typeof asked === 'string' ? asked : String(asked?.text)
      if (text.startsWith('begin')) counted.transactions++
      else if (text !== 'commit') counted.statements++
      return Reflect.apply(query, client, given)
    },
  })
  http.request = new Proxy(http.request, {
    apply: (request, self, given) => {
      if (String(given[0]).includes('/ari/')) counted.requests++
      return Reflect.apply(request, self, given)
    },
  })
  syncBuiltinESMExports()
  globalThis.WebSocket = class extends WebSocket {
    constructor(...given: ConstructorParameters<typeof WebSocket>) {
      super(...given)
      this.addEventListener('message', () => void counted.told++)
    }
  }
  process.on('SIGUSR2', () => writeFileSync(file, JSON.stringify(counted)))
}
