import { useEffect } from 'react'
import type { Endpoint } from '#contract/endpoint.ts'
import { call, type InputOf } from '../kit/call.ts'
import { nounOf, queryClient } from '../kit/data.ts'
import { tellRefusal } from '../kit/tell.tsx'
import { refusalText } from '../kit/words.ts'
import { useAttachments } from './attach.ts'

/** Places that somebody looks at: what fails there is seen there. */
const looked = new Map<string, number>()
const look = (place: string, by: 1 | -1) => looked.set(place, (looked.get(place) ?? 0) + by)

/** Those of a place where each is kept for good as soon as it has arrived, also when one has gone elsewhere by then. */
export function useArrivals<E extends Endpoint>(
  place: string,
  endpoint: E,
  keeping: (fileId: string) => InputOf<E>,
): ReturnType<typeof useAttachments> {
  const uploads = useAttachments(place)
  useEffect(() => {
    look(place, 1)
    return () => void look(place, -1)
  }, [place])
  const keeper: Parameters<typeof uploads.add>[1] = {
    keep: async card => {
      await call(endpoint, keeping(card.id))
      await queryClient.invalidateQueries({ queryKey: [nounOf(endpoint)] })
    },
    lost: (name, code) => {
      if (!looked.get(place)) tellRefusal({ code: `${code} ${name}`, message: `${name}: ${refusalText(code)}` })
    },
  }
  return { ...uploads, add: files => uploads.add(files, keeper) }
}
