import { expect, test } from 'vitest'
import { matterAt, stillMentioned } from './typed.ts'

const id = '0199a3f0-7c1e-7b2a-9c55-0d6f1a2b3c4d'
test.each([
  [`https://kf.example.com/tickets/${id}`, 'ticket'],
  [`/customers/${id}`, 'customer'],
  [`/tasks?box=open&t=${id}`, 'task'],
  [`/tasks?a=${id}`, 'approval'],
])('%s is a %s', (address, noun) => {
  expect(matterAt(address)).toEqual({ noun, id })
})

test('words and other addresses are nothing to link to', () => {
  expect(matterAt('WX-0618-0187')).toBeNull()
  expect(matterAt('/tickets/1')).toBeNull()
})

test('who was picked and taken out again is not mentioned', () => {
  const picked = new Map([
    ['a', '许知夏'],
    ['b', '何若谷'],
  ])
  expect(stillMentioned('@许知夏 看一下，@许知夏 ', picked)).toEqual(['a'])
})
