import { Popover } from 'antd'
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react'
import { usePhone } from '../kit/useMedia.ts'

const Sheet = lazy(() => import('../kit/Sheet.tsx'))

/** As high as what it holds. */
const atFoot = { height: 'auto', maxHeight: '85dvh' }

type Props = { title: string; open: boolean; setOpen: (open: boolean) => void; content: ReactNode; children: ReactNode }

/** A drawer that is open beside a call takes back whatever focus it hears of: of this one it hears nothing. */
// biome-ignore lint/a11y/noStaticElementInteractions: nothing is done with it
const Apart = ({ children }: { children: ReactNode }) => <div onFocus={event => event.stopPropagation()}>{children}</div>

/** Below its button, which opens it; on a phone at the foot of the screen. */
export function Panel({ title, open, setOpen, content, children }: Props) {
  const phone = usePhone()
  const button = useRef<HTMLSpanElement>(null)
  const was = useRef(open)
  useEffect(() => {
    // Whoever worked in it goes on at its button; the next key is not typed into what fades away.
    const at = document.activeElement
    if (was.current && !open && (at === document.body || at?.closest('.ant-popover')))
      button.current?.querySelector('button')?.focus({ preventScroll: true })
    was.current = open
  }, [open])
  if (!phone)
    return (
      <Popover trigger="click" placement="bottom" destroyOnHidden open={open} onOpenChange={setOpen} content={<Apart>{content}</Apart>}>
        <span ref={button}>{children}</span>
      </Popover>
    )
  return (
    <>
      {children}
      {open && (
        <Suspense>
          <Sheet title={title} placement="bottom" styles={{ wrapper: atFoot }} open onClose={() => setOpen(false)}>
            {content}
          </Sheet>
        </Suspense>
      )}
    </>
  )
}
