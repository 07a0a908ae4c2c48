import { type Offers, RuleBody } from '#contract/automation.ts'
import type { Group } from '#contract/conditions.ts'

export type Draft = { name: string; trigger: string; condition: Group; wait: RuleBody['wait']; actions: RuleBody['actions'] }
/** What can be sent: what is still half filled in stays in the page. */
export const bodyOf = ({ condition, wait, actions }: Draft) =>
  RuleBody.safeParse({ condition, wait, actions: actions.filter(a => a.action !== '') })
export const emptyBody: RuleBody = RuleBody.parse({})

type Act = RuleBody['actions'][number]
const isEmpty = (value: unknown) => value === null || value === undefined || (typeof value === 'string' && value.trim() === '')
/** What an action asks for and has not been told. */
export const isGap = (ask: Offers['actions'][number]['asks'][number], { params }: Act): boolean => !ask.optional && isEmpty(params[ask.key])
/** Whether there is something to do, and all of it is filled in. */
export const isWhole = (actions: readonly Act[], offers: Offers | undefined): boolean =>
  actions.length > 0 && actions.every(act => !offers?.actions.find(o => o.key === act.action)?.asks.some(ask => isGap(ask, act)))
