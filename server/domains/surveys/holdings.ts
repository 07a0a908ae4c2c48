import { by, type Holdings, holding, nothingPersonal } from '#kernel/holdings.ts'

export const holdings: Holdings = {
  of: [
    holding('surveys.rating', ['评价', 'Ratings'], by(), {
      reads: 'score words rated_at',
      erase: { words: `''` },
      kept: { as: 'invitation_texts' },
    }),
    holding('surveys.invitation', ['评价邀请', 'Invitations to rate'], by(), {
      reads: 'matter channel state made_at answered_at',
      // The address they were given opens no more.
      erase: { matter: `'—'`, matter_en: `'—'`, ends_at: 'least(t.ends_at, now())' },
      stays: 'state channel reason',
      kept: { as: 'invitation_texts', over: `t.state <> 'sent' or t.ends_at < now()` },
    }),
    holding('surveys.asked', ['最近一次邀请', 'When last asked'], by(), { reads: 'at', erase: 'rows', hasId: false }),
  ],
  nothing: [nothingPersonal('settings', 'surveys.inviting surveys.policy')],
}
