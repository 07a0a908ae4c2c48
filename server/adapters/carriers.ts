import type { Carriers } from '#domains/messaging/outgoing/ports.ts'
import { practice } from './practice/index.ts'
import { smpp } from './smpp/index.ts'
import { aliyun } from './smsHttp/aliyun.ts'
import { smsJson } from './smsHttp/json.ts'
import { smtp } from './smtp/index.ts'

/** Every way by which a message leaves the house. */
export const carriers: Carriers = { smtp, http: smsJson, aliyun, smpp, practice }
