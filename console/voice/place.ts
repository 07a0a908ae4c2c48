import { softphone } from '#contract/voice.ts'
import { useAct } from '../kit/data.ts'
import { newUuid } from '../kit/ids.ts'
import { tell } from '../kit/tell.tsx'
import { keepCall } from './phone.ts'
import { dialled } from './rules.ts'
import { w } from './words.ts'

export type Numbers = readonly { id: string; number: string; name: string }[]

/** Calls what was typed; `done` when it rings. */
export function usePlace(done: () => void) {
  const { act, acting } = useAct(softphone.place, { also: ['softphone', 'presence', 'interactions'], done: keepCall })
  const place = async (text: string, numberId: string | null) => {
    const number = dialled(text)
    if (number === null) {
      tell(w.notNumber)
      return
    }
    if (await act({ body: { number, clientId: newUuid(), ...(numberId ? { numberId } : {}) } })) done()
  }
  return { place, acting }
}
