import { type Holdings, nothingPersonal, ofEvent } from '#kernel/holdings.ts'

export const holdings: Holdings = {
  of: [
    ofEvent(
      'automation.run',
      ['规则执行', 'Runs of rules'],
      'event_id',
      { said: `'{}'`, steps: `'[]'`, actions: `'[]'` },
      { stays: 'trigger subject_noun outcome reason' },
    ),
  ],
  nothing: [nothingPersonal('rules', 'automation.rule automation.rule_set automation.version')],
}
