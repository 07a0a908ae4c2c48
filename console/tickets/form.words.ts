import { words } from '../kit/words.ts'

export const w = words({
  title: ['新建工单', 'New ticket'],
  open: ['建单', 'Open'],
  openAndSend: ['建单并派单', 'Open and dispatch'],
  kind: ['类型', 'Kind'],
  category: ['分类', 'Category'],
  noCategory: ['不分类', 'None'],
  name: ['标题', 'Title'],
  text: ['内容', 'Content'],
  place: ['地点', 'Place'],
  priority: ['优先级', 'Priority'],
  department: ['派给部门', 'Dispatch to'],
  noDepartment: ['先受理，不派单', 'Accept only, dispatch later'],
  urgent: ['紧急', 'Urgent'],
  high: ['高', 'High'],
  normal: ['普通', 'Normal'],
  low: ['低', 'Low'],
  must: ['必填', 'Required'],
  guessed: ['推测', 'guess'],
  guessedWhy: [(word: string) => `客户提到“${word}”`, (word: string) => `The customer wrote “${word}”`],
  fromCustomer: ['取自客户资料', 'From the customer'],
  fromWords: ['取自会话', 'From the conversation'],
  customer: ['客户', 'Customer'],
  call: ['通话', 'Call'],
  /** Left out of a title, one pattern for both. */
  greeting: [
    '^(你好|您好|早上好|下午好|晚上好|hi|hello|good (morning|afternoon|evening))[,，。.!！~～ ]*',
    '^(你好|您好|早上好|下午好|晚上好|hi|hello|good (morning|afternoon|evening))[,，。.!！~～ ]*',
  ],
})
