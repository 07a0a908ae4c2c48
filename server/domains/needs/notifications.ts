import { type Notice, type NoticeKind, type To, tells } from '#kernel/notices.ts'
import type { Ctx } from '#kernel/work.ts'
import { needCaptured, needChanged } from './events.ts'

const kind = (key: `need.${string}`, name: NoticeKind['name'], says: NoticeKind['says']): NoticeKind => ({
  key,
  group: ['需求', 'Needs'],
  name,
  says,
  may: 'need:read',
})
const given = kind('need.given', ['需求交给我', 'Need given to me'], ['需求“{title}”交给了您', '“{title}” was given to you'])
const sent = kind(
  'need.sent',
  ['需求交给本部门', 'Need given to my department'],
  ['需求“{title}”交给了您的部门', '“{title}” was given to your department'],
)

type Whose = { title: string; ownerId: string | null; departmentId: string | null }
async function about(ctx: Ctx, id: string, to: (need: Whose) => To | null): Promise<Notice | null> {
  const need = await ctx.db.selectFrom('needs.need').select(['title', 'ownerId', 'departmentId']).where('id', '=', id).executeTakeFirst()
  const whom = need ? to(need) : null
  return need && whom ? { to: whom, link: `/needs?need=${id}`, facts: { title: need.title } } : null
}

export const notices = [
  tells(
    needChanged,
    given,
    (ctx, { about: id }) => about(ctx, id, ({ ownerId }) => ({ people: [ownerId] })),
    ({ ownerId }) => typeof ownerId === 'string',
  ),
  // Whose hands it is in tells its department itself.
  tells(
    needChanged,
    sent,
    (ctx, { about: id }) => about(ctx, id, ({ ownerId, departmentId }) => (ownerId === null ? { departmentId } : null)),
    ({ departmentId }) => typeof departmentId === 'string',
  ),
  tells(needCaptured, sent, (ctx, { about: id }) => about(ctx, id, ({ departmentId }) => ({ departmentId }))),
]
