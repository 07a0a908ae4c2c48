import { Link } from '@tanstack/react-router'
import { documents } from '#contract/documents.ts'
import type { Run } from '#contract/runs.ts'
import { useFetch } from '../kit/data.ts'
import { w } from './words.ts'

/** From the work of making a document to the document, by its title. */
export default function Made({ run: { state, facts } }: { run: Run }) {
  const id = state === 'done' && typeof facts.documentId === 'string' ? facts.documentId : null
  const { data } = useFetch(documents.one, { id: id ?? '' }, { enabled: id !== null, staleTime: 300_000 })
  if (id === null) return null
  return (
    <Link className="cut" style={{ maxWidth: '60%' }} to={`/documents/${id}`} title={data?.title}>
      {data?.title ?? w.look}
    </Link>
  )
}
