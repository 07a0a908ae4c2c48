import { FlowBody } from '#contract/flows.ts'
import { productSound, writeWav } from '#domains/voice/index.ts'
import { placeFile, recordFile } from '#kernel/files.ts'
import type { Ctx } from '#kernel/work.ts'
import { announced, announcedKeys } from './callWords.ts'
import { place } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'

/** The announcements of the utility with their sounds, and what callers of its hotline hear. */
export async function furnishFlow(ctx: Ctx, ids: Ids, say: Say): Promise<void> {
  const rows = []
  for (const key of announcedKeys) {
    const { name, said } = announced[key]
    rows.push({
      ...{ id: ids(`announcement ${key}`), name: say(name), kind: 'prompt', text: said[0], textEn: said[1], retired: false },
      fileId: await soundFile(ctx, ids, key, 'zh'),
      fileIdEn: await soundFile(ctx, ids, key, 'en'),
    })
  }
  await place(ctx, 'voice.announcement', rows)

  const id = ids('flow hotline')
  const body = hotlineFlow(ids, say)
  const name = { name: say(['供水热线主流程', 'Water hotline, main flow']), nameEn: 'Water hotline, main flow' }
  await place(ctx, 'voice.flow', [{ id, ...name, draft: body, published: 1, changedAt: ctx.now, retired: false }])
  const version = { version: 1, body, note: say(['上线', 'First version']), publishedAt: ctx.now, publishedBy: ids('person admin') }
  await place(ctx, 'voice.flow_version', [{ flowId: id, ...version }])
}

async function soundFile(ctx: Ctx, ids: Ids, key: string, language: 'zh' | 'en'): Promise<string> {
  const id = ids(`announcement ${key} ${language}`)
  const samples = await productSound(`sample/${language}-${key}`)
  // As announcements are kept: 16 kHz, so that every switch finds what it expects.
  const twice = new Int16Array(samples.length * 2)
  for (let n = 0; n < twice.length; n++) {
    const [here, next] = [samples[n >> 1] ?? 0, samples[(n + 1) >> 1] ?? 0]
    twice[n] = Math.round(((here + next) / 2) * 32_767)
  }
  const placed = await placeFile(ctx.house, ctx.tenantId, id, writeWav({ rate: 16_000, sides: [twice] }))
  await recordFile(ctx, { id, ...placed, name: 'announcement.wav', type: 'audio/wav', noun: 'announcement', ownerId: null })
  return id
}

/** By day the menu, greeted anew where we know who calls; by night repairs and messages. */
export function hotlineFlow(ids: Ids, say: Say): FlowBody {
  const named = (zh: string, en: string) => ({ name: say([zh, en]), nameEn: en })
  const heard = (key: (typeof announcedKeys)[number]) => ({ announcementId: ids(`announcement ${key}`) })
  const waiting = { tellEvery: 45, callBackAfter: 60, leaveAfter: 600, late: 'later' }
  return FlowBody.parse({
    first: 'hours',
    nodes: [
      { key: 'hours', kind: 'hours', ...named('工作时间', 'Hours'), calendarId: ids('calendar web'), open: 'known', closed: 'night' },
      { key: 'known', kind: 'customer', ...named('老客户', 'Do we know the caller'), yes: 'again', no: 'menu' },
      { key: 'again', kind: 'say', ...named('问候', 'Greeting'), sound: heard('again'), next: 'menu' },
      {
        ...{
          key: 'menu',
          kind: 'menu',
          ...named('主菜单', 'Main menu'),
          sound: heard('menu'),
          seconds: 6,
          tries: 2,
          otherwise: 'people',
        },
        options: [
          { key: '1', ...named('报修', 'Repairs'), next: 'repairs' },
          { key: '2', ...named('账单', 'Bills'), next: 'people' },
          { key: '3', ...named('业务', 'Services'), next: 'people' },
          { key: '4', ...named('我的工单进度', 'My ticket'), next: 'progress' },
          { key: '0', ...named('人工', 'An agent'), next: 'people' },
          { key: '9', ...named('英语', 'English'), next: 'english' },
        ],
      },
      { key: 'english', kind: 'language', ...named('英语服务', 'In English'), language: 'en', next: 'menu' },
      { key: 'progress', kind: 'progress', ...named('我的工单进度', 'My ticket'), next: 'people', none: 'people' },
      { key: 'repairs', kind: 'queue', ...named('报修排队', 'Repairs queue'), queueId: ids('queue hotline repairs'), ...waiting },
      { key: 'people', kind: 'queue', ...named('人工排队', 'Hotline queue'), queueId: ids('queue hotline'), ...waiting },
      {
        ...{ key: 'later', kind: 'callback', ...named('预约回电', 'Call back'), queueId: ids('queue hotline'), next: 'bye' },
        sound: heard('busy'),
      },
      {
        ...{ key: 'night', kind: 'menu', ...named('夜间菜单', 'Night menu'), sound: heard('night'), seconds: 6, tries: 2 },
        otherwise: 'message',
        options: [
          { key: '1', ...named('停水和爆管', 'No water'), next: 'repairs' },
          { key: '2', ...named('留言', 'Message'), next: 'message' },
        ],
      },
      {
        key: 'message',
        kind: 'voicemail',
        ...named('夜间留言', 'Night message'),
        queueId: ids('queue hotline'),
        most: 120,
        sound: {},
        next: 'bye',
      },
      { key: 'bye', kind: 'hangup', ...named('结束', 'End'), sound: {} },
    ],
  })
}
