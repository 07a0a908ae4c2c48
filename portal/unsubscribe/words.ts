import type { ConsentPurpose } from '#contract/outgoing.ts'
import type { Language } from '../kit/language.ts'

const zh = {
  page: '退订',
  language: 'English',
  kinds: { notice: '服务通知', survey: '满意度调查', marketing: '活动和优惠' } satisfies Record<ConsentPurpose, string>,
  question: (kind: string) => `不再接收${kind}邮件？`,
  what: (address: string) => `发到 ${address} 的这类邮件不会再有。工单进展等您需要的消息照常发送。`,
  confirm: '确认退订',
  done: '已退订',
  doneWhat: (kind: string, address: string) => `${kind}邮件不再发到 ${address}。`,
  undo: '继续接收',
  again: '已恢复',
  againWhat: (kind: string, address: string) => `${kind}邮件会继续发到 ${address}。`,
  invalid: '这个链接打不开',
  invalidWhy: '链接不完整。从邮件里重新打开，或联系客服。',
  unreachable: '暂时连不上',
  unreachableWhy: '检查一下网络，再试一次。',
  retry: '再试一次',
  failed: '没有办成，再试一次',
  loading: '正在打开',
}
const en: typeof zh = {
  page: 'Unsubscribe',
  language: '中文',
  kinds: { notice: 'service notices', survey: 'surveys', marketing: 'offers' },
  question: kind => `No more mails with ${kind}?`,
  what: address => `Mails of this kind no longer go to ${address}. News of your requests still does.`,
  confirm: 'Unsubscribe',
  done: 'Unsubscribed',
  doneWhat: (kind, address) => `No more mails with ${kind} go to ${address}.`,
  undo: 'Keep receiving them',
  again: 'Subscribed again',
  againWhat: (kind, address) => `Mails with ${kind} go on to ${address}.`,
  invalid: 'This link does not open',
  invalidWhy: 'It is incomplete. Open it again from the mail, or contact us.',
  unreachable: 'Cannot be reached right now',
  unreachableWhy: 'Check your network and try again.',
  retry: 'Try again',
  failed: 'That did not work, try again',
  loading: 'Opening',
}
export type Words = typeof zh
export const words: Record<Language, Words> = { zh, en }
