import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import * as z from 'zod'
import { DateOrder, ImportKeys, Mapping, OnMatch } from '#contract/imports.ts'
import { asUser } from './access.ts'
import { placeOf } from './files.ts'
import { Refusal } from './refusal.ts'
import type { Ctx } from './work.ts'

/** A day is over, or somebody was erased whom it may hold. */
export const tableGone = 'import.file_gone'

type Pair = readonly [zh: string, en: string]
const Choice = z.object({ mapping: Mapping, keys: ImportKeys, onMatch: OnMatch, dates: DateOrder })
export type Choice = z.output<typeof Choice>

const headingOf = (title: readonly string[]) => createHash('sha256').update(JSON.stringify(title)).digest('base64url')

/** A table with the same heading came before: it is meant the same way again, whoever brings it. */
export async function lastChoice(ctx: Ctx, kind: string, title: readonly string[]): Promise<Choice | null> {
  const { rows } = await sql<{ choice: unknown }>`select choice from kernel.import_source
    where tenant_id = ${ctx.tenantId} and kind = ${kind} and heading = ${headingOf(title)}`.execute(ctx.db)
  return Choice.safeParse(rows[0]?.choice).data ?? null
}

export function keepChoice(ctx: Ctx, kind: string, title: readonly string[], choice: Choice): void {
  ctx.write`insert into kernel.import_source (tenant_id, kind, heading, choice, chosen_at)
    values (${ctx.tenantId}, ${kind}, ${headingOf(title)}, ${JSON.stringify(choice)}, ${ctx.now})
    on conflict (tenant_id, kind, heading) do update set choice = excluded.choice, chosen_at = excluded.chosen_at`
}

/** Headings are the same words in Taipei and Hong Kong, in other signs. */
const simple = new Map(
  '編编 號号 電电 話话 戶户 郵邮 註注 備备 類类 別别 級级 區区 縣县 負负 責责 團团 隊队 標标 籤签 說说 詳详 細细 聯联 絡络 鄉乡 鎮镇 門门 稱称 開开 檔档 機机 碼码 單单 員员 經经 專专 維维 護护 協协 辦办 時时 間间 網网 屬属 統统 帳账 賬账 體体'
    .split(' ')
    .map((pair): [string, string] => [pair.charAt(0), pair.charAt(1)]),
)
const plain = (text: string) =>
  [...text.normalize('NFKC').toLowerCase()]
    .map(sign => simple.get(sign) ?? sign)
    .join('')
    .replaceAll(/[\s*（）()：:_/-]/g, '')

/** Which column is which field, by what they are called. */
export function guess(title: readonly string[], fields: Record<string, { name: Pair; titles: readonly string[] }>): Mapping {
  const mapping: Mapping = {}
  const columns = title.map(plain)
  for (const [key, { name, titles }] of Object.entries(fields)) {
    const known = [...titles, ...name].map(plain)
    const taken = new Set(Object.values(mapping))
    const column = columns.findIndex((text, n) => known.includes(text) && !taken.has(n))
    if (column >= 0) mapping[key] = column
  }
  return mapping
}

/** The file that whoever asks has sent. */
export async function ownUpload(ctx: Ctx, fileId: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`select id from kernel.file where tenant_id = ${ctx.tenantId} and id = ${fileId}
    and noun = 'import' and owner_id = ${asUser(ctx.actor).id}`.execute(ctx.db)
  if (rows.length === 0) throw new Refusal('not_found', tableGone)
  return placeOf(ctx.house, ctx.tenantId, fileId)
}
