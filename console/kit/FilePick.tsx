import { type ReactNode, useRef } from 'react'

type Props = {
  pick: (files: readonly File[]) => void
  /** Said of the field to whoever does not see the button. */
  name?: string
  accept?: string
  single?: boolean
  /** The button that opens it. */
  children: (open: () => void) => ReactNode
}

/** Files of this machine, chosen by a button of the page's own; the same file may be chosen again. */
export function FilePick({ pick, name, accept, single = false, children }: Props) {
  const field = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={field}
        type="file"
        // Within a form antd shows such a field, hidden or not.
        style={{ display: 'none' }}
        multiple={!single}
        {...(accept ? { accept } : {})}
        {...(name ? { 'aria-label': name } : {})}
        onChange={event => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          if (files.length > 0) pick(files)
        }}
      />
      {children(() => field.current?.click())}
    </>
  )
}
