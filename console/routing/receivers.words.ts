import { words } from '../kit/words.ts'

export const w = words({
  agent: ['坐席', 'Agent'],
  queue: ['队列', 'Queue'],
  number: ['号码', 'Number'],
  seekAgent: ['姓名', 'Name'],
  seekQueue: ['队列名', 'Queue name'],
  seekNumber: ['要拨的号码', 'Number to call'],
  nobody: ['没有在线的坐席', 'Nobody is online'],
  noQueue: ['没有其他队列', 'No other queue'],
  load: [(used: number, all: number) => `${used}/${all}`, (used: number, all: number) => `${used}/${all}`],
  queueLoad: [
    (waiting: number, ready: number) => `排队 ${waiting}，示闲 ${ready}`,
    (waiting: number, ready: number) => `${waiting} waiting, ${ready} ready`,
  ],
})
