import { Button } from 'antd'
import type { ReactNode } from 'react'
import { IconPlus } from './icons.ts'
import './heard.css'

/** In a drawer, by itself, or in the column beside a talk. */
export type HeardLook = 'plain' | 'card' | 'sec'
type Props = {
  title: string
  icon: ReactNode
  look: HeardLook
  /** What adding one is called; null where that is not theirs to do. */
  add: string | null
  adding: () => void
  lines: readonly { id: string; title: string; end: ReactNode }[]
  open: (id: string) => void
}

/** What came out of a contact, a call or a ticket, a line each, and one more written down where it is heard. */
export function HeardHere({ title, icon, look, add, adding, lines, open }: Props) {
  if (!add && lines.length === 0) return null
  return (
    <section className={look === 'plain' ? '' : look} aria-label={title}>
      <header className={look === 'sec' ? 'sech' : look === 'plain' ? 'row' : ''}>
        {look !== 'plain' && icon}
        <h3>{title}</h3>
        {add && (
          <Button className="end" size="small" type="text" icon={<IconPlus size={14} />} onClick={adding}>
            {add}
          </Button>
        )}
      </header>
      {lines.length > 0 && (
        <ul className={look === 'card' ? 'body heardlines' : 'heardlines'}>
          {lines.map(line => (
            <li key={line.id}>
              <button type="button" className="plain row" onClick={() => open(line.id)}>
                <span className="cut grow">{line.title}</span>
                {line.end}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
