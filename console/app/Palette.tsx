import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Input, Modal } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { customers } from '#contract/customers.ts'
import { tickets } from '#contract/tickets.ts'
import { call } from '../kit/call.ts'
import { IconChevronRight, IconSearch, IconTicket, IconUser } from '../kit/icons.ts'
import { Empty } from '../kit/parts.tsx'
import { useAllCommands } from './commands.ts'
import { useMay } from './me.ts'
import { navigation } from './navigation.tsx'
import { w } from './words.ts'

type Hit = { id: string; icon: ReactNode; name: string; kind: string; run: () => void }

/** ⌘K: pages, commands, customers and tickets in one box; everything by keyboard. */
export function Palette({ open, close }: { open: boolean; close: () => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const go = useNavigate()
  const may = useMay()
  const commands = useAllCommands()
  const q = text.trim()
  const found = useQuery({
    queryKey: ['palette', q],
    enabled: open && q.length > 0,
    staleTime: 10_000,
    queryFn: async () => {
      const [people, work] = await Promise.all([
        may('customer:read') ? call(customers.list, { query: { q, size: 6 } }) : { rows: [] },
        may('ticket:read') ? call(tickets.list, { query: { q, box: 'all', size: 6 } }) : { rows: [] },
      ])
      return { people: people.rows, work: work.rows }
    },
  })
  useEffect(() => {
    if (open) {
      setText('')
      setAt(0)
    }
  }, [open])

  const fits = (name: string) => q === '' || name.toLowerCase().includes(q.toLowerCase())
  const hits: Hit[] = [
    ...(found.data?.work ?? []).map(t => ({
      id: t.id,
      icon: <IconTicket size={16} />,
      name: `${t.number} ${t.title}`,
      kind: w.ticket,
      run: () => {
        void go({ to: `/tickets/${t.id}` })
      },
    })),
    ...(found.data?.people ?? []).map(c => ({
      id: c.id,
      icon: <IconUser size={16} />,
      name: `${c.name} ${c.address}`,
      kind: w.customer,
      run: () => {
        void go({ to: `/customers/${c.id}` })
      },
    })),
    ...commands
      .filter(c => fits(c.name))
      .map(c => ({ id: c.id, icon: c.icon ?? <IconChevronRight size={16} />, name: c.name, kind: c.key ?? w.commands, run: c.run })),
    ...navigation
      .filter(n => may(n.may) && fits(n.name()))
      .map(n => ({
        id: n.path,
        icon: <n.icon size={16} />,
        name: n.name(),
        kind: w.pages,
        run: () => {
          void go({ to: n.path })
        },
      })),
  ]
  const chosen = Math.min(at, Math.max(0, hits.length - 1))
  const run = (hit: Hit | undefined) => {
    if (!hit) return
    close()
    hit.run()
  }
  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      closable={false}
      width={560}
      style={{ top: 96 }}
      destroyOnHidden
      title={null}
      aria-label={w.seek}
    >
      <div className="palette">
        <Input
          autoFocus
          variant="borderless"
          size="large"
          value={text}
          prefix={<IconSearch size={16} />}
          suffix={<kbd>Esc</kbd>}
          placeholder={w.seek}
          role="combobox"
          aria-expanded
          aria-controls="palette-hits"
          aria-activedescendant={hits[chosen] ? `hit-${hits[chosen].id}` : undefined}
          onChange={e => {
            setText(e.target.value)
            setAt(0)
          }}
          onKeyDown={e => {
            if (e.nativeEvent.isComposing) return
            if (e.key === 'ArrowDown') {
              e.preventDefault()
              setAt(Math.min(chosen + 1, hits.length - 1))
            }
            if (e.key === 'ArrowUp') {
              e.preventDefault()
              setAt(Math.max(chosen - 1, 0))
            }
            if (e.key === 'Enter') {
              e.preventDefault()
              run(hits[chosen])
            }
          }}
        />
        {hits.length === 0 && !found.isFetching ? (
          <Empty title={w.nothing} hint={w.nothingHint} />
        ) : (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keys
          <ul id="palette-hits" role="listbox">
            {hits.map((hit, i) => (
              <li
                key={hit.id}
                id={`hit-${hit.id}`}
                role="option"
                aria-selected={i === chosen}
                onMouseMove={() => setAt(i)}
                onClick={() => run(hit)}
              >
                {hit.icon}
                <span className="cut grow">{hit.name}</span>
                <span className="end">{hit.kind}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Modal>
  )
}
