import { Link } from '@tanstack/react-router'
import { Button, Popconfirm } from 'antd'
import { duplicates, type Merge } from '#contract/duplicates.ts'
import { useMay } from '../../app/me.ts'
import { useAct, useFetch } from '../../kit/data.ts'
import { IconCopy } from '../../kit/icons.ts'
import { Avatar, Failure } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { ago, full } from '../../kit/time.ts'
import { reasonWords, w } from './words.ts'
import './duplicates.css'

/** Under the name: that this customer may have another file. Nothing where there is none. */
export function MayBeTwice({ customerId, more }: { customerId: string; more: () => void }) {
  const pairs = useFetch(duplicates.ofCustomer, { id: customerId }, { keep: false }).data ?? []
  const [likeliest] = pairs
  if (!likeliest) return null
  const other = likeliest.a.id === customerId ? likeliest.b : likeliest.a
  return (
    <div className="row wrap twice">
      <span className="wac">
        <IconCopy size={14} />
      </span>
      <span title={reasonWords(likeliest.reasons, w.alikeBy(likeliest.score))}>
        {pairs.length === 1 ? w.mayBe(other.name) : w.mayBeSeveral(pairs.length)}
      </span>
      {pairs.length === 1 ? (
        <Link to="/customers/compare" search={{ keptId: customerId, goneId: other.id } as never}>
          {w.beside}
        </Link>
      ) : (
        <Button type="link" size="small" onClick={more}>
          {w.seeThem}
        </Button>
      )}
    </div>
  )
}

/** Who may be the same customer, and who was merged into this one. Nothing where there is neither. */
export function Duplicates({ customerId }: { customerId: string }) {
  const alike = useFetch(duplicates.ofCustomer, { id: customerId }, { keep: false })
  const joined = useFetch(duplicates.merges, { id: customerId }, { keep: false })
  const pairs = alike.data ?? []
  const merges = joined.data ?? []
  const error = alike.error ?? joined.error
  return (
    <>
      {error && (
        <section className="card" aria-label={w.title}>
          <header>
            <h3>{w.title}</h3>
          </header>
          <Failure error={error} retry={() => void Promise.all([alike.refetch(), joined.refetch()])} />
        </section>
      )}
      {pairs.length > 0 && (
        <section className="card" aria-label={w.title} id="duplicates">
          <header>
            <h3>{w.title}</h3>
          </header>
          <div className="body col">
            {pairs.map(pair => {
              const other = pair.a.id === customerId ? pair.b : pair.a
              return (
                <div key={pair.id} className="face">
                  <Avatar name={other.name} size={28} />
                  <span className="col">
                    <span className="cut">
                      <Link to={`/customers/${other.id}`}>{other.name}</Link> {other.phone && <span className="t3">· {other.phone}</span>}
                    </span>
                    <span className="t3 f12">{reasonWords(pair.reasons, w.alikeBy(pair.score))}</span>
                  </span>
                  <Link className="end" to="/customers/compare" search={{ keptId: customerId, goneId: other.id } as never}>
                    <Button size="small" tabIndex={-1}>
                      {w.compare}
                    </Button>
                  </Link>
                </div>
              )
            })}
          </div>
        </section>
      )}
      {merges.length > 0 && (
        <section className="card" aria-label={w.mergedHere}>
          <header>
            <h3>{w.mergedHere}</h3>
          </header>
          <div className="body col">
            {merges.map(merge => (
              <Merged key={merge.id} merge={merge} />
            ))}
          </div>
        </section>
      )}
    </>
  )
}

function Merged({ merge }: { merge: Merge }) {
  const may = useMay()
  const { act, acting } = useAct(duplicates.apart, {
    also: ['customers', 'customer-duplicates', 'customer-comparisons', 'interactions', 'tickets', 'tasks'],
    done: () => tell(w.isApart(merge.goneName)),
  })
  const button = (
    <Button size="small" className="end" loading={acting} disabled={!merge.last}>
      {w.apart}
    </Button>
  )
  return (
    <div className="face">
      <Avatar name={merge.goneName} size={28} />
      <span className="col">
        <span className="cut">
          {merge.goneName} <span className="t3">· {merge.goneNumber}</span>
        </span>
        <span className="t3 f12" title={full(merge.apartAt ?? merge.at)}>
          {merge.apartAt ? w.parted(ago(merge.apartAt)) : w.by(merge.byName ?? w.system, ago(merge.at))}
        </span>
      </span>
      {merge.apartAt === null &&
        may('customer:merge') &&
        (merge.last ? (
          <Popconfirm
            title={w.apartSure}
            description={<span className="apartwhy">{w.apartHow}</span>}
            okText={w.apart}
            cancelText={w.keepTogether}
            onConfirm={() => void act({ id: merge.id, body: { differ: true } })}
          >
            {button}
          </Popconfirm>
        ) : (
          <span className="end" title={w.laterFirst}>
            {button}
          </span>
        ))}
    </div>
  )
}
