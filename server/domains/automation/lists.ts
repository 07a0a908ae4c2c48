import { automation } from '#contract/automation.ts'
import { savedList } from '#kernel/lists.ts'

/** Traces come by the hundred thousand and most say that nothing was to be done: their views are saved, not counted. */
export const lists = [savedList({ name: 'traces', endpoint: automation.runs, columns: ['at', 'rule', 'what', 'outcome', 'why', 'did'] })]
