import { expect, test } from 'vitest'
import { FlowBody, type TrialFound } from '#contract/flows.ts'
import type { Ask, Told } from './call.ts'
import { type Tried, walkThrough } from './trial.ts'

const queueId = '0190a000-0000-7000-8000-000000000001'
const sound = (text: string) => ({ text, textEn: `${text}-en` })
const flow = FlowBody.parse({
  first: 'hours',
  nodes: [
    { kind: 'hours', key: 'hours', name: '时间', open: 'menu', closed: 'voicemail' },
    {
      ...{ kind: 'menu', key: 'menu', name: '菜单', sound: sound('报修按 1，进度按 2'), tries: 2, otherwise: 'end' },
      options: [
        { key: '1', name: '报修', next: 'number' },
        { key: '2', name: '进度', next: 'progress' },
        { key: '3', name: '转接', next: 'transfer' },
      ],
    },
    {
      kind: 'digits',
      key: 'number',
      name: '户号',
      sound: sound('输入户号'),
      min: 4,
      max: 8,
      meaning: 'customer',
      next: 'who',
      otherwise: 'end',
    },
    { kind: 'customer', key: 'who', name: '客户', tiers: ['gold'], yes: 'queue', no: 'end' },
    { kind: 'progress', key: 'progress', name: '进度', next: 'end', none: 'end' },
    { kind: 'queue', key: 'queue', name: '队列', queueId, tellEvery: 30, callBackAfter: 20 },
    { kind: 'transfer', key: 'transfer', name: '外线', sound: {}, number: '110', failed: 'end' },
    { kind: 'voicemail', key: 'voicemail', name: '留言', sound: {}, queueId, next: 'end' },
    { kind: 'hangup', key: 'end', name: '结束', sound: {} },
  ],
})
const answers: Record<Ask['ask'], Told> = {
  hours: { kind: 'hours', open: true },
  customer: { kind: 'customer', id: 'c', name: '林敏', tier: 'gold' },
  progress: {
    kind: 'progress',
    prompts: [
      { kind: 'said', key: 'your_ticket' },
      { kind: 'digits', digits: '12' },
      { kind: 'said', key: 'ticket_in_work' },
    ],
  },
  place: { kind: 'place', position: 2, estimate: 120 },
}
const trial: Tried = {
  ...{ from: '13800000000', language: 'zh', now: new Date('2026-03-02T02:00:00Z'), keys: '', silence: false },
  answer: ask => ({ told: answers[ask.ask], found: null }),
}
/** Does one thing after the other, each time with nothing but the state of the last. */
async function walk(deeds: string[], given: Partial<Tried> = {}) {
  let told = await walkThrough(flow, { ...trial, ...given })
  const all = [...told.steps]
  for (const deed of deeds) {
    const [keys, silence] = deed === 'silence' ? ['', true] : [deed, false]
    told = await walkThrough(flow, { ...trial, ...given, state: JSON.parse(JSON.stringify(told.state)), keys, silence })
    all.push(...told.steps)
  }
  return {
    over: told.over,
    steps: all.map(({ node, heard, waitsFor, passed }) => [
      node,
      heard.map(h => h.text).join(' '),
      waitsFor,
      passed.map(p => `${p.node}:${p.out}`).join(' '),
    ]),
  }
}

test('a caller is asked, keys in a number and waits', async () => {
  expect(await walk(['1', '12', '34#', 'silence', 'silence', '1'])).toEqual({
    over: true,
    steps: [
      ['menu', '报修按 1，进度按 2', 'key', 'hours:open'],
      ['number', '输入户号', 'digits', 'menu:1'],
      ['number', '', 'digits', ''],
      ['queue', '请稍候', 'queue', 'number:next who:yes'],
      ['queue', '不想等，按 1 挂断，位置保留，轮到您时回电', 'queue', ''],
      ['queue', '您排在第 二 位 预计等待 两 分钟 不想等，按 1 挂断，位置保留，轮到您时回电', 'queue', ''],
      ['queue', '位置已保留，轮到您时回电 再见', 'over', ''],
    ],
  })
})

test('wrong keys and silence lead on after so many tries', async () => {
  expect(await walk(['9', 'silence'])).toEqual({
    over: true,
    steps: [
      ['menu', '报修按 1，进度按 2', 'key', 'hours:open'],
      ['menu', '没有这个选项 报修按 1，进度按 2', 'key', ''],
      ['end', '再见', 'over', 'menu:no_key'],
    ],
  })
})

test('out of hours a message is left', async () => {
  const closed = { answer: () => ({ told: { kind: 'hours', open: false } satisfies Told, found: null }) }
  expect(await walk(['#'], closed)).toEqual({
    over: true,
    steps: [
      ['voicemail', '现在可以留言，说完按井号键', 'record', 'hours:closed'],
      ['end', '留言已收到 再见', 'over', 'voicemail:left'],
    ],
  })
})

test('in English, to a number where nobody answers', async () => {
  expect(await walk(['3', 'silence'], { language: 'en' })).toEqual({
    over: true,
    steps: [
      ['menu', '报修按 1，进度按 2-en', 'key', 'hours:open'],
      ['transfer', 'One moment', 'answer', 'menu:3'],
      ['end', 'Goodbye', 'over', 'transfer:no_answer'],
    ],
  })
})

test('progress is read out', async () => {
  const { steps } = await walk(['2'])
  expect(steps.at(-1)).toEqual(['end', '您的工单 一二 正在处理 再见', 'over', 'menu:2 progress:next'])
})

test('a flow that leads in circles ends by itself', async () => {
  const say = (key: string, next: string) => ({ kind: 'say', key, name: key, sound: sound(key), next })
  const hours = { kind: 'hours', key: 'h', name: 'h', open: 'h', closed: 'h' }
  for (const nodes of [
    [say('a', 'b'), say('b', 'a')],
    [{ ...hours, key: 'a', open: 'h' }, hours],
  ]) {
    const told = await walkThrough(FlowBody.parse({ first: 'a', nodes }), trial)
    expect(told.over).toBe(true)
    expect(told.steps.at(-1)?.heard.at(-1)?.text).toBe('再见')
  }
})

test('a state that is none begins anew', async () => {
  const { steps } = await walkThrough(flow, { ...trial, state: { did: 'drop table' }, keys: '1' })
  expect(steps.map(s => s.node)).toEqual(['menu'])
})

test('every step that was passed is told with what was found there, and what was heard at which', async () => {
  const found: Record<Ask['ask'], TrialFound | null> = {
    hours: { of: 'hours', calendar: '客服', wall: '2026-03-02T10:00', hours: [{ from: 480, to: 1200 }], special: false },
    customer: { of: 'customer', known: true, name: '林敏', tier: 'gold' },
    progress: { of: 'progress', known: true },
    place: null,
  }
  const asked: string[] = []
  const given: Partial<Tried> = {
    answer: (ask, known, now) => {
      asked.push(`${ask.ask} ${known.map(k => k.digits)} ${now.toISOString()}`)
      return { told: answers[ask.ask], found: found[ask.ask] }
    },
  }
  const began = await walkThrough(flow, { ...trial, ...given })
  expect(began.steps.at(-1)?.passed).toEqual([{ node: 'hours', out: 'open', found: found.hours }])
  const keyed = await walkThrough(flow, { ...trial, ...given, state: began.state, keys: '11234#' })
  expect(keyed.steps.at(-1)?.passed).toEqual([
    { node: 'number', out: 'next', found: { of: 'keyed', digits: '1234' } },
    { node: 'who', out: 'yes', found: found.customer },
  ])
  expect(keyed.steps.at(-1)?.heard).toEqual([{ node: 'queue', text: '请稍候', announcementId: null }])
  // The time of the call is the one it was begun with, and goes on from there.
  expect(asked.at(-1)).toMatch(/^customer 1234 2026-03-02T02:00:/)
})
