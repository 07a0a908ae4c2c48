import { message } from 'antd'

import type { RefusalError } from './call.ts'

let speaker: ReturnType<typeof message.useMessage>[0] | undefined
/** Set once by the root, inside antd's own context, so that messages wear the theme. */
export function useSpeaker() {
  const [api, holder] = message.useMessage({ maxCount: 3, top: 60 })
  speaker = api
  return holder
}

/** A refusal in words, at the top. One text is shown once. */
export const tellRefusal = (error: RefusalError): void => {
  speaker?.open({ type: 'error', content: error.message, key: error.code, duration: 5 })
}
export const tell = (text: string): void => {
  speaker?.open({ type: 'success', content: text, key: text, duration: 3 })
}
