import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import * as z from 'zod'
import type { Box } from '../messaging/inbox.ts'

const Search = z.object({
  c: z.uuid().optional().catch(undefined),
  call: z.uuid().optional().catch(undefined),
  box: z.enum(['mine', 'queue', 'team', 'done']).catch('mine'),
})
type Place = {
  c: string | undefined
  call: string | undefined
  box: Box
  go: (to: { c?: string | undefined; call?: string | undefined; box?: Box }, replace?: boolean) => void
}

/** Which conversation or call and which box is shown lives in the address, so that a reload comes back to it. */
export function usePlace(): Place {
  const { c, call, box } = Search.parse(useSearch({ strict: false }))
  const navigate = useNavigate()
  const go = useCallback<Place['go']>(
    (to, replace = false) => {
      // One thing is open at a time.
      const next = 'c' in to || 'call' in to ? { box, ...to } : { c, call, box, ...to }
      void navigate({
        to: '/desk',
        search: {
          ...(next.c ? { c: next.c } : {}),
          ...(next.call ? { call: next.call } : {}),
          ...(next.box === 'mine' ? {} : { box: next.box }),
        } as never,
        replace,
      })
    },
    [c, call, box, navigate],
  )
  return { c, call, box, go }
}
