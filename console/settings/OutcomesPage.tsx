import { Form, Switch } from 'antd'
import { contactOutcomes } from '#contract/interactions.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { useFetch } from '../kit/data.ts'
import { b } from './business.words.ts'
import { column } from './column.ts'
import { NameField, QueueNames, QueuePick } from './fields.tsx'
import { orderColumn } from './Moves.tsx'
import { w } from './words.ts'

export default function OutcomesPage() {
  const rows = useFetch(contactOutcomes.list, { query: {} }).data ?? []
  return (
    <CatalogPage
      of={contactOutcomes}
      title={w.outcomes}
      adding={w.addOutcome}
      hint={w.outcomesHint}
      empty={{ title: b.noOutcomes, hint: b.noOutcomesHint }}
      fresh={{ resolved: true, position: rows.length, queueIds: [] }}
      columns={[
        column(contactOutcomes, 'name', w.name, o => <b className="m5">{o.name}</b>),
        column(contactOutcomes, 'nameEn', w.nameEn, o => <span lang="en">{o.nameEn}</span>),
        column(
          contactOutcomes,
          'resolved',
          w.solved,
          o => <span className={`tag ${o.resolved ? 'ok' : ''}`}>{o.resolved ? w.yes : w.no}</span>,
          120,
        ),
        column(contactOutcomes, 'queues', b.queues, o => <QueueNames ids={o.queueIds} />),
        orderColumn(contactOutcomes, rows),
      ]}
      fields={
        <>
          <NameField />
          <Form.Item name="resolved" label={w.solved} extra={w.solvedHint} valuePropName="checked">
            <Switch />
          </Form.Item>
          <QueuePick name="queueIds" label={b.queues} placeholder={b.everyQueue} extra={b.queuesHint} many />
        </>
      }
    />
  )
}
