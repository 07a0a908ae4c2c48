import { useNavigate } from '@tanstack/react-router'
import { Button, type InputRef, Segmented } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { type Customer, customers, Tier } from '#contract/customers.ts'
import { useCommands } from '../app/commands.ts'
import { useMay } from '../app/me.ts'
import { useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconHeart, IconPlus } from '../kit/icons.ts'
import { ListBar, SeekBox } from '../kit/ListParts.tsx'
import { Avatar, Empty, Failure, Kbd, TierTag, tierWord, Waiting } from '../kit/parts.tsx'
import { ago, full, yuan } from '../kit/time.ts'
import { CustomerForm } from './CustomerForm.tsx'
import './customers.css'
import { careWord, kindWord, w } from './words.ts'

export default function CustomersPage() {
  const go = useNavigate()
  const may = useMay()
  const [filters, change] = useFilters(customers.list)
  const list = useListing(customers.list, filters)
  const [creating, setCreating] = useState(false)
  const [at, setAt] = useState(0)
  const seek = useRef<InputRef>(null)
  const mayWrite = may('customer:write')

  const place = JSON.stringify([filters, list.rows[0]?.id])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useEffect(() => setAt(0), [place])
  const cursor = Math.min(at, Math.max(0, list.rows.length - 1))
  const here = list.rows[cursor]
  const open = (id: string) => void go({ to: `/customers/${id}` })
  useHotkey('j', () => setAt(Math.min(cursor + 1, list.rows.length - 1)))
  useHotkey('k', () => setAt(Math.max(cursor - 1, 0)))
  useHotkey('enter', () => here && open(here.id), here !== undefined)
  useHotkey('/', () => seek.current?.focus())
  useHotkey('c', () => setCreating(true), mayWrite && !creating)
  useCommands(
    mayWrite ? [{ id: 'customers.new', name: w.create, key: 'C', icon: <IconPlus size={16} />, run: () => setCreating(true) }] : [],
    String(mayWrite),
  )

  return (
    <section className="listpage customers" aria-label={w.customers}>
      <header>
        <h1>{w.customers}</h1>
        <span className="t3 f12 nowrap">{w.byContact}</span>
        {mayWrite && (
          <Button className="end" type="primary" icon={<IconPlus size={16} />} onClick={() => setCreating(true)}>
            {w.create} <Kbd>C</Kbd>
          </Button>
        )}
      </header>
      <div className="filters">
        <SeekBox hint={w.seek} text={filters.q ?? ''} seek={q => change({ q })} field={seek} />
        <Segmented<string>
          aria-label={w.tier}
          value={filters.tier ?? 'all'}
          onChange={tier => change({ tier: tier === 'all' ? undefined : Tier.parse(tier) })}
          options={[{ value: 'all', label: w.all }, ...Tier.options.map(tier => ({ value: tier, label: tierWord(tier) }))]}
        />
      </div>
      {list.error && (
        <div style={{ padding: '0 24px 12px' }}>
          <Failure error={list.error} retry={list.refetch} readAt={list.readAt} />
        </div>
      )}
      <div className="scroll">
        {list.rows.length === 0 && list.error ? null : list.first ? (
          <Waiting rows={10} />
        ) : list.rows.length === 0 ? (
          filters.q || filters.tier ? (
            <Empty title={w.noneFound} hint={w.noneFoundHint}>
              <Button onClick={() => change({ q: undefined, tier: undefined })}>{w.clear}</Button>
            </Empty>
          ) : (
            <Empty title={w.none} hint={w.noneHint} />
          )
        ) : (
          <Rows rows={list.rows} cursor={cursor} open={open} />
        )}
      </div>
      {!(list.rows.length === 0 && list.error) && <ListBar list={list} />}
      {creating && <CustomerForm customer={null} close={() => setCreating(false)} saved={c => open(c.id)} />}
    </section>
  )
}

function Rows({ rows, cursor, open }: { rows: readonly Customer[]; cursor: number; open: (id: string) => void }) {
  const body = useRef<HTMLTableSectionElement>(null)
  useEffect(() => {
    body.current?.rows[cursor]?.scrollIntoView({ block: 'nearest' })
  }, [cursor])
  return (
    <table className="rows">
      <thead>
        <tr>
          <th className="name">{w.name}</th>
          <th className="tier">{w.tier}</th>
          <th className="no">{w.number}</th>
          <th className="phone">{w.phone}</th>
          <th className="address">{w.address}</th>
          <th className="care">{w.care}</th>
          <th className="due">{w.balance}</th>
          <th className="when">{w.lastContact}</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((c, i) => (
          <tr key={c.id} className={i === cursor ? 'at' : ''} onClick={() => open(c.id)}>
            <td className="name">
              <span className="row">
                <Avatar name={c.name} />
                <a
                  className="cut"
                  href={`/customers/${c.id}`}
                  onClick={e => {
                    if (e.metaKey || e.ctrlKey || e.shiftKey) e.stopPropagation()
                    else e.preventDefault()
                  }}
                >
                  {c.name}
                </a>
                {c.kind === 'organisation' && <span className="tag">{kindWord(c.kind)}</span>}
              </span>
            </td>
            <td className="tier">
              <TierTag tier={c.tier} />
            </td>
            <td className="no">{c.number}</td>
            <td className="phone">{c.phone ?? c.email}</td>
            <td className="address" title={`${c.district} ${c.address}`}>
              {c.district} {c.address}
            </td>
            <td className="care">
              {c.care.length > 0 && (
                <span className="row wac" style={{ gap: 4 }}>
                  <IconHeart size={14} />
                  <span className="cut">{c.care.map(careWord).join(' ')}</span>
                </span>
              )}
            </td>
            <td className={`due ${c.balanceDue > 0 ? 'bac' : ''}`}>{c.balanceDue > 0 ? yuan(c.balanceDue) : ''}</td>
            <td className="when">
              {c.lastContactAt ? (
                <time dateTime={c.lastContactAt.toISOString()} title={full(c.lastContactAt)}>
                  {ago(c.lastContactAt)}
                </time>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
