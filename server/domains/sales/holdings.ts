import { by, either, type Holdings, holding, nothingPersonal, through, unclaimed } from '#kernel/holdings.ts'

/** A lead has no file yet. */
const opportunities = either(by(), unclaimed)

export const holdings: Holdings = {
  of: [
    holding('sales.step', ['商机经过', 'Course of opportunities'], through('opportunity_id', 'sales.opportunity', opportunities), {
      reads: 'at note',
      erase: { note: `''` },
      // Our own people's names.
      stays: 'by_name',
    }),
    holding('sales.opportunity', ['商机', 'Opportunities'], opportunities, {
      reads: 'ext_id title name phone email source source_note value currency expected_on note lost_reason opened_at closed_at',
      erase: {
        ext_id: 'null',
        title: `'–'`,
        name: `''`,
        phone: 'null',
        phone_typed: 'null',
        email: 'null',
        source_note: `''`,
        note: `''`,
        lost_reason: `''`,
        search: `''::tsvector`,
        changed_xid: 'pg_current_xact_id()',
      },
      stays: 'state source currency',
      // A lead that nobody took up goes with whoever it names.
      open: `t.state = 'open' and t.customer_id is not null`,
    }),
  ],
  nothing: [nothingPersonal('what opportunities pass', 'sales.stage')],
}
