import { exports } from './care/exports.ts'
import { lists } from './care/lists.ts'
import { notices as careNotices } from './care/notifications.ts'
import { reactions as careReactions } from './care/reactions.ts'
import { routes } from './care/routes.ts'
import { receivableImport } from './receivables/imports.ts'
import { notices as receivableNotices } from './receivables/notifications.ts'
import { reactions as receivableReactions } from './receivables/reactions.ts'

/** What customers owe and how the great ones are cared for: one part of this domain, as the house takes it in. */
export const accounts = {
  routes,
  exports,
  lists,
  imports: [receivableImport],
  reactions: [...receivableReactions, ...careReactions],
  notices: [...receivableNotices, ...careNotices],
}
