import { invitations, invited } from '#contract/invitations.ts'
import { surveys } from '#contract/surveys.ts'
import { type Door, serve } from '#kernel/serve.ts'
import { setPolicy } from './actions.ts'
import { listInvitations, ofContact, ofTicket } from './invitations.ts'
import { answerInvitation, invitedOf } from './invited.ts'
import { invitingOf, setInviting } from './inviting.ts'
import { csat, listRatings, policyOf } from './queries.ts'

export function routes(door: Door): void {
  serve(door, surveys, {
    ratings: (ctx, { query }) => listRatings(ctx, query),
    csat: (ctx, { query }) => csat(ctx, query.days),
    policy: ctx => policyOf(ctx),
    setPolicy: (ctx, { body }) => setPolicy(ctx, body),
  })
  serve(door, invitations, {
    policy: ctx => invitingOf(ctx),
    setPolicy: (ctx, { body }) => setInviting(ctx, body),
    list: (ctx, { query }) => listInvitations(ctx, query),
    ofTicket: (ctx, { id }) => ofTicket(ctx, id),
    ofContact: (ctx, { id }) => ofContact(ctx, id),
  })
  serve(door, invited, { look: ctx => invitedOf(ctx), answer: (ctx, { body }) => answerInvitation(ctx, body) })
}
