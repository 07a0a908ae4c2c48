import { sql } from 'kysely'
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

export async function segmentFacts(ctx: Ctx, id: string): Promise<Fields> {
  const { rows } = await sql<{
    stage: string
  }>`select stage from customers.customer where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  return { stage: rows[0]?.stage ?? '', segments: await segmentsOf(ctx, id) }
}

/** What is to be done in a stage is a rule's to do. */
export const moved = trigger(customerMoved, {
  subject: 'customer',
  name: '客户等级或阶段变动',
  nameEn: 'A customer moves to another tier or stage',
  is: d => ({ [d.kind]: d.becomes }),
  was: d => ({ [d.kind]: d.was }),
})
