import { Form, InputNumber, Select } from 'antd'
import { opportunityStages } from '#contract/sales.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { useFetch } from '../kit/data.ts'
import { column } from '../settings/column.ts'
import { NameField } from '../settings/fields.tsx'
import { orderColumn } from '../settings/Moves.tsx'
import { w as settings } from '../settings/words.ts'
import { kindWord, w } from './words.ts'

const tones = { open: 'ac', won: 'ok', lost: '' } as const

export default function StagesPage() {
  const rows = useFetch(opportunityStages.list, { query: {} }).data ?? []
  return (
    <CatalogPage
      of={opportunityStages}
      title={w.stages}
      adding={w.addStage}
      hint={w.stagesHint}
      empty={{ title: w.noStages, hint: w.noStagesHint }}
      fresh={{ kind: 'open', chance: 20, position: rows.length + 1 }}
      columns={[
        column(opportunityStages, 'name', settings.name, s => <b className="m5">{s.name}</b>),
        column(opportunityStages, 'nameEn', settings.nameEn, s => <span lang="en">{s.nameEn}</span>),
        column(opportunityStages, 'kind', w.kind, s => <span className={`tag ${tones[s.kind]}`}>{kindWord(s.kind)}</span>, 120),
        column(opportunityStages, 'chance', w.chance, s => `${s.chance} %`, 96),
        orderColumn(opportunityStages, rows),
      ]}
      fields={
        <>
          <NameField />
          <Form.Item name="kind" label={w.kind}>
            <Select options={(['open', 'won', 'lost'] as const).map(value => ({ value, label: kindWord(value) }))} />
          </Form.Item>
          <Form.Item name="chance" label={w.chance} extra={w.chanceHint}>
            <InputNumber min={0} max={100} precision={0} suffix="%" />
          </Form.Item>
        </>
      }
    />
  )
}
