import { Popover } from 'antd'
import { type KeyboardEvent, type ReactElement, type ReactNode, useEffect, useRef, useState } from 'react'

export type MenuItem =
  | { type: 'divider' }
  | {
      type?: never
      key: string
      label: ReactNode
      icon?: ReactNode
      chosen?: boolean
      disabled?: boolean
      stays?: boolean
      onClick?: () => void
    }

/** What a button offers: opened by a click or Enter, walked with the arrows, left with Esc. A hundredth of antd's menu, which every page would carry. */
export function Menu({
  items,
  children,
  disabled,
  placement = 'bottomRight',
}: {
  items: readonly MenuItem[]
  children: ReactElement
  disabled?: boolean
  placement?: 'bottomRight' | 'bottomLeft'
}) {
  const [open, setOpen] = useState(false)
  // Opened again while it still fades, it is a new one all the same.
  const [opening, count] = useState(0)
  return (
    <Popover
      trigger="click"
      placement={placement}
      arrow={false}
      destroyOnHidden
      open={open && !disabled}
      onOpenChange={next => {
        if (next) count(n => n + 1)
        setOpen(next)
      }}
      classNames={{ root: 'menupop' }}
      content={<Items key={opening} items={items} close={() => setOpen(false)} />}
    >
      {children}
    </Popover>
  )
}

const buttonsOf = (list: HTMLElement | null) => [...(list?.querySelectorAll<HTMLElement>('button:not(:disabled)') ?? [])]

function Items({ items, close }: { items: readonly MenuItem[]; close: () => void }) {
  const list = useRef<HTMLDivElement>(null)
  // What is offered later waits for the next opening: nothing moves under a finger that is on its way.
  const [offered] = useState(() => new Set(items.map(item => item.type ?? item.key)))
  useEffect(() => {
    const opener = document.activeElement
    const all = buttonsOf(list.current)
    // The popover is placed one frame later; focusing before would scroll to where it is not.
    const frame = requestAnimationFrame(() =>
      (all.find(b => b.getAttribute('aria-checked') === 'true') ?? all[0])?.focus({ preventScroll: true }),
    )
    return () => {
      cancelAnimationFrame(frame)
      // Unless what was chosen has taken the focus elsewhere.
      if (opener instanceof HTMLElement && document.activeElement === document.body) opener.focus({ preventScroll: true })
    }
  }, [])
  const press = (event: KeyboardEvent) => {
    const all = buttonsOf(list.current)
    const at = all.findIndex(b => b.matches(':focus'))
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
    if (to !== undefined) all.at(to % all.length)?.focus()
    else if (event.key === 'Escape' || event.key === 'Tab') close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="menu" role="menu" tabIndex={-1} ref={list} onKeyDown={press}>
      {items.map((item, i) =>
        item.type === 'divider' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity
          <hr key={i} />
        ) : !offered.has(item.key) ? null : (
          <button
            key={item.key}
            type="button"
            role={item.chosen === undefined ? 'menuitem' : 'menuitemradio'}
            {...(item.chosen === undefined ? {} : { 'aria-checked': item.chosen })}
            disabled={item.disabled}
            onClick={() => {
              if (!item.stays) close()
              item.onClick?.()
            }}
          >
            {item.icon}
            <span className="grow">{item.label}</span>
            {item.chosen && <span aria-hidden="true">✓</span>}
          </button>
        ),
      )}
    </div>
  )
}
