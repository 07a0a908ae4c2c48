import { sql } from 'kysely'
import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'

/** So many a time, for their rows are held while it lasts: a table of seven million is read through in a day, and nobody waits for it. */
const most = 5_000

/** Titles from before there was an index of their words, the newest first. A row that somebody works on is taken the next time. */
export async function readTitles(ctx: Ctx): Promise<void> {
  for (const table of ['tasks.task', 'tasks.approval'] as const) {
    const { rows } = await sql<{ id: string; title: string }>`select id, title from ${sql.table(table)}
      where tenant_id = ${ctx.tenantId} and tsv = '' and title ~ '[^[:space:][:punct:]]' order by id desc limit ${most} for update skip locked`.execute(
      ctx.db,
    )
    if (rows.length === 0) continue
    await sql`update ${sql.table(table)} t set tsv = r.tsv::tsvector
      from unnest(${rows.map(r => r.id)}::uuid[], ${rows.map(r => bigrams(r.title))}::text[]) r (id, tsv)
      where t.tenant_id = ${ctx.tenantId} and t.id = r.id`.execute(ctx.db)
  }
}
