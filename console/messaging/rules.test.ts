import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Conversation, Message } from '#contract/messaging.ts'
import { fitting, groups, heard, join, prepend, tokenAt } from './rules.ts'

const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`, conversationId: 'c', seq, author: 'customer', authorId: null, authorName: '陈雨桐', kind: 'text', text: `第 ${seq} 句`, file: null, code: null, facts: null, sentAt: new Date(seq * 1000), clientId: `client-${seq}`, ...more,
}) // biome-ignore format: one message
const conversation = (more: Partial<Conversation>): Conversation => ({
  id: 'c', interactionId: 'i', channel: 'chat', state: 'active', queueId: null, queueName: null, agentId: 'a', agentName: '许知夏', customerId: null, customerName: '陈雨桐', tier: null, subject: '', page: '',
  preview: '', lastSeq: 0, lastAt: new Date(0), lastAuthor: null, customerRead: 0, agentRead: 0, unread: 0, startedAt: new Date(0), answeredAt: null, endedAt: null, replyDue: null, snoozedUntil: null, reasonId: null,
  customerOnline: true,
  knownBy: null, handingTo: null, rating: null, ...more,
}) // biome-ignore format: one conversation
const seqs = (run: readonly Message[]) => run.map(m => m.seq)

describe('words of a conversation', () => {
  test('what follows is taken, what was heard twice is held once', () => {
    const { run, gap } = join([message(1), message(2)], [message(2), message(3)])
    expect([seqs(run), gap]).toEqual([[1, 2, 3], false])
  })
  test('what leaves a hole is not shown but asked for', () => {
    const { run, gap } = join([message(1)], [message(3)])
    expect([seqs(run), gap]).toEqual([[1], true])
  })
  test('an earlier page stands before, and only without a hole', () => {
    expect(seqs(prepend([message(4)], [message(2), message(3)]))).toEqual([2, 3, 4])
    expect(seqs(prepend([message(4)], [message(1), message(2)]))).toEqual([4])
  })
  test('however words arrive, those held are in order, each once, without a hole', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 5, max: 30 }), { maxLength: 6 }), { maxLength: 20 }), pushes => {
        let run: readonly Message[] = [message(5)]
        for (const push of pushes) {
          const next = join(
            run,
            push.map(seq => message(seq)),
          )
          run = next.run
          // The server tells everything after the last seq held.
          if (next.gap)
            run = join(
              run,
              Array.from({ length: 30 - (run.at(-1)?.seq ?? 0) }, (_, n) => message((run.at(-1)?.seq ?? 0) + 1 + n)),
            ).run
        }
        expect(seqs(run)).toEqual(Array.from({ length: run.length }, (_, n) => 5 + n))
      }),
    )
  })
})

describe('the inbox', () => {
  test('is grouped by who must act, the most urgent answer first', () => {
    const now = 100_000
    const rows = [
      conversation({ id: 'later', lastAuthor: 'customer', snoozedUntil: new Date(now + 1) }),
      conversation({ id: 'calm', lastAuthor: 'customer', replyDue: new Date(now + 60_000) }),
      conversation({ id: 'urgent', lastAuthor: 'customer', replyDue: new Date(now + 5_000) }),
      conversation({ id: 'told', lastAuthor: 'agent' }),
      conversation({ id: 'over', state: 'wrap' }),
      conversation({ id: 'waits', state: 'waiting', agentId: null }),
      conversation({ id: 'woken', lastAuthor: 'customer', snoozedUntil: new Date(now - 1) }),
    ]
    expect(groups(rows, now).map(g => [g.turn, g.rows.map(r => r.id)])).toEqual([
      ['mine', ['urgent', 'calm', 'woken']],
      ['wrap', ['over']],
      ['customer', ['told']],
      ['free', ['waits']],
      ['later', ['later']],
    ])
  })
  test("the customer's words bring a conversation back and count as unread; a note changes neither", () => {
    const c = conversation({ lastSeq: 4, lastAuthor: 'agent', snoozedUntil: new Date(1e12) })
    expect(heard(c, message(5))).toMatchObject({ lastSeq: 5, unread: 1, snoozedUntil: null, lastAuthor: 'customer', preview: '第 5 句' })
    expect(heard(c, message(5, { kind: 'note', author: 'agent' }))).toMatchObject({
      lastSeq: 5,
      unread: 0,
      lastAuthor: 'agent',
      snoozedUntil: c.snoozedUntil,
    })
    expect(heard(c, message(4))).toBe(c)
  })
})

describe('snippets', () => {
  test.each([
    ['/已', 2, { from: 0, word: '已' }],
    ['您好 /地', 5, { from: 3, word: '地' }],
    ['/', 1, { from: 0, word: '' }],
    ['/已 派', 4, null],
    ['https://a', 9, null],
    ['和/或', 3, null],
    ['/已派单', 1, { from: 0, word: '' }],
  ])('%s at %i', (text, caret, token) => expect(tokenAt(text, caret)).toEqual(token))

  test('what begins so stands first, then what holds it, then whose words hold it', () => {
    const all = ['结束', '已派单', '派车'].map(shortcut => ({ id: shortcut, shortcut, words: shortcut === '结束' ? '已派单，再见' : '' }))
    expect(fitting(all, '派').map(s => s.id)).toEqual(['派车', '已派单', '结束'])
    expect(fitting(all, '没有')).toEqual([])
  })
})
