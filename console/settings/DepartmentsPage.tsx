import { Form, Switch } from 'antd'
import { departments } from '#contract/people.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { nameOf } from '../kit/words.ts'
import { b } from './business.words.ts'
import { column } from './column.ts'
import { CalendarPick, DepartmentPick, NameField, useDepartments } from './fields.tsx'
import { w } from './words.ts'

export default function DepartmentsPage() {
  const all = useDepartments()
  return (
    <CatalogPage
      of={departments}
      title={w.departments}
      adding={w.addDepartment}
      hint={w.departmentsHint}
      empty={{ title: b.noDepartments, hint: b.noDepartmentsHint }}
      fresh={{ takesTickets: true }}
      columns={[
        column(departments, 'name', w.name, d => d.name),
        column(departments, 'nameEn', w.nameEn, d => d.nameEn),
        column(departments, 'parent', w.parent, d => {
          const parent = all.find(other => other.id === d.parentId)
          return <span className="t2">{parent ? nameOf(parent) : w.topLevel}</span>
        }),
        column(
          departments,
          'takes',
          w.takesTickets,
          d => <span className={`tag ${d.takesTickets ? 'ok' : ''}`}>{d.takesTickets ? w.yes : w.no}</span>,
          120,
        ),
      ]}
      fields={
        <>
          <NameField />
          <DepartmentPick name="parentId" label={w.parent} placeholder={w.topLevel} />
          <CalendarPick name="calendarId" label={w.calendar} placeholder={w.calendarDefault} />
          <Form.Item name="takesTickets" label={w.takesTickets} valuePropName="checked">
            <Switch />
          </Form.Item>
        </>
      }
    />
  )
}
