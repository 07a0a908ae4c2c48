import { sql } from 'kysely'
import { invitations } from '#contract/invitations.ts'
import { surveys } from '#contract/surveys.ts'
import { savedList } from '#kernel/lists.ts'
import { countable } from './invitations.ts'
import { visibleRatings } from './queries.ts'

export const lists = [
  savedList({
    name: 'ratings',
    endpoint: surveys.ratings,
    columns: ['score', 'words', 'customer', 'agentName', 'queue', 'task', 'ratedAt'],
    count: {
      noun: 'rating',
      way: () => 'kept',
      rows: (ctx, { agentId, maxScore }) => {
        let rows = visibleRatings(ctx).select('r.id')
        if (agentId) rows = rows.where('r.agentId', '=', agentId)
        if (maxScore !== undefined) rows = rows.where(sql<boolean>`r.score <= ${maxScore}`)
        return rows
      },
    },
  }),
  savedList({
    name: 'invitations',
    endpoint: invitations.list,
    columns: ['customer', 'matter', 'way', 'state', 'why', 'madeAt'],
    count: { noun: 'invitation', way: () => 'kept', rows: countable },
  }),
]
