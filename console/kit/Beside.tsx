import { Popover } from 'antd'
import { type ReactNode, Suspense, useState } from 'react'
import { within } from './within.ts'

type Props = {
  title: string
  /** What is asked; `close` once it is answered. */
  ask: (close: () => void) => ReactNode
  children: ReactNode
}

/** A question or two beside the button that leads to them; forgotten when left. */
export function Beside({ title, ask, children }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      trigger="click"
      autoAdjustOverflow={within}
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      title={title}
      content={<Suspense>{ask(() => setOpen(false))}</Suspense>}
    >
      {children}
    </Popover>
  )
}
