import { sql } from 'kysely'
import { documents } from '#contract/documents.ts'
import { actorId } from '#kernel/access.ts'
import { ofFamily } from '#kernel/family.ts'
import { savedList } from '#kernel/lists.ts'
import { visibleDocuments } from './queries.ts'

export const lists = [
  savedList({
    name: 'documents',
    endpoint: documents.list,
    columns: ['title', 'template', 'language', 'versions', 'state', 'by', 'madeAt'],
    count: {
      noun: 'document',
      way: ({ q, from, until, mine }) => (q || from || until ? 'none' : mine ? 'asked' : 'kept'),
      rows: (ctx, { templateId, matterId, customerId, madeById, mine }) => {
        let rows = visibleDocuments(ctx).select('d.id')
        if (templateId) rows = rows.where('d.templateId', '=', templateId)
        if (matterId) rows = rows.where('d.matterId', '=', matterId)
        if (customerId) rows = rows.where(ofFamily(ctx, sql`d.customer_id`, customerId))
        if (madeById) rows = rows.where('d.madeById', '=', madeById)
        return mine ? rows.where('d.madeById', '=', actorId(ctx.actor)) : rows
      },
    },
  }),
]
