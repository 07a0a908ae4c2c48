import { by, type Holdings, holding, nothingPersonal } from '#kernel/holdings.ts'

export const holdings: Holdings = {
  of: [holding('routing.waiting', ['排队', 'Waiting'], by(), { reads: 'channel entered_at subject', erase: 'rows', open: 'true' })],
  nothing: [
    nothingPersonal(
      'who works where, and what was offered to whom',
      `routing.agent_queue routing.agent_skill routing.console routing.handling routing.idle routing.lane routing.load routing.offer routing.presence routing.presence_reason
       routing.queue routing.rule routing.skill`,
    ),
    nothingPersonal('what colleagues say to each other', 'routing.word', { 'routing.word': 'text' }),
  ],
}
