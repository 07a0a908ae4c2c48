import { type NoticeKind, tells } from '#kernel/notices.ts'
import { documentMade } from './events.ts'
import { sentTo } from './queries.ts'

const sent: NoticeKind = {
  key: 'document.sent',
  group: ['文档', 'Documents'],
  may: 'document:read',
  toDoer: true,
  mail: true,
  name: ['给我的定期报告', 'Recurring reports for me'],
  says: ['定期报告已做好：{title}', 'A recurring report is there: {title}'],
}

export const notices = [
  tells(
    documentMade,
    sent,
    async (ctx, { about }) => {
      const { title, people } = await sentTo(ctx, about)
      return title === null ? null : { to: { people }, link: `/documents/${about}`, facts: { title } }
    },
    ({ scheduleId, number }) => scheduleId !== null && number === 1,
  ),
]
