import { by, type Holdings, holding, nothingPersonal, through } from '#kernel/holdings.ts'

export const holdings: Holdings = {
  of: [
    holding('sales.step', ['商机经过', 'Course of opportunities'], through('opportunity_id', 'sales.opportunity'), {
      reads: 'at note',
      erase: { note: `''` },
      // Our own people's names.
      stays: 'by_name',
    }),
    holding('sales.opportunity', ['商机', 'Opportunities'], by(), {
      reads: 'title name phone email source source_note value currency expected_on note lost_reason opened_at closed_at',
      erase: {
        title: `'–'`,
        name: `''`,
        phone: 'null',
        phone_typed: 'null',
        email: 'null',
        source_note: `''`,
        note: `''`,
        lost_reason: `''`,
        search: `''::tsvector`,
      },
      stays: 'state source currency',
    }),
  ],
  nothing: [nothingPersonal('what opportunities pass', 'sales.stage')],
}
