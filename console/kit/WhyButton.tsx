import { Button, type ButtonProps, Input, Popover } from 'antd'
import { type ReactNode, useState } from 'react'
import { within } from './within.ts'

type Props = {
  /** What it does; stands on both buttons unless `doWord` says the second. */
  label: ReactNode
  doWord?: string
  title: string
  /** Does it with what was written; undefined or false: it was refused, and what was written stays. */
  act: (why: string) => Promise<unknown>
  acting: boolean
  /** It may be done without a word. */
  optional?: boolean
  placeholder?: string
  hint?: string
  /** As much as the server takes. */
  most?: number
  button?: Pick<ButtonProps, 'size' | 'type' | 'danger' | 'disabled'>
}

/** A button that asks why before it does what it says. */
export function WhyButton({ label, doWord, title, act, acting, optional = false, placeholder, hint, most = 300, button }: Props) {
  const [open, setOpen] = useState(false)
  const [why, setWhy] = useState('')
  const send = async () => {
    if (!optional && !why.trim()) return
    const done = await act(why.trim())
    if (done === undefined || done === false) return
    setOpen(false)
    setWhy('')
  }
  return (
    <Popover
      trigger="click"
      autoAdjustOverflow={within}
      open={open}
      onOpenChange={setOpen}
      title={title}
      content={
        <form
          className="col"
          style={{ width: 280, gap: 8 }}
          onSubmit={e => {
            e.preventDefault()
            void send()
          }}
        >
          <Input
            value={why}
            onChange={e => setWhy(e.target.value)}
            placeholder={placeholder}
            aria-label={placeholder ?? title}
            maxLength={most}
            autoFocus
          />
          {hint && <span className="t3 f12">{hint}</span>}
          <Button
            type="primary"
            htmlType="submit"
            danger={button?.danger ?? false}
            disabled={!optional && !why.trim()}
            loading={acting}
            style={{ alignSelf: 'start' }}
          >
            {doWord ?? label}
          </Button>
        </form>
      }
    >
      <Button {...button}>{label}</Button>
    </Popover>
  )
}
