export type Grain = 'slot' | 'day' | 'month'
export type Dimension = 'queue' | 'agent' | 'channel'

/** What is summed of contacts, in the order of the columns. */
export const counts = [
  'contacts',
  'offered',
  'answered',
  'inTarget',
  'abandoned',
  'shortAbandoned',
  'undecided',
  'waitMs',
  'handled',
  'handleMs',
  'rated',
  'best',
  'score',
  // Squares, for how far single waits, handlings and ratings lie apart.
  'waitSq',
  'handleSq',
  'scoreSq',
] as const
export type Counts = Record<(typeof counts)[number], number>

declare module '#kernel/tables.ts' {
  interface Tables {
    'insight.rollup': { grain: Grain; dimension: Dimension; at: Date; key: string } & Counts
    'insight.dirty': { at: Date }
    'insight.counted': { timezone: string; targets: Record<string, unknown>; at: Date }
  }
}
