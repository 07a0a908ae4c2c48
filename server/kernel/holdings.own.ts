import { by, type Holdings, holding, nothingPersonal, ofEvent } from './holdings.ts'

export const kernelHoldings: Holdings = {
  of: [
    holding('kernel.import_changed', ['导入前的内容', 'What stood before an import'], by('thing_id'), {
      reads: '',
      erase: 'rows',
      hasId: false,
    }),
    ofEvent('kernel.failed_reaction', ['未完成的后续', 'Reactions that failed'], 'event_id', 'rows'),
    // Kept apart from the sealed event for this day.
    ofEvent('kernel.event_value', ['事件中的个人信息', 'Personal values of events'], 'event_id', 'rows', { reads: 'event_id key value' }),
  ],
  nothing: [
    nothingPersonal('what happened, without the person: sealed by the day', 'kernel.event kernel.audit_seal'),
    nothingPersonal('which rows an import made, and how tables are read', 'kernel.import_made kernel.import_source kernel.import_policy'),
    nothingPersonal(
      'how the house runs',
      'kernel.changed kernel.directory kernel.followed kernel.heeded kernel.reacted kernel.timer kernel.undispatched',
    ),
    nothingPersonal('files go with what they belong to; lists taken along go when anybody is erased', 'kernel.file kernel.run', {
      'kernel.file': 'name',
      'kernel.run': 'facts params cursor code_facts',
    }),
  ],
}
