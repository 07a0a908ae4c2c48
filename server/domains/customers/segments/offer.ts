import { sql } from 'kysely'
import type { Leaf } from '#contract/conditions.ts'
import { type FieldOffer, type Fields, type Option, trigger } from '#kernel/automation.ts'
import type { Ctx } from '#kernel/work.ts'
import { customerMoved } from './events.ts'
import { segmentsField } from './fields.ts'
import { segmentsOf } from './queries.ts'
import { readSteps } from './steps.ts'

/** For rules of any kind: the stage, and the segments a customer is in at the moment it is asked. */
export async function segmentFields(ctx: Ctx): Promise<FieldOffer[]> {
  const { rows } = await sql<Option>`select id::text as value, name, name_en as "nameEn" from customers.segment
    where tenant_id = ${ctx.tenantId} and not retired order by name, id`.execute(ctx.db)
  const stages = (await readSteps(ctx, 'stage')).map(({ key, name, nameEn }) => ({ value: key, name, nameEn }))
  return [
    { key: 'stage', kind: 'choice', name: '阶段', nameEn: 'Stage', options: stages },
    { ...segmentsField, options: rows },
  ]
}

/** Of the segments those that are named; all of them only where somebody asks whether there are any. */
export async function segmentFacts(ctx: Ctx, id: string, asked: readonly Leaf[]): Promise<Fields> {
  const { rows } = await sql<{
    stage: string
  }>`select stage from customers.customer where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  const stage = rows[0]?.stage ?? ''
  const about = asked.filter(leaf => leaf.field === segmentsField.key)
  if (about.length === 0) return { stage }
  const named = about.flatMap(({ value }) => (Array.isArray(value) ? value : []))
  const byName = about.every(({ value }) => Array.isArray(value))
  return { stage, segments: await segmentsOf(ctx, id, byName ? named : undefined) }
}

/** What is to be done in a stage is a rule's to do. */
export const moved = trigger(customerMoved, {
  subject: 'customer',
  name: '客户等级或阶段变动',
  nameEn: 'A customer moves to another tier or stage',
  is: d => ({ [d.kind]: d.becomes }),
  was: d => ({ [d.kind]: d.was }),
})
