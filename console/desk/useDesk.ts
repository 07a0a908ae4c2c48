import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import * as z from 'zod'
import type { Box } from '../messaging/inbox.ts'

const Search = z.object({ c: z.uuid().optional().catch(undefined), box: z.enum(['mine', 'queue', 'team', 'done']).catch('mine') })
type Place = { c: string | undefined; box: Box; go: (to: { c?: string | undefined; box?: Box }, replace?: boolean) => void }

/** Which conversation and which box is shown lives in the address, so that a reload comes back to it. */
export function usePlace(): Place {
  const { c, box } = Search.parse(useSearch({ strict: false }))
  const navigate = useNavigate()
  const go = useCallback<Place['go']>(
    (to, replace = false) => {
      const next = { c, box, ...to }
      void navigate({
        to: '/desk',
        search: { ...(next.c ? { c: next.c } : {}), ...(next.box === 'mine' ? {} : { box: next.box }) } as never,
        replace,
      })
    },
    [c, box, navigate],
  )
  return { c, box, go }
}
