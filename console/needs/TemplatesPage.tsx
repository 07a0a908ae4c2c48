import { needTemplates } from '#contract/needs.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { useFetch } from '../kit/data.ts'
import { nameOf } from '../kit/words.ts'
import { column } from '../settings/column.ts'
import { DepartmentPick, NameField, useDepartments } from '../settings/fields.tsx'
import { KindFields } from '../settings/KindFields.tsx'
import { orderColumn } from '../settings/Moves.tsx'
import { w as s } from '../settings/words.ts'
import { w } from './words.ts'

export default function TemplatesPage() {
  const rows = useFetch(needTemplates.list, { query: {} }).data ?? []
  const departments = useDepartments()
  return (
    <CatalogPage
      of={needTemplates}
      title={w.templates}
      adding={w.addTemplate}
      hint={w.templatesHint}
      empty={{ title: w.noTemplates, hint: w.noTemplatesHint }}
      width={920}
      fresh={{ position: rows.length, fields: [], departmentId: null }}
      columns={[
        column(needTemplates, 'name', s.name, t => <b className="m5">{t.name}</b>),
        column(needTemplates, 'nameEn', s.nameEn, t => <span lang="en">{t.nameEn}</span>),
        column(needTemplates, 'department', w.department, t => {
          const one = departments.find(d => d.id === t.departmentId)
          return one ? nameOf(one) : <span className="t3">{w.nobody}</span>
        }),
        column(needTemplates, 'fields', s.fields, t => (t.fields.length ? s.fieldCount(t.fields.length) : s.none), 96),
        orderColumn(needTemplates, rows),
      ]}
      fields={
        <>
          <div className="pairs">
            <NameField max={40} />
            <DepartmentPick name="departmentId" label={w.department} />
          </div>
          <KindFields />
        </>
      }
    />
  )
}
