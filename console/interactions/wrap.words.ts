import { words } from '../kit/words.ts'

export const w = words({
  reason: ['联系原因', 'Reason'],
  outcome: ['结果', 'Outcome'],
  remark: ['小结', 'Summary'],
  remarkHint: ['选填', 'Optional'],
  chooseReason: ['选择或输入原因', 'Choose or type a reason'],
  guessed: ['推测', 'guess'],
  guessedWhy: ['本会话已建工单', 'A ticket was opened here'],
  guessedChoice: ['客户进入时选择', 'Chosen by the customer'],
  missing: ['还没选', 'Choose one'],
})
