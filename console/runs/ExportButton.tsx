import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type * as z from 'zod'
import type { Endpoint, Schema } from '#contract/endpoint.ts'
import type { ExportColumn } from '#contract/exports.ts'
import { useMay } from '../app/me.ts'
import { IconDownload } from '../kit/icons.ts'
import { x } from './words.ts'

const ExportPanel = lazy(() => import('./ExportPanel.tsx'))
type Nothing = z.ZodOptional<z.ZodUndefined>
/** The doors of any list that can be taken along; what its filter is, only the server asks. */
export type ListExports = {
  columns: Endpoint<string, Nothing, Nothing, z.ZodArray<typeof ExportColumn>>
  ask: Endpoint<string, Nothing, Schema, z.ZodObject<{ id: z.ZodUUID }>>
}

/** Takes the list along as it is filtered. Shown to whoever may. */
export function ExportButton({ of, filter, what, end }: { of: ListExports; filter: object; what: string; end?: boolean }) {
  const may = useMay()
  const [open, setOpen] = useState(false)
  if (!may(of.ask.may)) return null
  return (
    <>
      <Button {...(end ? { className: 'end' } : {})} icon={<IconDownload size={16} />} onClick={() => setOpen(true)}>
        {x.export}
      </Button>
      {open && (
        <Suspense>
          <ExportPanel of={of} filter={filter} what={what} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
