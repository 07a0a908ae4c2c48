import { contactReasons } from '#contract/interactions.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { useFetch } from '../kit/data.ts'
import { b } from './business.words.ts'
import { column } from './column.ts'
import { NameField, QueueNames, QueuePick, ReasonPick } from './fields.tsx'
import { orderColumn } from './Moves.tsx'
import { w } from './words.ts'

export default function ContactReasonsPage() {
  const rows = useFetch(contactReasons.list, { query: {} }).data ?? []
  const depth = (id: string | null, levels = 0): number => {
    const above = rows.find(r => r.id === id)
    return above && levels < 9 ? 1 + depth(above.parentId, levels + 1) : 0
  }
  return (
    <CatalogPage
      of={contactReasons}
      title={w.reasons}
      adding={w.addReason}
      hint={w.reasonsHint}
      empty={{ title: b.noReasons, hint: b.noReasonsHint }}
      fresh={{ position: rows.length, queueIds: [] }}
      columns={[
        column(contactReasons, 'name', w.name, r => (
          <span style={{ paddingInlineStart: depth(r.parentId) * 20 }}>
            {r.parentId === null ? <b className="m5">{r.name}</b> : r.name}
          </span>
        )),
        column(contactReasons, 'nameEn', w.nameEn, r => <span lang="en">{r.nameEn}</span>),
        column(contactReasons, 'queues', b.queues, r => <QueueNames ids={r.queueIds} />),
        orderColumn(contactReasons, rows, (a, b) => a.parentId === b.parentId),
      ]}
      fields={
        <>
          <NameField />
          <ReasonPick name="parentId" label={w.parent} placeholder={w.topLevel} />
          <QueuePick name="queueIds" label={b.queues} placeholder={b.everyQueue} extra={b.reasonQueuesHint} many />
        </>
      }
    />
  )
}
