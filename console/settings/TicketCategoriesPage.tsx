import { Form, Segmented } from 'antd'
import { Priority, ticketCategories } from '#contract/tickets.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { PriorityBars, w as parts } from '../kit/parts.tsx'
import { nameOf } from '../kit/words.ts'
import { column } from './column.ts'
import { DepartmentPick, KindPick, MinutesField, minutesText, NameField, PositionField, useDepartments, useKinds } from './fields.tsx'
import { w } from './words.ts'

export default function TicketCategoriesPage() {
  const kinds = useKinds()
  const departments = useDepartments()
  const named = (rows: readonly { id: string; name: string; nameEn?: string }[], id: string | null) => {
    const row = rows.find(r => r.id === id)
    return row ? nameOf(row) : ''
  }
  return (
    <CatalogPage
      of={ticketCategories}
      title={w.categories}
      hint={w.categoriesHint}
      fresh={{ priority: 'normal', position: 0 }}
      columns={[
        column(ticketCategories, 'kind', w.kind, c => <span className="tag">{named(kinds, c.kindId)}</span>, 110),
        column(ticketCategories, 'name', w.name, c => nameOf(c)),
        column(
          ticketCategories,
          'department',
          w.dispatchTo,
          c => named(departments, c.departmentId) || <span className="t3">{w.dispatchHand}</span>,
        ),
        column(
          ticketCategories,
          'priority',
          w.priority,
          c => (
            <span className="row">
              <PriorityBars priority={c.priority} />
              {parts[c.priority]}
            </span>
          ),
          110,
        ),
        column(
          ticketCategories,
          'target',
          w.targetMinutes,
          c => (c.targetMinutes === null ? <span className="t3">{w.asKind}</span> : minutesText(c.targetMinutes)),
          120,
        ),
      ]}
      fields={
        <>
          <KindPick name="kindId" label={w.kind} required />
          <NameField />
          <DepartmentPick name="departmentId" label={w.dispatchTo} placeholder={w.dispatchHand} />
          <Form.Item name="priority" label={w.priority}>
            <Segmented options={Priority.options.map(value => ({ value, label: parts[value] }))} />
          </Form.Item>
          <MinutesField name="targetMinutes" label={w.targetMinutes} extra={w.targetMinutesHint} optional />
          <PositionField />
        </>
      }
    />
  )
}
