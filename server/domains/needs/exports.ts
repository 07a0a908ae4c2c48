import { needExports } from '#contract/lists.ts'
import { needStateWords } from '#contract/words.ts'
import { heldSql, holdSegment, holdsAny, letGo } from '#domains/customers/index.ts'
import { listExport } from '#kernel/exports.ts'
import { listNeeds } from './queries.ts'

/** One more voice while the file is written would carry a need to where it is still to be read, or to where it was: such orders are written by when it was first said. */
const still = (sort: Parameters<typeof listNeeds>[1]['sort']) =>
  sort === 'changed' || sort === 'opened' ? ('opened' as const) : ('-opened' as const)

export const exports = [
  listExport({
    noun: 'needs',
    name: ['需求', 'Needs'],
    asks: needExports,
    // Who is in a segment is asked once, as for customers.
    page: async (ctx, query, { id, isFirst }) => {
      if (query.segment && (isFirst || !(await holdsAny(ctx, id)))) await holdSegment(ctx, id, query.segment)
      const page = await listNeeds(ctx, { ...query, sort: still(query.sort) }, query.segment ? heldSql(ctx, id) : undefined)
      const templates = await ctx.db.selectFrom('needs.template').select(['id', 'name', 'nameEn']).execute()
      return { ...page, rows: page.rows.map(row => ({ ...row, template: templates.find(t => t.id === row.templateId) })) }
    },
    over: letGo,
    columns: {
      title: { title: ['需求', 'Need'], value: row => row.title },
      text: { title: ['说明', 'In words'], value: row => row.text },
      voices: { title: ['提出人数', 'How many asked'], value: row => row.voices },
      state: { title: ['状态', 'State'], value: (row, say) => say(needStateWords[row.state]) },
      template: {
        title: ['模板', 'Template'],
        value: (row, say) => row.template && say([row.template.name, row.template.nameEn || row.template.name]),
      },
      department: { title: ['部门', 'Department'], value: row => row.departmentName },
      owner: { title: ['负责人', 'Owner'], value: row => row.ownerName },
      answer: { title: ['答复', 'Answer'], value: row => row.answer },
      answeredAt: { title: ['答复时间', 'Answered'], value: row => row.answeredAt },
      openedAt: { title: ['提出时间', 'First said'], value: row => row.openedAt },
    },
  }),
]
