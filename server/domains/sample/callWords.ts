// biome-ignore-all format: a table of words reads better one entry per line
import type { Pair } from './centre.ts'

/** What callers of the sample utility hear beside the product's own sentences; spoken by tools/sounds. */
export const announced = {
  menu: { name: ['主菜单', 'Main menu'], said: ['这里是清源供水。报修请按1，账单请按2，业务请按3，工单进度请按4，人工请按0，英语请按9', 'This is Clearspring Water. For repairs press 1, for bills 2, for services 3, for the progress of your ticket 4, for an agent 0'] },
  again: { name: ['老客户问候', 'Greeting of customers we know'], said: ['您好，欢迎再次来电', 'Hello again'] },
  night: { name: ['夜间公告', 'Night announcement'], said: ['现在是夜间。停水和爆管请按1，其他事情请按2留言', 'It is night. If you have no water or a main burst press 1. For anything else press 2 and leave a message'] },
  busy: { name: ['线路忙', 'All lines busy'], said: ['线路忙，我们会给您回电', 'All lines are busy. We will call you back'] },
} as const satisfies Record<string, { name: Pair; said: Pair }>
type AnnouncedKey = keyof typeof announced
export const announcedKeys: readonly AnnouncedKey[] = ['menu', 'again', 'night', 'busy']
