import { w } from './words.ts'

/** Null: as the queue says. */
export const recordingWord = (policy: unknown): string =>
  policy === 'on' ? w.recordingOn : policy === 'off' ? w.recordingOff : policy === 'demand' ? w.recordingDemand : w.recordingQueue
