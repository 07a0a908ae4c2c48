import type { Cause } from '#contract/voice.ts'

const byAnswer: Readonly<Record<number, Cause>> = {
  404: 'wrong_number',
  410: 'wrong_number',
  484: 'wrong_number',
  604: 'wrong_number',
  403: 'refused',
  603: 'refused',
  607: 'refused',
  408: 'no_answer',
  480: 'no_answer',
  487: 'no_answer',
  486: 'busy',
  600: 'busy',
}
/** ITU-T Q.850. */
const byReason: Readonly<Record<number, Cause>> = {
  1: 'wrong_number',
  22: 'wrong_number',
  28: 'wrong_number',
  16: 'normal',
  17: 'busy',
  18: 'no_answer',
  19: 'no_answer',
  21: 'refused',
  102: 'lost',
}

/** Why a leg ended. What the other side said in SIP counts before the cause; a leg that was up ended as calls end. */
export function causeOf({ up, reason, answer }: { up: boolean; reason: number; answer: number }): { cause: Cause; code: number | null } {
  const code = answer >= 300 ? answer : null
  if (up) return { cause: [3, 38, 44, 102].includes(reason) ? 'lost' : 'normal', code }
  const said = code === null ? undefined : (byAnswer[code] ?? (code >= 400 ? 'unreachable' : undefined))
  // An INVITE that was withdrawn before it was answered: the caller gave up, or it rang too long.
  return { cause: said ?? byReason[reason] ?? (reason === 0 || reason === 127 ? 'no_answer' : 'unreachable'), code }
}

/** What the other side is told when we end it. */
export const reasonOf = (cause: Cause): number =>
  ({ busy: 17, no_answer: 19, refused: 21, blocked: 21, wrong_number: 1, unreachable: 20, switch_down: 41, limit: 34 })[cause as string] ??
  16
