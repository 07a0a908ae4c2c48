import type { Page } from 'playwright-core'
import { automation } from '#contract/automation.ts'
import { documents } from '#contract/documents.ts'
import { improvements } from '#contract/improvement.ts'
import { standards } from '#contract/standards.ts'
import { work } from '#contract/work.ts'
import { samplePassword } from '#domains/sample/centre.ts'
import { signIn } from '../../journeys/story/client.ts'
import type { Shot } from './shot.ts'

/** The instruments that every part of the centre shares, with what the sample has in them. */
export async function instruments(base: string): Promise<Shot[]> {
  const supervisor = await signIn(base, 'supervisor', samplePassword)
  const admin = await signIn(base, 'admin', samplePassword)
  const first = <T>(what: string, rows: readonly T[], fits: (row: T) => boolean = () => true): T => {
    const found = rows.find(fits) ?? rows[0]
    if (found === undefined) throw new Error(`the sample centre has no ${what}`)
    return found
  }
  const task = first('tasks', (await supervisor.call(work.list, { query: { box: 'open', size: 50 } })).rows, t => t.itemsAll > 1)
  const document = first('documents', (await admin.call(documents.list, { query: { size: 50 } })).rows)
  const template = first('templates', await admin.call(documents.templates, { query: {} }))
  const finding = first('findings', (await supervisor.call(improvements.list, { query: { size: 50 } })).rows)
  const standard = first('standards', (await supervisor.call(standards.list, { query: { size: 50 } })).rows, s => s.past.length > 3)
  const rule = first('rules', (await admin.call(automation.list)).rules)

  return [
    { name: 'task', path: `/tasks?box=open&t=${task.id}`, who: 'supervisor' },
    { name: 'tasks-decide', path: '/tasks?box=decide', who: 'lead', act: firstLine },
    { name: 'tasks-phone', path: '/tasks', who: 'lead', size: 'phone' },
    { name: 'bell', path: '/tickets', who: 'supervisor', act: page => page.keyboard.press('b') },
    { name: 'outbox', path: '/outbox', who: 'supervisor', act: firstLine },
    { name: 'outbox-phone', path: '/outbox', who: 'supervisor', size: 'phone' },
    { name: 'notices', path: '/notices', who: 'supervisor' },
    { name: 'tickets-columns', path: '/tickets?box=open', who: 'supervisor', act: columns },
    { name: 'documents', path: '/documents', who: 'supervisor' },
    { name: 'document', path: `/documents/${document.id}`, who: 'admin' },
    { name: 'document-template', path: `/documents/templates/${template.id}`, who: 'admin' },
    { name: 'improvements', path: '/improvements', who: 'supervisor' },
    { name: 'improvements-phone', path: '/improvements', who: 'supervisor', size: 'phone' },
    { name: 'improvement', path: `/improvements/${finding.id}`, who: 'supervisor' },
    { name: 'strategy', path: '/improvements/strategy', who: 'supervisor' },
    { name: 'standards', path: '/improvements/standards', who: 'supervisor' },
    { name: 'standard', path: `/improvements/standards/${standard.id}`, who: 'supervisor' },
    { name: 'rule', path: `/automation/${rule.id}`, who: 'admin' },
    { name: 'rule-runs', path: '/automation/runs', who: 'admin' },
  ]
}

/** The first line of a list, opened beside it. */
export const firstLine = (page: Page) =>
  page.locator('table.rows tbody td:not(.pick), tr.ant-table-row td, li.line > button').first().click({ timeout: 5_000 })
const columns = (page: Page) => page.getByRole('button', { name: /^(列|Columns)$/ }).click()
