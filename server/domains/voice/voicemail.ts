import { sql } from 'kysely'
import { numberAsName } from '#domains/customers/index.ts'
import { openTask } from '#domains/tasks/index.ts'
import { when } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { voicemailLeft } from './events.ts'

/** A message on the machine is heard and answered within so much working time. */
const answerMinutes = 120

export const voicemailReactions = [
  when(voicemailLeft, 'give a message left by telephone to whoever is to answer it', (ctx, { about, detail }) =>
    giveMessage(ctx, about, detail.queueId),
  ),
]

async function giveMessage(ctx: Ctx, callId: string, queueId: string): Promise<void> {
  const call = await ctx.db
    .selectFrom('voice.call')
    .select(['caller', 'customerId', 'customerName', 'interactionId'])
    .where('id', '=', callId)
    .executeTakeFirstOrThrow()
  const name = call.customerName || (await numberAsName(ctx, call.caller))
  const who = await whoAnswers(ctx, queueId)
  await openTask(ctx, {
    kind: 'voicemail',
    title: `听留言并回电：${name || '未知客户'}`,
    text: '',
    matter: call.interactionId ? { noun: 'interaction', id: call.interactionId } : null,
    customerId: call.customerId,
    ownerId: who?.id ?? null,
    departmentId: who?.departmentId ?? null,
    dueAt: { minutes: answerMinutes },
    facts: { titleEn: `Hear the message and call back: ${name || 'somebody unknown'}` },
  })
}

/** Whoever works the queue and has the fewest messages to answer, at work before away; null: nobody works it. */
async function whoAnswers(ctx: Ctx, queueId: string): Promise<{ id: string; departmentId: string | null } | null> {
  const { rows } = await sql<{ id: string; departmentId: string | null }>`
    select p.id, p.department_id as "departmentId" from routing.fact_member m
    join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = m.agent_id and not p.retired
    left join routing.fact_presence s on s.tenant_id = ${ctx.tenantId} and s.agent_id = m.agent_id
    where m.tenant_id = ${ctx.tenantId} and m.queue_id = ${queueId}
    order by coalesce(s.state, 'offline') = 'offline', (select count(*) from tasks.fact_task t
      where t.tenant_id = ${ctx.tenantId} and t.owner_id = p.id and t.kind = 'voicemail' and t.done_at is null), p.id
    limit 1`.execute(ctx.db)
  return rows[0] ?? null
}
