import { by, type Holdings, holding, nothingPersonal } from '#kernel/holdings.ts'

export const holdings: Holdings = {
  of: [
    holding('interactions.interaction', ['联系', 'Contacts'], by(), {
      reads: 'channel direction state subject started_at answered_at ended_at note rating',
      erase: { subject: `''`, note: `''` },
      stays: 'channel direction state source',
      kept: { as: 'contact_notes', over: `t.state in ('done', 'abandoned', 'left')` },
      open: `t.state in ('waiting', 'active', 'wrap')`,
    }),
  ],
  nothing: [nothingPersonal('catalogues', 'interactions.contact_outcome interactions.contact_reason')],
}
