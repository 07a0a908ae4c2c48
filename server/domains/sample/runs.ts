import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import { customerImport } from '#domains/customers/index.ts'
import { ticketExport } from '#domains/tickets/index.ts'
import { actorId } from '#kernel/access.ts'
import { placeOf } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { ask } from '#kernel/runs.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Ids, Say } from './furnishing.ts'

/** What the supervisor took along and brought in: carried out like everybody's, when the worker comes to it. */
export async function furnishRuns(ctx: Ctx, ids: Ids, language: 'zh' | 'en', timezone: string, say: Say): Promise<void> {
  const system = ctx.actor
  const supervisor = await ctx.house.standIn(ctx, ids('person supervisor'))
  if (supervisor === null) return
  ctx.actor = supervisor
  const columns = ['number', 'title', 'kind', 'status', 'priority', 'customer', 'department', 'openedAt', 'dueAt', 'late']
  const asked = { filter: { box: 'open' }, format: 'xlsx', columns, language }
  await ask(ctx, ticketExport.kind, { asked, zone: timezone }, { noun: 'tickets', format: 'xlsx', columns: columns.length, filtered: true })
  await bring(ctx, language, say)
  ctx.actor = system
}

/** A table of readings of meters: customers known by their numbers, two rows that cannot be. */
async function bring(ctx: Ctx, language: 'zh' | 'en', say: Say): Promise<void> {
  const { rows: known } = await sql<{
    number: string
    name: string
    district: string
  }>`select number, name, district from customers.customer
    where tenant_id = ${ctx.tenantId} and district <> '' order by since, id limit 12`.execute(ctx.db)
  const title = say(['户号,姓名,电话,片区', 'Number,Name,Phone,District']).split(',')
  const rows = [
    ...known.map(({ number, name, district }) => [number, name, '', district]),
    ['Q-2081', say(['罗小满', 'Luo Xiaoman']), say(['无', 'none']), ''],
    ['Q-2082', '', '13800136082', ''],
  ]
  const bytes = Buffer.from(
    `\ufeff${[title, ...rows].map(cells => cells.map(cell => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n')}\r\n`,
  )
  const fileId = newId()
  const place = placeOf(ctx.house, ctx.tenantId, fileId)
  await mkdir(path.dirname(place), { recursive: true })
  await writeFile(place, bytes, { mode: 0o600 })
  await sql`insert into kernel.file (tenant_id, id, name, type, size, sha256, owner_kind, owner_id, noun, created_at)
    values (${ctx.tenantId}, ${fileId}, ${say(['抄表册.csv', 'meter book.csv'])}, 'text/plain', ${bytes.length}, ${createHash('sha256').update(bytes).digest('hex')}, 'user', ${actorId(ctx.actor)}, 'import', ${ctx.now})`.execute(
    ctx.db,
  )
  const how = { onMatch: 'skip', dry: false } as const
  await ask(
    ctx,
    customerImport.kind,
    {
      fileId,
      reading: { encoding: 'utf-8', separator: ',' },
      mapping: { number: 0, name: 1, phone: 2, district: 3 },
      title,
      ...how,
      language,
    },
    { noun: 'customers', ...how },
  )
}
