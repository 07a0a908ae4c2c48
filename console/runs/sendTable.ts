import * as z from 'zod'
import { Id, Problem } from '#contract/endpoint.ts'
import { RefusalError } from '../kit/call.ts'
import { learnRefusal } from '../kit/words.ts'

const Sent = z.object({ id: Id })

/** Sends a table and tells how far it is; `fetch` tells nothing of what leaves. */
export function sendTable(address: string, file: File, progress: (share: number) => void): Promise<{ id: string }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const refuse = (code: string, facts: Record<string, unknown> = {}, status = 0) => {
      void learnRefusal(code).then(() => reject(new RefusalError(code, facts, status)))
    }
    request.open('POST', address)
    request.setRequestHeader('x-csrf', /(?:^|;\s*)huiyin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '')
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? Math.round((loaded / total) * 100) : 0)
    request.onerror = () => refuse('network.away')
    request.onload = () => {
      try {
        const said: unknown = JSON.parse(request.responseText)
        if (request.status < 300) resolve(Sent.parse(said))
        else {
          const { code, facts } = Problem.parse(said)
          refuse(code, facts, request.status)
        }
      } catch {
        refuse('network.away')
      }
    }
    const form = new FormData()
    form.append('file', file)
    request.send(form)
  })
}
