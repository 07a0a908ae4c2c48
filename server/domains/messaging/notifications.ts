import { type NoticeKind, tells } from '#kernel/notices.ts'
import { providerDown } from './outgoing/events.ts'

const down: NoticeKind = {
  key: 'provider.down',
  group: ['外发', 'What goes out'],
  name: ['发送渠道不通', 'A way out is down'],
  says: ['{name} 连不上，消息在等', '{name} cannot be reached; messages wait'],
  may: 'message:configure',
  important: true,
}

export const notices = [
  tells(providerDown, down, async (_, { detail }) => ({
    to: { holders: true },
    link: '/settings/providers',
    facts: { name: detail.name },
  })),
]
