import { customerMerged, customerParted } from '#domains/customers/events.ts'
import { tenantCreated } from '#domains/identity/events.ts'
import { interactionJoined } from '#domains/interactions/events.ts'
import { when } from '#kernel/react.ts'
import { needAnswered, needTellingDue } from './events.ts'
import { tellVoices } from './telling.ts'
import { layTemplate } from './templates.ts'
import { followContact, recountOf } from './voices.ts'

export const reactions = [
  when(tenantCreated, 'a new organisation begins with a template of needs', ctx => layTemplate(ctx)),
  when(
    needAnswered,
    'whoever said it is told what becomes of it',
    (ctx, { about }) => tellVoices(ctx, about),
    ({ tell }) => tell,
  ),
  when(needTellingDue, 'the next of those who said it are told', (ctx, { about }) => tellVoices(ctx, about)),
  when(interactionJoined, 'what was said in a contact is said by whoever it was with', (ctx, { about, detail }) =>
    followContact(ctx, about, detail.fromCustomerId),
  ),
  when(customerMerged, 'two files of one customer are one voice', (ctx, { about, detail }) => recountOf(ctx, [about, detail.otherId])),
  when(customerParted, 'two customers again are two voices', (ctx, { about, detail }) => recountOf(ctx, [about, detail.otherId])),
]
