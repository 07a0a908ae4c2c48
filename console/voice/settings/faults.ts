import type { FlowFault } from '#contract/flows.ts'
import { words } from '../../kit/words.ts'

const f = words({
  no_first: ['还没有步骤', 'There is no step yet'],
  leads_nowhere: ['有一个出口没有连接', 'One of its ways leads nowhere'],
  dangling: ['连接的步骤已删除', 'It leads to a step that is gone'],
  key_twice: ['两个步骤重复', 'Two steps are the same'],
  unreachable: ['从开始走不到这里', 'No call gets here'],
  endless: ['在这里会一直打转', 'Calls would go round and round here'],
  no_sound: ['没有播报内容', 'Nothing is heard here'],
  one_language: ['中文和英文都要写', 'Write it in both languages'],
  min_over_max: ['最少位数大于最多位数', 'At least is more than at most'],
  no_options: ['没有按键', 'It has no keys'],
  same_key: ['两个选项是同一个键', 'Two options have the same key'],
  no_number: ['没有写转到哪个号码', 'Say which number'],
  queue_gone: ['用到的队列已停用', 'Its queue is gone'],
  queue_other_channel: ['这个队列不接电话', 'Its queue takes no calls'],
  sound_gone: ['用到的提示音已停用', 'Its announcement is gone'],
  calendar_gone: ['用到的工作时间已停用', 'Its working hours are gone'],
  other: ['这里不能这样', 'This does not fit here'],
})

/** What is wrong at a step, in a sentence. */
export function faultWord({ code }: Pick<FlowFault, 'code'>): string {
  const key = code.replace(/^flow\./, '')
  return Object.entries(f).find(([name]) => name === key)?.[1] ?? f.other
}
