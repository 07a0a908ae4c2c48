import { every, when } from '#kernel/react.ts'
import { runCancelled, runFailed } from '#kernel/runs.ts'
import { forgetOld, versionFailed } from './documents.ts'
import { scheduleDue } from './events.ts'
import { making } from './making.ts'
import { runSchedule } from './schedules.ts'

const ours = ({ kind }: { kind: string }) => kind === making.kind
export const reactions = [
  when(scheduleDue, 'make a report whose time has come', (ctx, { about }) => runSchedule(ctx, about)),
  when(runFailed, 'say why a document was not made', (ctx, { about, detail }) => versionFailed(ctx, about, detail.code), ours),
  when(
    runCancelled,
    'say that the making of a document was ended',
    (ctx, { about }) => versionFailed(ctx, about, 'document.cancelled'),
    ours,
  ),
  // One part at a time, each a short transaction.
  every('*/5 18-19 * * *', 'remove documents that their template keeps no longer', forgetOld),
]
