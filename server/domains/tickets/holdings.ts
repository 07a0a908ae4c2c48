import { by, type Holdings, holding, nothingPersonal, through } from '#kernel/holdings.ts'

export const holdings: Holdings = {
  of: [
    holding('tickets.entry', ['工单记录', 'Entries of tickets'], through('ticket_id', 'tickets.ticket'), {
      reads: 'kind text public at',
      erase: { text: `''` },
      stays: 'kind actor_name',
      kept: {
        as: 'ticket_texts',
        over: `(select k.status = 'closed' from tickets.ticket k where k.tenant_id = t.tenant_id and k.id = t.ticket_id)`,
      },
    }),
    holding('tickets.ticket', ['工单', 'Tickets'], by(), {
      reads: 'number title text status priority place fields opened_at resolved_at closed_at resolution',
      erase: { title: `'—'`, text: `''`, place: `''`, fields: `'{}'`, resolution: `''`, client_id: 'null', tsv: `''::tsvector` },
      stays: 'number status priority',
      kept: { as: 'ticket_texts', over: `t.status = 'closed'` },
      open: `t.status <> 'closed'`,
    }),
  ],
  nothing: [nothingPersonal('catalogues and counters', 'tickets.category tickets.kind tickets.number_rack')],
}
