import { approvals } from './approvals.ts'
import { audit } from './audit.ts'
import { automation } from './automation.ts'
import { customers } from './customers.ts'
import { documents } from './documents.ts'
import { exportsOf } from './exports.ts'
import { improvements } from './improvement.ts'
import { insight } from './insight.ts'
import { interactions } from './interactions.ts'
import { invitations } from './invitations.ts'
import { keyAccounts } from './keyAccounts.ts'
import { needs } from './needs.ts'
import { failedReactions } from './operations.ts'
import { outbox } from './outgoing.ts'
import { accounts } from './people.ts'
import { leftAlone } from './privacy.ts'
import { opportunities } from './sales.ts'
import { standards } from './standards.ts'
import { surveys } from './surveys.ts'
import { tasks } from './tasks.ts'
import { tickets } from './tickets.ts'
import { calls } from './voice.ts'
import { work } from './work.ts'

// Lists that can be taken along, each by its own query and a permission of its own.
export const ticketExports = exportsOf('/tickets', tickets.list.query, 'ticket:export')
export const customerExports = exportsOf('/customers', customers.list.query, 'customer:export')
export const keyAccountExports = exportsOf('/key-accounts', keyAccounts.list.query, 'customer:export')
export const taskExports = exportsOf('/tasks', tasks.list.query, 'task:export')
/** Tasks and approvals together, as one works through them. */
export const needExports = exportsOf('/needs', needs.list.query, 'need:export')
export const opportunityExports = exportsOf('/opportunities', opportunities.list.query, 'opportunity:export')
export const workExports = exportsOf('/work', work.list.query, 'task:export')
export const peopleExports = exportsOf('/people', accounts.people.query, 'identity:export')
export const ratingExports = exportsOf('/ratings', surveys.ratings.query, 'survey:export')
export const invitationExports = exportsOf('/invitations', invitations.list.query, 'survey:export')
export const contactExports = exportsOf('/interactions', interactions.list.query, 'interaction:export')
export const leftAloneExports = exportsOf('/left-alone', leftAlone.list.query, 'message:export')
/** By the right to take contacts along: they are the same people's. */
export const callExports = exportsOf('/calls', calls.list.query, 'interaction:export')
export const countedExports = exportsOf('/figures/contacts', insight.counted.query, 'interaction:export')
export const figureExports = exportsOf('/figures', insight.figures.query, 'insight:export')
export const auditExports = exportsOf('/audit', audit.list.query, 'audit:export')
export const messageExports = exportsOf('/outgoing', outbox.list.query, 'message:export')
export const approvalExports = exportsOf('/approvals', approvals.list.query, 'approval:export')
export const documentExports = exportsOf('/documents', documents.list.query, 'document:export')
export const standardExports = exportsOf('/standards', standards.list.query, 'improvement:export')
export const findingExports = exportsOf('/improvements', improvements.list.query, 'improvement:export')
export const traceExports = exportsOf('/automation/runs', automation.runs.query, 'rule:export')
export const failureExports = exportsOf('/failed-reactions', failedReactions.list.query, 'house:operate')
