import { useState } from 'react'
import type { CallPurpose } from '#contract/consent.ts'
import { softphone } from '#contract/voice.ts'
import type { InputOf } from '../kit/call.ts'
import { useAct } from '../kit/data.ts'
import { newUuid } from '../kit/ids.ts'
import { tell } from '../kit/tell.tsx'
import { keepCall } from './phone.ts'
import { dialled } from './rules.ts'
import { w } from './words.ts'

export type Numbers = readonly { id: string; number: string; name: string }[]
type To = Omit<InputOf<typeof softphone.place>['body'], 'clientId' | 'purpose'>

/** Calls; `asked` while whoever wants to be left alone is not called before it is said what for. */
export function useCalling() {
  const [asked, setAsked] = useState(false)
  const { act, acting } = useAct(softphone.place, {
    also: ['softphone', 'presence', 'interactions'],
    done: keepCall,
    caught: ({ code }) => {
      if (code === 'call.purpose_asked') setAsked(true)
      return code === 'call.purpose_asked'
    },
  })
  const place = async (to: To, purpose?: CallPurpose): Promise<boolean> => {
    const placed = await act({ body: { ...to, ...(purpose ? { purpose } : {}), clientId: newUuid() } })
    if (placed) setAsked(false)
    return placed !== undefined
  }
  return { place, acting, asked, setAsked }
}

/** Calls what was typed; `done` when it rings. */
export function usePlace(done: () => void) {
  const calling = useCalling()
  const place = async (text: string, numberId: string | null, purpose?: CallPurpose) => {
    const number = dialled(text)
    if (number === null) {
      tell(w.notNumber)
      return
    }
    if (await calling.place({ number, ...(numberId ? { numberId } : {}) }, purpose)) done()
  }
  return { ...calling, place }
}
