import type { ColumnType, Generated } from 'kysely'
import type * as z from 'zod'
import type { Channel, InteractionState } from '#contract/interactions.ts'
import type { Message } from '#contract/messaging.ts'

type Json<T> = ColumnType<T, string, string>
export type Choice = { key: string; label: string; labelEn: string; queueId: string; reasonId: string | null }

declare module '#kernel/tables.ts' {
  interface Tables {
    'messaging.cannedAnswer': {
      id: string
      shortcut: string
      topic: Generated<string>
      text: string
      textEn: Generated<string>
      teamId: string | null
      ownerId: string | null
      retired: Generated<boolean>
    }
    'messaging.widget': {
      id: string
      key: string
      name: string
      brand: string
      greeting: Generated<string>
      greetingEn: Generated<string>
      closedText: Generated<string>
      closedTextEn: Generated<string>
      choices: Json<Choice[]>
      calendarId: string | null
      queueId: string
      sites: ColumnType<string[], string | undefined, string>
      secret: string | null
      retired: Generated<boolean>
    }
    'messaging.visitor': {
      id: string
      widgetId: string
      tokenHash: string
      language: Generated<'zh' | 'en'>
      page: Generated<string>
      name: Generated<string>
      phone: string | null
      email: string | null
      customerId: string | null
      knownBy: 'site' | 'given' | 'agent' | null
      conversationId: string | null
      signedAs: string | null
      online: Generated<boolean>
      seenAt: Date
      createdAt: Date
    }
    'messaging.conversation': {
      id: string
      interactionId: string
      channel: z.output<typeof Channel>
      state: z.output<typeof InteractionState>
      visitorId: string | null
      queueId: string | null
      agentId: string | null
      customerId: string | null
      customerName: Generated<string>
      tier: string | null
      subject: Generated<string>
      page: Generated<string>
      preview: Generated<string>
      lastSeq: Generated<number>
      lastAt: Date
      lastAuthor: Message['author'] | null
      customerRead: Generated<number>
      agentRead: Generated<number>
      unread: Generated<number>
      startedAt: Date
      answeredAt: Date | null
      endedAt: Date | null
      replyDue: Date | null
      snoozedUntil: Date | null
      reasonId: string | null
      handingToAgent: string | null
      handingToQueue: string | null
      handingNote: Generated<string>
      /** Who had it last before whoever has it now. */
      givenBy: string | null
      placeTold: number | null
      estimateTold: number | null
      rating: number | null
      ratedAt: Date | null
    }
    'messaging.message': {
      conversationId: string
      seq: number
      id: string
      author: Message['author']
      authorId: string | null
      authorName: Generated<string>
      kind: Message['kind']
      text: Generated<string>
      fileId: string | null
      code: string | null
      facts: ColumnType<Record<string, unknown> | null, string | null, string | null>
      clientId: string
      sentAt: Date
    }
  }
}
