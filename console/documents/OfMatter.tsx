import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { documents } from '#contract/documents.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { IconFileText } from '../kit/icons.ts'
import { Failure } from '../kit/parts.tsx'
import { clockTime } from '../kit/time.ts'
import { type About, MakeDocument } from './MakeDocument.tsx'
import { StateTag } from './state.tsx'
import { w } from './words.ts'

/** What was written about one thing, and the next letter or report. */
export function OfMatter({ about }: { about: About }) {
  const may = useMay()
  const [writing, setWriting] = useState(false)
  const { data, error, refetch } = useFetch(
    documents.list,
    { query: { ...(about.kind === 'customer' ? { customerId: about.id } : { matterId: about.id }), size: 10 } },
    { keep: false },
  )
  useFresh('document', 'documents')
  const rows = data?.rows ?? []
  const writes = may('document:write')
  if (!writes && rows.length === 0) return null
  return (
    <section className="card" aria-label={w.title}>
      <header>
        <IconFileText size={16} stroke={1.75} />
        <h3>{w.title}</h3>
        {writes && (
          <Button className="end" type="text" size="small" onClick={() => setWriting(true)}>
            {about.kind === 'finding' ? w.make : w.letter}
          </Button>
        )}
      </header>
      <ul className="body col">
        {error && <Failure error={error} retry={() => void refetch()} />}
        {data && rows.length === 0 && <li className="t3">{w.nothing}</li>}
        {rows.map(d => (
          <li key={d.id}>
            <Link to={`/documents/${d.id}`} className="row related">
              <span className="cut grow">{d.title}</span>
              {d.state === 'made' ? (
                <span className="t3 f12 nowrap">
                  {w.version(d.versions)}
                  <i className="sep" />
                  {clockTime(d.madeAt)}
                </span>
              ) : (
                <StateTag state={d.state} />
              )}
            </Link>
          </li>
        ))}
        {data?.next && (
          <li>
            <Link to="/documents" search={about.kind === 'customer' ? { customerId: about.id } : { matterId: about.id }}>
              {w.seeAll}
            </Link>
          </li>
        )}
      </ul>
      {writing && <MakeDocument close={() => setWriting(false)} about={about} />}
    </section>
  )
}
