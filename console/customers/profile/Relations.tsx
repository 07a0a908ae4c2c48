import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { Customer } from '#contract/customers.ts'
import { profile, type Relation } from '#contract/profile.ts'
import { useMay } from '../../app/me.ts'
import { useAct, useFetch } from '../../kit/data.ts'
import { IconPlus } from '../../kit/icons.ts'
import { Avatar, Failure, Sep } from '../../kit/parts.tsx'
import { undoable } from '../../kit/undo.tsx'
import { More } from './ProfileCard.tsx'
import { otherWord, w } from './words.ts'

const RelationForm = lazy(() => import('./RelationForm.tsx'))

/** Who speaks for an organisation, who lives together, what belongs to what: seen from this customer. */
export function Relations({ customer }: { customer: Customer }) {
  const may = useMay()
  const [open, setOpen] = useState<Relation | 'new' | null>(null)
  const { data, error, refetch } = useFetch(profile.read, { id: customer.id }, { keep: false })
  const writes = may('customer:write')
  const rows = data?.relations ?? []
  const title = customer.kind === 'organisation' ? w.contactsOf : w.relations
  if (!writes && rows.length === 0 && !error) return null
  return (
    <section className="card" aria-label={title}>
      <header>
        <h3>{title}</h3>
        {rows.length > 0 && <span className="badge n">{rows.length}</span>}
        {writes && (
          <Button
            className="end"
            type="text"
            size="small"
            icon={<IconPlus size={16} stroke={1.75} />}
            aria-label={w.relate}
            title={w.relate}
            onClick={() => setOpen('new')}
          />
        )}
      </header>
      <ul className="body col relations">
        {error && <Failure error={error} retry={() => void refetch()} />}
        {data && rows.length === 0 && <li className="t3">{w.noRelations}</li>}
        {rows.map(relation => (
          <One key={relation.id} customerId={customer.id} relation={relation} version={data?.version ?? 0} open={writes ? setOpen : null} />
        ))}
      </ul>
      <Suspense>
        {open !== null && data && (
          <RelationForm customer={customer} relation={open === 'new' ? null : open} profileSeen={data} close={() => setOpen(null)} />
        )}
      </Suspense>
    </section>
  )
}

type Props = { customerId: string; relation: Relation; version: number; open: ((relation: Relation) => void) | null }
function One({ customerId: id, relation: r, version, open }: Props) {
  const change = useAct(profile.changeRelation)
  const end = useAct(profile.unrelate)
  const again = useAct(profile.relate)
  const takeAway = async () => {
    if (!(await end.act({ id, relationId: r.id }))) return
    const { kind, side, role, main, other } = r
    undoable(w.unrelated(other.name), () => void again.act({ id, body: { otherId: other.id, kind, side, role, main } }))
  }
  return (
    <li className="held">
      <Avatar name={r.other.name} />
      <span className="grow">
        <span className="row wrap" style={{ gap: '2px 6px' }}>
          <Link to={`/customers/${r.other.id}`} className="m5">
            {r.other.name}
          </Link>
          {r.main && (
            <span className="tag ac" title={w.mainContact}>
              {w.main}
            </span>
          )}
        </span>
        <span className="t3 f12 block">
          {otherWord(r.kind, r.side)}
          {r.role && (
            <>
              <Sep />
              {r.role}
            </>
          )}
        </span>
        {r.other.phone && <span className="t3 f12 block">{r.other.phone}</span>}
      </span>
      {open && (
        <More
          what={r.other.name}
          items={[
            ...(r.kind === 'contact' && !r.main
              ? [
                  {
                    key: 'main',
                    label: w.makeMainContact,
                    onClick: () => void change.act({ id, relationId: r.id, body: { version, main: true } }),
                  },
                ]
              : []),
            { key: 'role', label: w.changeRole, onClick: () => open(r) },
            { key: 'remove', label: w.remove, onClick: () => void takeAway() },
          ]}
        />
      )}
    </li>
  )
}
