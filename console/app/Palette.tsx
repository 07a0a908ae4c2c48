import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Modal } from 'antd'
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react'
import { type FoundCustomer, finding } from '#contract/finding.ts'
import { type TicketLine, tickets } from '#contract/tickets.ts'
import { AloneMark, FoundName, FoundReason } from '../customers/finding/Found.tsx'
import { call, type RefusalError } from '../kit/call.ts'
import { IconChevronRight, IconSearch, IconTicket, IconUser } from '../kit/icons.ts'
import { Failure, Kbd } from '../kit/parts.tsx'
import { useAllCommands } from './commands.ts'
import { useMay } from './me.ts'
import { navigation } from './navigation.tsx'
import { w } from './words.ts'

type Hit = { id: string; icon: ReactNode; name: ReactNode; more?: ReactNode; kind: string; run: () => void }

/** ⌘K: pages, commands, customers and tickets in one box; everything by keyboard. */
export default function Palette({ close }: { close: () => void }) {
  return (
    <Modal open onCancel={close} footer={null} closable={false} width={560} className="palette" style={{ top: 88 }} aria-label={w.seek}>
      <Box close={close} />
    </Modal>
  )
}

function Box({ close }: { close: () => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const q = useSettled(text.trim(), 120)
  const { hits, busy, error } = useHits(text.trim(), q)
  const chosen = Math.min(at, Math.max(0, hits.length - 1))
  // Whoever types a name and Enter at once means the first of the answer that is on its way, not what was found for fewer letters.
  const [entered, setEntered] = useState<string | null>(null)
  const run = (hit: Hit | undefined) => {
    if (!hit) return
    close()
    hit.run()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the answer is there
  useEffect(() => {
    if (entered === null || busy) return
    setEntered(null)
    if (entered === text) run(hits[0])
  }, [entered, busy])
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') setAt(chosen + 1 >= hits.length ? 0 : chosen + 1)
    else if (event.key === 'ArrowUp') setAt(chosen === 0 ? hits.length - 1 : chosen - 1)
    else if (event.key === 'Enter' && busy) setEntered(text)
    else if (event.key === 'Enter') run(hits[chosen])
    else return
    event.preventDefault()
  }
  return (
    <>
      <div className="ask">
        <IconSearch size={16} />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette is opened to be typed in
          autoFocus
          value={text}
          placeholder={w.seek}
          role="combobox"
          aria-label={w.seek}
          aria-expanded
          aria-controls="palette-hits"
          aria-activedescendant={hits[chosen] ? `hit-${hits[chosen].id}` : undefined}
          autoComplete="off"
          spellCheck={false}
          onChange={e => {
            setText(e.target.value)
            setAt(0)
          }}
          onKeyDown={press}
        />
        <kbd>Esc</kbd>
      </div>
      {error && <Failure error={error} />}
      <div id="palette-hits" role="listbox" className="hits" aria-busy={busy}>
        {hits.map((hit, i) => (
          <Row key={hit.id} hit={hit} chosen={i === chosen} point={() => setAt(i)} run={() => run(hit)} />
        ))}
      </div>
      {hits.length === 0 && !busy && (
        <div className="nohits" role="status">
          <b>{w.nothing}</b>
          {w.nothingHint}
        </div>
      )}
    </>
  )
}

function Row({ hit, chosen, point, run }: { hit: Hit; chosen: boolean; point: () => void; run: () => void }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keys
    <div
      id={`hit-${hit.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      ref={chosen ? place => place?.scrollIntoView({ block: 'nearest' }) : undefined}
      onMouseMove={point}
      onClick={run}
    >
      {hit.icon}
      <span className="cut grow">
        {hit.name}
        {hit.more && (
          <>
            <i className="sep" />
            <span className="t3">{hit.more}</span>
          </>
        )}
      </span>
      <span className="kind">
        {hit.kind}
        {chosen && (
          <>
            {' '}
            <Kbd>Enter</Kbd>
          </>
        )}
      </span>
    </div>
  )
}

/** What fits: tickets and customers of the settled text, pages and commands of the text as it stands. */
function useHits(text: string, settled: string) {
  const go = useNavigate()
  const may = useMay()
  const commands = useAllCommands()
  const asks = { enabled: settled.length > 0, staleTime: 10_000 }
  const work = useQuery<TicketLine[], RefusalError>({
    queryKey: ['palette', 'tickets', settled],
    ...asks,
    enabled: asks.enabled && may('ticket:read'),
    queryFn: async () => (await call(tickets.list, { query: { q: settled, box: 'all', size: 6 } })).rows,
  })
  const people = useQuery<FoundCustomer[], RefusalError>({
    queryKey: ['palette', 'customers', settled],
    ...asks,
    enabled: asks.enabled && may('customer:read'),
    queryFn: () => call(finding.find, { query: { q: settled, size: 8 } }),
  })
  const fits = (name: string) => name.toLowerCase().includes(text.toLowerCase())
  const customers = (text === '' ? [] : (people.data ?? [])).map(c => ({
    id: c.id,
    icon: <IconUser size={16} />,
    name: <FoundName of={c} />,
    more: (
      <>
        <AloneMark of={c} /> {c.why.by !== 'name' && <FoundReason of={c} />} {c.why.by !== 'address' && c.address}
      </>
    ),
    kind: w.customer,
    run: () => void go({ to: `/customers/${c.id}` }),
  }))
  const orders = (text === '' ? [] : (work.data ?? [])).map(t => ({
    id: t.id,
    icon: <IconTicket size={16} />,
    name: `${t.number} ${t.title}`,
    kind: w.ticket,
    run: () => void go({ to: `/tickets/${t.id}` }),
  }))
  const hits: Hit[] = [
    // A number of a work order means that one.
    ...(/^[A-Za-z]{2,4}-\d/.test(text) ? [...orders, ...customers] : [...customers, ...orders]),
    ...navigation
      .filter(n => may(n.may) && fits(n.name()))
      .map(n => ({ id: n.path.slice(1), icon: <n.icon size={16} />, name: n.name(), kind: w.pages, run: () => void go({ to: n.path }) })),
    ...commands
      .filter(c => fits(c.name))
      .map(c => ({ id: c.id, icon: c.icon ?? <IconChevronRight size={16} />, name: c.name, kind: c.key ?? w.commands, run: c.run })),
  ]
  return { hits, busy: work.isFetching || people.isFetching || text !== settled, error: work.error ?? people.error }
}

/** A value once it has stood still. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
