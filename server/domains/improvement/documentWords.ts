import type { Effect, Verdict } from '#contract/improvement.ts'
import type { AttainmentState } from '#contract/standards.ts'

type Both = readonly [zh: string, en: string]
/** What a document says of states: the words of the console, which has its own. */
export const centreWords: Both = ['全中心', 'Whole centre']
export const channelWords: Readonly<Record<string, Both>> = {
  phone: ['电话', 'Phone'],
  chat: ['在线会话', 'Chat'],
  wechat: ['微信', 'WeChat'],
  mail: ['邮件', 'Mail'],
  sms: ['短信', 'SMS'],
  form: ['表单', 'Form'],
}
export const attainmentWords: Record<AttainmentState, Both> = {
  running: ['进行中', 'Under way'],
  attained: ['达成', 'Attained'],
  missed: ['未达成', 'Missed'],
  too_few: ['样本不足', 'Too few cases'],
}
export const verdictWords: Record<Verdict, Both> = {
  effective: ['有效', 'Effective'],
  not_effective: ['无效', 'Not effective'],
  undecided: ['未能判定', 'Undecided'],
  too_few: ['样本不足', 'Too few cases'],
}
export const testWords: Record<Effect['test'], Both> = {
  z: ['两比例 z 检验', 'Two-proportion z test'],
  welch: ['Welch t 检验', "Welch's t test"],
  ratio: ['泊松率比检验（精确）', 'Poisson rate ratio (exact)'],
}
