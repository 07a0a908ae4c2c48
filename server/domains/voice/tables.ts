import type { ColumnType, Generated } from 'kysely'
import type { FlowBody } from '#contract/flows.ts'
import type { CallStage, Cause, LegParty, Quality, RecordingReason } from '#contract/voice.ts'
import type { Order } from './ports.ts'
import type { Call } from './rules/call.ts'

type Json<T> = ColumnType<T, string, string>

declare module '#kernel/tables.ts' {
  interface Tables {
    'voice.flow': {
      id: string
      name: string
      nameEn: string
      draft: Json<FlowBody>
      published: number | null
      changedAt: Date
      retired: Generated<boolean>
    }
    'voice.flowVersion': { flowId: string; version: number; body: Json<FlowBody>; note: string; publishedAt: Date; publishedBy: string }
    'voice.announcement': {
      id: string
      name: string
      kind: 'prompt' | 'music'
      text: string
      textEn: string
      fileId: string | null
      fileIdEn: string | null
      retired: Generated<boolean>
    }
    'voice.speech': { enabled: boolean; url: string; model: string; voice: string; voiceEn: string; secret: string | null }
    'voice.spoken': { what: string; words: string; fileId: string }
    'voice.trunk': {
      id: string
      name: string
      host: string
      addresses: string[]
      login: string
      password: string | null
      register: boolean
      transport: 'udp' | 'tcp' | 'tls'
      most: number
      retired: Generated<boolean>
    }
    'voice.number': {
      id: string
      number: string
      name: string
      nameEn: string
      flowId: string | null
      trunkId: string | null
      recording: 'on' | 'off' | 'demand' | null
      outbound: boolean
      language: 'zh' | 'en'
      retired: Generated<boolean>
    }
    'voice.queue': {
      queueId: string
      recording: 'on' | 'off' | 'demand'
      keepDays: number
      rating: boolean
      musicId: string | null
      callbackTries: Generated<number>
      callbackMinutes: Generated<number>
    }
    'voice.call': {
      id: string
      interactionId: string | null
      direction: 'in' | 'out'
      stage: CallStage
      line: string
      numberId: string | null
      flowId: string | null
      flowVersion: number | null
      caller: string
      called: string
      customerId: string | null
      customerName: string
      queueId: string | null
      agentId: string | null
      startedAt: Date
      answeredAt: Date | null
      endedAt: Date | null
      cause: Cause | null
      worstMos: number | null
      recorded: Generated<boolean>
      ratingAsked: Generated<boolean>
      rating: Generated<number | null>
      dueAt: Date | null
      clientId: string | null
      machine: Json<Call>
    }
    'voice.forwarded': { id: string; callId: string; seq: number; line: string; orders: Json<Order[]>; leftAt: Date }
    'voice.leg': {
      id: string
      callId: string
      party: LegParty
      agentId: string | null
      number: string
      startedAt: Date
      ringingAt: Date | null
      answeredAt: Date | null
      endedAt: Date | null
      cause: Cause | null
      code: number | null
      quality: Json<Quality> | null
    }
    'voice.recording': {
      id: string
      callId: string
      interactionId: string | null
      kind: 'talk' | 'voicemail'
      state: 'running' | 'paused' | 'storing' | 'kept' | 'failed' | 'removed'
      reason: Generated<RecordingReason | null>
      queueId: string | null
      agentId: string | null
      fileId: string | null
      startedAt: Date
      seconds: number | null
      bytes: number | null
      pauses: Json<{ from: number; until: number | null }[]>
      peaks: Json<{ customer: number[]; agent: number[] }> | null
      keepUntil: Date | null
    }
  }
}
