import { sql } from 'kysely'
import { reactionFailed } from '#kernel/failures.ts'
import { type Notice, type NoticeKind, tells } from '#kernel/notices.ts'
import type { Said } from '#kernel/react.ts'
import { runFailed, runFinished } from '#kernel/runs.ts'
import type { Ctx } from '#kernel/work.ts'

const failed: NoticeKind = {
  key: 'house.reaction_failed',
  group: ['系统', 'System'],
  name: ['后续处理失败', 'Reaction failed'],
  says: ['有后续处理多次失败，等您决定', 'A reaction failed every time and waits for a decision'],
  may: 'house:operate',
  important: true,
}
const long = ['长时间的工作', 'Long work'] as const
const done: NoticeKind = {
  key: 'run.done',
  group: long,
  name: ['我的导出、导入等已完成', 'My export, import or the like is done'],
  says: ['{what}已完成', '{whatEn} is done'],
}
const broken: NoticeKind = {
  key: 'run.failed',
  group: long,
  name: ['我的导出、导入等没有完成', 'My export, import or the like failed'],
  says: ['{what}没有完成', '{whatEn} failed'],
  important: true,
}

const nobodys: NoticeKind = {
  ...{ key: 'house.run_failed', group: ['系统', 'System'], may: 'house:operate', important: true },
  name: ['系统自己的长时间工作没有完成', 'Long work of the house failed'],
  says: ['系统的{what}没有完成', '{whatEn} of the house failed'],
}

/** Whoever asked for it; at that very piece of work, where its result is at hand. */
async function asker(ctx: Ctx, { about, detail }: Said<{ kind: string; facts: Record<string, unknown> }>): Promise<Notice | null> {
  const { rows } = await sql<{
    askedById: string | null
  }>`select asked_by_id as "askedById" from kernel.run where tenant_id = ${ctx.tenantId} and id = ${about}`.execute(ctx.db)
  const [what, whatEn] = (await ctx.house.runs.get(detail.kind)?.says?.(ctx, detail.facts)) ?? ['后台工作', 'Background work']
  return { to: { people: [rows[0]?.askedById ?? null] }, link: `/runs?run=${about}`, facts: { what, whatEn } }
}

/** What the house has to tell whoever runs it, and whoever asked for long work. */
export const notices = [
  tells(
    reactionFailed,
    failed,
    async () => ({ to: { holders: true }, link: '/settings/failed-reactions' }),
    // That telling failed is not told the same way again.
    ({ reaction }) => !reaction.endsWith('tell whom it concerns'),
  ),
  tells(runFinished, done, asker),
  tells(runFailed, broken, asker),
  tells(runFailed, nobodys, async (ctx, said) => {
    const notice = await asker(ctx, said)
    return (notice?.to.people?.[0] ?? null) === null && notice ? { ...notice, to: { holders: true } } : null
  }),
]
