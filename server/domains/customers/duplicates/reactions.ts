import { every, type Reaction, when } from '#kernel/react.ts'
import { customerAdded, customerChanged, customerIdentified, customersImported } from '../events.ts'
import { tasksFollow } from './caring.ts'
import { customerMerged, customerMergedAway, customerParted, lookDue, matchingDue } from './events.ts'
import { lookAt } from './finding.ts'
import { goOn, lookThrough } from './passing.ts'

/** Of what is compared. */
const compared = ['name', 'kind', 'phone', 'email', 'address']

export const reactions: Reaction[] = [
  when(customerAdded, 'files of the same customer are looked for', (ctx, { about }) => lookAt(ctx, about)),
  when(
    customerChanged,
    'files of the same customer are looked for anew',
    (ctx, { about }) => lookAt(ctx, about),
    ({ fields }) => fields.some(field => compared.some(one => field.startsWith(one))),
  ),
  when(customerIdentified, 'files with the same number are looked for', (ctx, { about }) => lookAt(ctx, about)),
  when(customersImported, 'the files that a table brought are looked at', ctx => goOn(ctx)),
  when(customerMerged, 'the kept file is compared with all that both hold', (ctx, { about }) => lookAt(ctx, about)),
  when(customerMerged, 'a visit that two files asked for is one', (ctx, { about, detail }) =>
    tasksFollow(ctx, { keptId: about, goneId: detail.otherId }),
  ),
  when(customerParted, 'each file asks for its own visit again', (ctx, { about, detail }) =>
    tasksFollow(ctx, { keptId: about, goneId: detail.otherId }),
  ),
  when(customerMergedAway, 'a file that went is compared no more', (ctx, { about }) => lookAt(ctx, about)),
  when(customerParted, 'each file is compared by itself again', (ctx, { about }) => lookAt(ctx, about)),
  when(lookDue, 'a file that had to wait is looked at', (ctx, { about }) => lookAt(ctx, about)),
  when(matchingDue, 'the next part of the files is looked at', lookThrough),
  every('*/10 * * * *', 'look at the files that changed without a word', lookThrough),
]
