import { Form, Segmented } from 'antd'
import { presenceReasons } from '#contract/routing.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { b } from './business.words.ts'
import { column } from './column.ts'
import { NameField, PositionField } from './fields.tsx'
import { w } from './words.ts'

export default function PresenceReasonsPage() {
  return (
    <CatalogPage
      of={presenceReasons}
      title={w.presence}
      adding={w.addPresence}
      hint={w.presenceHint}
      empty={{ title: b.noPresence, hint: b.noPresenceHint }}
      fresh={{ state: 'break', position: 0 }}
      columns={[
        column(presenceReasons, 'name', w.name, r => r.name),
        column(presenceReasons, 'nameEn', w.nameEn, r => r.nameEn),
        column(
          presenceReasons,
          'state',
          w.reasonState,
          r => <span className={`tag ${r.state === 'break' ? 'wa' : 'ba'}`}>{r.state === 'break' ? w.break : w.busy}</span>,
          120,
        ),
      ]}
      fields={
        <>
          <NameField max={30} />
          <Form.Item name="state" label={w.reasonState}>
            <Segmented
              options={[
                { value: 'break', label: w.break },
                { value: 'busy', label: w.busy },
              ]}
            />
          </Form.Item>
          <PositionField />
        </>
      }
    />
  )
}
