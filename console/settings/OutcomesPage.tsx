import { Form, Switch } from 'antd'
import { contactOutcomes } from '#contract/interactions.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { column } from './column.ts'
import { NameField, PositionField } from './fields.tsx'
import { w } from './words.ts'

export default function OutcomesPage() {
  return (
    <CatalogPage
      of={contactOutcomes}
      title={w.outcomes}
      hint={w.outcomesHint}
      fresh={{ resolved: true, position: 0 }}
      columns={[
        column(contactOutcomes, 'name', w.name, o => o.name),
        column(contactOutcomes, 'nameEn', w.nameEn, o => o.nameEn),
        column(
          contactOutcomes,
          'resolved',
          w.solved,
          o => <span className={`tag ${o.resolved ? 'ok' : ''}`}>{o.resolved ? w.yes : w.no}</span>,
          140,
        ),
      ]}
      fields={
        <>
          <NameField />
          <Form.Item name="resolved" label={w.solved} extra={w.solvedHint} valuePropName="checked">
            <Switch />
          </Form.Item>
          <PositionField />
        </>
      }
    />
  )
}
