import { every, outward, when } from '#kernel/react.ts'
import { callEnded, recordingDue, recordingsOver } from '../events.ts'
import { fetchRecording } from './fetching.ts'
import { removeOver } from './keeping.ts'
import { endRecordings } from './running.ts'

export const recordingReactions = [
  outward(recordingDue, 'bring the sound of a recording from the switch and keep it', fetchRecording),
  when(
    callEnded,
    'recordings of a call end with it',
    (ctx, { about }) => endRecordings(ctx, about),
    ({ recorded }) => recorded !== false,
  ),
  every('20 18 * * *', 'remove recordings whose time is over', removeOver),
  when(recordingsOver, 'remove the next recordings whose time is over', removeOver),
]
