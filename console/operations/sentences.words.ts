import { words } from '../kit/words.ts'

/** What each reaction makes true: the sentence it is registered under, in both languages. */
export const sentences = words({
  'forget which reactions ran two weeks ago': ['清除两周前的执行记录', 'Forget which reactions ran two weeks ago'],
  'clear away files that were uploaded and never sent': ['清理上传后没有发出的文件', 'Clear away files that were uploaded and never sent'],
  'count the quarter again': ['重算这一刻钟的数字', 'Count the quarter again'],
  'end a talk whose customer is gone': ['结束客户已离开的会话', 'End a talk whose customer is gone'],
  'end sessions that rested too long and forget failures of yesterday': [
    '结束闲置过久的登录，清除昨天的登录失败记录',
    'End sessions that rested too long and forget failures of yesterday',
  ],
  'forget sessions that ended and failures of yesterday': [
    '清除已结束的登录和昨天的登录失败记录',
    'Forget sessions that ended and failures of yesterday',
  ],
  'figures are counted whole where they are not': ['补算没有算全的数字', 'Figures are counted whole where they are not'],
  'figures follow the targets of the queues': ['数字随队列目标更新', 'Figures follow the targets of the queues'],
  'its handling is counted': ['把它的处理计入统计', 'Its handling is counted'],
  'its rating is counted': ['把它的评价计入统计', 'Its rating is counted'],
  'its wait is counted': ['把它的等待计入统计', 'Its wait is counted'],
  'mark a task that missed its time': ['标记超时的待办', 'Mark a task that missed its time'],
  'mark a ticket that missed its target': ['标记超时的工单', 'Mark a ticket that missed its target'],
  'record the rating and win back whoever was let down': [
    '记录评价，并安排低分回访',
    'Record the rating and win back whoever was let down',
  ],
  'take down the number racks of days gone by': ['清理往日的工单编号', 'Take down the number racks of days gone by'],
  'tell the customer in the chat': ['在聊天里告诉客户', 'Tell the customer in the chat'],
  'tell the waiting customers how long it takes now': ['告诉排队的客户现在要等多久', 'Tell the waiting customers how long it takes now'],
  'tell the waiting customers their place': ['告诉排队的客户排到第几位', 'Tell the waiting customers their place'],
  'the contact is counted in its new queue': ['把联系计入新的队列', 'The contact is counted in its new queue'],
  'the contact is counted where it began to wait': ['把联系计入开始排队的队列', 'The contact is counted where it began to wait'],
  'the contact is counted': ['把联系计入统计', 'The contact is counted'],
  'the contact that ended is counted': ['把结束的联系计入统计', 'The contact that ended is counted'],
  'the lost contact is counted': ['把流失的联系计入统计', 'The lost contact is counted'],
  'whoever waits is called by name and waits by value': [
    '排队的客户按姓名和等级显示',
    'Whoever waits is called by name and waits by value',
  ],
})
