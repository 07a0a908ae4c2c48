import { Form, Input } from 'antd'
import { recordKinds } from '#contract/records.ts'
import { CatalogPage } from '../../kit/CatalogPage.tsx'
import { useFetch } from '../../kit/data.ts'
import { column } from '../../settings/column.ts'
import { NameField } from '../../settings/fields.tsx'
import { KindFields } from '../../settings/KindFields.tsx'
import { orderColumn } from '../../settings/Moves.tsx'
import { w as s } from '../../settings/words.ts'
import { w } from './words.ts'

/** Kinds of things that customers have. */
export default function KindsPage() {
  const kinds = useFetch(recordKinds.list, { query: {} }).data ?? []
  return (
    <CatalogPage
      of={recordKinds}
      title={w.kinds}
      adding={w.addKind}
      hint={w.kindsHint}
      empty={{ title: w.noKinds, hint: w.noKindsHint }}
      width={920}
      fresh={{ position: kinds.length, fields: [] }}
      columns={[
        column(recordKinds, 'name', s.name, k => <b className="m5">{k.name}</b>),
        column(recordKinds, 'nameEn', s.nameEn, k => <span lang="en">{k.nameEn}</span>),
        column(recordKinds, 'code', w.code, k => <span className="tag">{k.code}</span>, 136),
        column(recordKinds, 'fields', s.fields, k => (k.fields.length ? s.fieldCount(k.fields.length) : s.none), 96),
        orderColumn(recordKinds, kinds),
      ]}
      fields={
        <>
          <div className="pairs">
            <NameField max={40} />
            <Form.Item
              name="code"
              label={w.code}
              extra={w.codeHint}
              rules={[{ required: true, pattern: /^[A-Z][A-Z0-9]{1,11}$/, message: w.codeBad }]}
            >
              <Input maxLength={12} style={{ width: 160 }} />
            </Form.Item>
          </div>
          <KindFields />
        </>
      }
    />
  )
}
