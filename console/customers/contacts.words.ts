import { words } from '../kit/words.ts'

type Detail = Record<string, unknown>
/** Contacts, conversations and ratings, on the time line of their customer. */
export const eventWords = words({
  'interaction.opened': [() => '来访', () => 'Contact began'],
  'interaction.queued': [() => '进入排队', () => 'Queued'],
  'interaction.left': [() => '留了言', () => 'Left a message'],
  'interaction.moved': [() => '换了队列', () => 'Moved to another queue'],
  'interaction.answered': [() => '接入', () => 'Answered'],
  'interaction.ended': [() => '结束', () => 'Ended'],
  'interaction.wrapped': [() => '整理完毕', () => 'Wrapped up'],
  'interaction.noted': [() => '转出后补记', () => 'Noted by whoever handed it over'],
  'interaction.abandoned': [() => '排队时离开', () => 'Left while waiting'],
  'interaction.joined': [() => '确认为这位客户', () => 'Found to be this customer'],
  'interaction.rated': [(d: Detail) => `满意度 ${d.score} / 5`, (d: Detail) => `Rated ${d.score} / 5`],
  'conversation.started': [
    (d: Detail) => (d.left ? '非工作时间留言' : '发起会话'),
    (d: Detail) => (d.left ? 'Left a message out of hours' : 'Began a chat'),
  ],
  'conversation.accepted': [() => '接入会话', () => 'Chat accepted'],
  'conversation.handing': [() => '请同事接手', () => 'Asked a colleague to take over'],
  'conversation.handing_failed': [() => '无人接手', () => 'Nobody took over'],
  'conversation.transferred': [() => '已转接', () => 'Handed over'],
  'conversation.taken_over': [() => '主管接管', () => 'Taken over'],
  'conversation.identified': [() => '确认身份', () => 'Identified'],
  'conversation.abandoned': [() => '排队时离开', () => 'Left while waiting'],
  'conversation.ended': [
    (d: Detail) => (d.by === 'silence' ? '久无回应，会话结束' : d.by === 'customer' ? '客户结束会话' : '会话结束'),
    (d: Detail) => (d.by === 'silence' ? 'Ended after a long silence' : d.by === 'customer' ? 'Ended by the customer' : 'Chat ended'),
  ],
  'conversation.wrapped': [() => '整理完毕', () => 'Wrapped up'],
  'conversation.rated': [(d: Detail) => `满意度 ${d.score} / 5`, (d: Detail) => `Rated ${d.score} / 5`],
  'rating.given': [(d: Detail) => `满意度 ${d.score} / 5`, (d: Detail) => `Rated ${d.score} / 5`],
})
