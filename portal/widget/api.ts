import type * as z from 'zod'
import type { Message as MessageShape, widget } from '../../contract/messaging.ts'

// The widget takes only types from the contract: zod itself would be half of its weight.
export type Message = z.input<typeof MessageShape>
export type Look = z.input<typeof widget.look.reply>
export type State = z.input<typeof widget.state.reply>
export type Opened = z.input<typeof widget.open.reply>
export type FileCard = NonNullable<Message['file']>
export type Start = z.input<typeof widget.start.body>

/** The server said no, with a code. Everything else thrown here is the network. */
export class Refused extends Error {
  readonly code: string
  readonly status: number
  constructor(code: string, status: number) {
    super(code)
    this.code = code
    this.status = status
  }
}
/** Worth trying again by itself: the network, a server that is starting, too many at once, two who wanted the same row. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof Refused) || error.status >= 500 || error.status === 429 || error.code === 'input.try_again'

const key = (text: string) => encodeURIComponent(text)

/** `patience`: a line that is dead and does not say so would be waited for without end. */
export function newApi({ send, patience }: { send: typeof fetch; patience: number }) {
  let token: string | undefined

  async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const reply = await send(`/api${path}`, {
      method,
      signal: AbortSignal.timeout(patience),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (reply.status === 204) return undefined as T
    if (reply.ok) return reply.json()
    const problem = await reply.json().catch(() => ({}))
    throw new Refused(String(problem.code ?? 'server.bug'), reply.status)
  }

  return {
    setToken: (next: string | undefined): void => {
      token = next
    },
    look: (widgetKey: string) => ask<Look>('GET', `/widget/${key(widgetKey)}/look`),
    open: (widgetKey: string, body: z.input<typeof widget.open.body>) => ask<Opened>('POST', `/widget/${key(widgetKey)}/visits`, body),
    state: () => ask<State>('GET', '/widget/state'),
    start: (body: Start) => ask<State>('POST', '/widget/conversation', body),
    messages: (afterSeq: number) => ask<Message[]>('GET', `/widget/messages?afterSeq=${afterSeq}`),
    send: (body: z.input<typeof widget.send.body>) => ask<Message>('POST', '/widget/messages', body),
    read: (seq: number) => ask<void>('PUT', '/widget/read', { seq }),
    leave: () => ask<State>('POST', '/widget/leaving'),
    rate: (score: number, words: string) => ask<State>('POST', '/widget/rating', { score, words }),
    /** With progress, which fetch cannot tell. */
    upload: (file: File, onProgress: (share: number) => void): Promise<FileCard> =>
      new Promise((done, fail) => {
        const request = new XMLHttpRequest()
        request.open('POST', '/api/widget/files')
        if (token) request.setRequestHeader('authorization', `Bearer ${token}`)
        request.responseType = 'json'
        request.timeout = 300_000
        request.upload.onprogress = e => onProgress(e.total ? e.loaded / e.total : 0)
        request.onload = () =>
          request.status === 200
            ? done(request.response)
            : fail(new Refused(String(request.response?.code ?? 'server.bug'), request.status))
        request.onerror = request.ontimeout = () => fail(new Error('network'))
        const form = new FormData()
        form.append('file', file)
        request.send(form)
      }),
  }
}
export type Api = ReturnType<typeof newApi>
