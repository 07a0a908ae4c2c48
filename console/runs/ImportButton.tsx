import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { ImportDoors } from '#contract/imports.ts'
import { useMay } from '../app/me.ts'
import { i } from './import.words.ts'

const ImportDrawer = lazy(() => import('./ImportDrawer.tsx'))

/** Brings in a table. Shown to whoever may. `known`: by what a row's thing is known to be there already. */
export function ImportButton({ of, what, known }: { of: ImportDoors; what: string; known: string }) {
  const may = useMay()
  const [open, setOpen] = useState(false)
  if (!may(of.ask.may)) return null
  return (
    <>
      <Button onClick={() => setOpen(true)}>{i.import}</Button>
      {open && (
        <Suspense>
          <ImportDrawer of={of} what={what} known={known} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
