import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { Customer } from '#contract/customers.ts'
import { useMay } from '../app/me.ts'
import { IconDots } from '../kit/icons.ts'
import { Menu, type MenuItem } from '../kit/Menu.tsx'
import { w } from './duplicates/words.ts'

const MergeWith = lazy(() => import('./duplicates/MergeWith.tsx'))
const PrivacyMenu = lazy(() => import('./privacy/PrivacyMenu.tsx'))

/** What is seldom done with a customer: one menu, of what the reader may. */
export default function MoreMenu({ customer }: { customer: Pick<Customer, 'id' | 'name'> }) {
  const may = useMay()
  const [merging, setMerging] = useState(false)
  const items: MenuItem[] = may('customer:merge') ? [{ key: 'merge', label: w.mergeWith, onClick: () => setMerging(true) }] : []
  return (
    <Suspense>
      {may('customer:privacy') ? (
        <PrivacyMenu customer={customer} above={items} />
      ) : (
        items.length > 0 && (
          <Menu items={items}>
            <Button icon={<IconDots size={16} stroke={1.75} />} aria-label={w.more} />
          </Menu>
        )
      )}
      {merging && <MergeWith customer={customer} close={() => setMerging(false)} />}
    </Suspense>
  )
}
