import { Form, Segmented } from 'antd'
import { Priority, ticketCategories } from '#contract/tickets.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { PriorityBars, w as parts } from '../kit/parts.tsx'
import { nameOf } from '../kit/words.ts'
import { b } from './business.words.ts'
import { column } from './column.ts'
import {
  CategoryPick,
  DepartmentPick,
  KindPick,
  MinutesField,
  minutesText,
  NameField,
  useCategories,
  useDepartments,
  useKinds,
} from './fields.tsx'
import { orderColumn } from './Moves.tsx'
import { w } from './words.ts'

export default function TicketCategoriesPage() {
  const kinds = useKinds()
  const departments = useDepartments()
  const all = useCategories()
  const named = (rows: readonly { id: string; name: string; nameEn?: string }[], id: string | null) => {
    const row = rows.find(r => r.id === id)
    return row ? nameOf(row) : ''
  }
  const kindAt = (c: Record<string, unknown>) => kinds.findIndex(k => k.id === c.kindId)
  return (
    <CatalogPage
      of={ticketCategories}
      before={(a, b) => kindAt(a) - kindAt(b)}
      title={w.categories}
      adding={w.addCategory}
      hint={w.categoriesHint}
      empty={{ title: b.noCategories, hint: b.noCategoriesHint }}
      fresh={{ priority: 'normal', position: all.length }}
      columns={[
        column(ticketCategories, 'kind', w.kind, c => <span className="tag">{named(kinds, c.kindId)}</span>, 110),
        column(ticketCategories, 'name', w.name, c => (
          <>
            {c.parentId && <span className="t3">{named(all, c.parentId)} › </span>}
            <b className="m5">{nameOf(c)}</b>
          </>
        )),
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
        orderColumn(ticketCategories, all, (a, b) => a.kindId === b.kindId && a.parentId === b.parentId),
      ]}
      fields={
        <>
          <KindPick name="kindId" label={w.kind} required />
          <NameField />
          <Above />
          <DepartmentPick name="departmentId" label={w.dispatchTo} placeholder={w.dispatchHand} />
          <Form.Item name="priority" label={w.priority}>
            <Segmented options={Priority.options.map(value => ({ value, label: parts[value] }))} />
          </Form.Item>
          <MinutesField name="targetMinutes" label={w.targetMinutes} extra={w.targetMinutesHint} optional />
        </>
      }
    />
  )
}

/** Another of the same kind. */
function Above() {
  const form = Form.useFormInstance()
  const kindId: unknown = Form.useWatch('kindId')
  const id: unknown = form.getFieldValue('id')
  return (
    <CategoryPick
      name="parentId"
      label={b.aboveCategory}
      placeholder={w.topLevel}
      kindId={kindId}
      without={typeof id === 'string' ? id : undefined}
    />
  )
}
