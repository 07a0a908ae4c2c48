import { Form, Input } from 'antd'
import { recordKinds } from '#contract/records.ts'
import { CatalogPage } from '../../kit/CatalogPage.tsx'
import { call } from '../../kit/call.ts'
import { useFetch } from '../../kit/data.ts'
import { b } from '../../settings/business.words.ts'
import { column } from '../../settings/column.ts'
import { NameField } from '../../settings/fields.tsx'
import { KindFields } from '../../settings/KindFields.tsx'
import { Moves } from '../../settings/Moves.tsx'
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
        column(
          recordKinds,
          'order',
          b.order,
          k =>
            !k.retired && (
              <Moves
                of={recordKinds.list}
                siblings={kinds}
                id={k.id}
                save={(id, position) => call(recordKinds.change, { id, body: { position } })}
              />
            ),
          80,
        ),
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
