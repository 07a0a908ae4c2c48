import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { ImportDoors } from '#contract/imports.ts'
import { useMay } from '../app/me.ts'
import { IconDots } from '../kit/icons.ts'
import { Menu } from '../kit/Menu.tsx'
import { usePhone } from '../kit/useMedia.ts'
import type { ListExports } from './ExportButton.tsx'
import { i } from './import.words.ts'
import { x } from './words.ts'

const ExportPanel = lazy(() => import('./ExportPanel.tsx'))
const ImportDrawer = lazy(() => import('./ImportDrawer.tsx'))

/** On a phone, where a list has no head: what can be taken along or brought in stands behind three points beside the filters. */
export function ListMore({
  what,
  takes,
  brings,
}: {
  what: string
  takes?: { of: ListExports; filter: object } | undefined
  brings?: { of: ImportDoors; known: string }
}) {
  const phone = usePhone()
  const may = useMay()
  const [open, setOpen] = useState<'export' | 'import' | null>(null)
  const items = [
    ...(takes && may(takes.of.ask.may) ? [{ key: 'export', label: x.export, onClick: () => setOpen('export') }] : []),
    ...(brings && may(brings.of.ask.may) ? [{ key: 'import', label: i.import, onClick: () => setOpen('import') }] : []),
  ]
  const close = () => setOpen(null)
  if (!phone || items.length === 0) return null
  return (
    <>
      <Menu items={items}>
        <Button size="large" icon={<IconDots size={16} />} aria-label={x.more} title={x.more} />
      </Menu>
      <Suspense>
        {takes && open === 'export' && <ExportPanel {...takes} what={what} close={close} />}
        {brings && open === 'import' && <ImportDrawer {...brings} what={what} close={close} />}
      </Suspense>
    </>
  )
}
