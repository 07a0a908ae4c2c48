import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import * as z from 'zod'
import type { privacy } from '#contract/privacy.ts'
import { placeOf } from '#kernel/files.ts'
import { type Holding, holdings, theirs } from '#kernel/holdings.ts'
import { ask, run } from '#kernel/runs.ts'
import type { Ctx } from '#kernel/work.ts'
import { zipWriter } from '#kernel/zipWriter.ts'
import { packageAsked } from './events.ts'
import { everyFile, knownAs } from './who.ts'

const page = 500
const told = z.object({ table: z.string(), rows: z.int() })
const Cursor = z.object({
  /** Of the holdings that are told, the one at hand, and the last row of it. */
  n: z.int(),
  after: z.string().nullable(),
  rows: z.int(),
  /** Files still to be taken in. */
  files: z.array(z.object({ id: z.uuid(), name: z.string() })),
  told: z.array(told),
  filesTold: z.int(),
})
const Params = z.object({ customerId: z.uuid(), reason: z.string(), language: z.enum(['zh', 'en']) })
type Bytes = Uint8Array | null

export async function askPackage(
  ctx: Ctx,
  id: string,
  { reason, language }: z.output<typeof privacy.package.body>,
): Promise<{ runId: string }> {
  await everyFile(ctx, id)
  await ctx.emit(packageAsked, { id, customerId: id }, {}, { reason })
  return { runId: await ask(ctx, packing, { customerId: id, reason, language }, { customerId: id }) }
}

const readable = () => holdings().filter(one => one.export.length > 0)
const fileOf = ({ table }: Holding) => `data/${table}.json`

/** Everything that is declared of a person, as they may read it: a file of JSON for each table, the files that go with it, and an index. */
export const packing = run<z.output<typeof Params>, z.output<typeof Cursor>, Bytes>({
  kind: 'privacy.access',
  may: 'customer:privacy',
  params: Params,
  cursor: Cursor,
  start: { n: 0, after: null, rows: 0, files: [], told: [], filesTold: 0 },
  says: () => ['客户个人信息包', 'The package of a customer’s data'],
  outside: async ({ house, work }, { cursor: { files, after } }) => {
    const [file] = files
    if (after !== null || !file) return null
    return readFile(placeOf(house, await work(async ctx => ctx.tenantId), file.id)).catch(() => null)
  },
  step: async (ctx, { params: { customerId, language }, cursor, done }, bytes) => {
    const [file, ...files] = cursor.after === null ? cursor.files : []
    if (file)
      return {
        cursor: { ...cursor, files, filesTold: cursor.filesTold + (bytes ? 1 : 0) },
        done,
        ...(bytes ? { output: frame(`files/${file.id}-${file.name}`, bytes) } : {}),
      }
    const all = readable()
    const holding = all[cursor.n]
    if (!holding)
      return {
        cursor,
        done,
        outcome: { rows: done },
        output: Buffer.concat([
          frame('index.html', Buffer.from(indexPage(language, cursor.told, cursor.filesTold))),
          frame('index.json', Buffer.from(JSON.stringify({ madeAt: ctx.now, holdings: cursor.told, files: cursor.filesTold }, null, 2))),
        ]),
        finished: true,
      }
    const rows = await rowsOf(ctx, holding, customerId, cursor.after)
    const more = rows.length === page
    const found = await filesIn(ctx, rows)
    const count = cursor.rows + rows.length
    const lines = rows.map((row, n) => `${cursor.rows + n === 0 ? '[\n' : ',\n'}${JSON.stringify(row.said, null, 1)}`).join('')
    return {
      cursor: {
        ...cursor,
        files: [...cursor.files, ...found],
        ...(more
          ? { after: rows.at(-1)?.key ?? null, rows: count }
          : {
              n: cursor.n + 1,
              after: null,
              rows: 0,
              told: count > 0 ? [...cursor.told, { table: holding.table, rows: count }] : cursor.told,
            }),
      },
      done: done + rows.length,
      output: count === 0 ? new Uint8Array() : frame(fileOf(holding), Buffer.from(lines + (more ? '' : '\n]\n'))),
    }
  },
  result: ({ params: { language }, askedAt }) => ({
    name: `${language === 'zh' ? '个人信息' : 'Personal data'} ${askedAt.toISOString().slice(0, 10)}.zip`,
    type: 'application/zip',
  }),
  finish: zipped,
})

type Row = { key: string; said: Record<string, unknown>; files: (string | null)[] | null }
async function rowsOf(ctx: Ctx, holding: Holding, customerId: string, after: string | null): Promise<Row[]> {
  const known = await knownAs(ctx, await everyFile(ctx, customerId))
  const said = holding.export.map(name => `'${name}', t.${name}`).join(', ')
  // A row that stands under no id of its own is told apart by what it says.
  const key = holding.hasId ? sql`t.id::text` : sql.raw(`md5(t::text)`)
  const { rows } =
    await sql<Row>`select ${key} as key, json_build_object(${sql.raw(said)}) as said, ${sql.raw(holding.files ?? 'null::uuid[]')} as files
    from ${sql.raw(holding.table)} t where t.tenant_id = ${ctx.tenantId} and ${theirs(holding, ctx.tenantId, known)}
    ${after === null ? sql`` : sql`and ${key} > ${after}`} order by 1 limit ${page}`.execute(ctx.db)
  return rows
}

async function filesIn(ctx: Ctx, rows: readonly Row[]): Promise<{ id: string; name: string }[]> {
  const ids = rows.flatMap(({ files }) => files ?? []).filter(id => id !== null)
  if (ids.length === 0) return []
  const { rows: known } = await sql<{ id: string; name: string }>`select id, name from kernel.file
    where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[]) order by id`.execute(ctx.db)
  return known.map(({ id, name }) => ({ id, name: name.replace(/[\\/:*?"<>|]+/g, ' ') }))
}

/** Outputs of steps: name and bytes by turns; what follows under the same name belongs to the same file. */
function frame(name: string, bytes: Uint8Array): Uint8Array {
  const title = Buffer.from(name)
  const head = Buffer.alloc(8)
  head.writeUInt32LE(title.length, 0)
  head.writeUInt32LE(bytes.length, 4)
  return Buffer.concat([head, title, bytes])
}

async function* zipped(written: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { entry, end } = zipWriter()
  const frames = framesOf(written)
  const seen = new Set<string>()
  let next = await frames.next()
  while (!next.done) {
    const { name } = next.value
    const parts = async function* () {
      while (!next.done && next.value.name === name) {
        yield next.value.bytes
        next = await frames.next()
      }
    }
    // Two messages may carry one file.
    if (seen.has(name)) for await (const _ of parts());
    else yield* entry(name, parts())
    seen.add(name)
  }
  yield* end()
}

async function* framesOf(written: AsyncIterable<Uint8Array>): AsyncGenerator<{ name: string; bytes: Buffer }> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const part of written) {
    rest = rest.length === 0 ? Buffer.from(part) : Buffer.concat([rest, part])
    while (rest.length >= 8) {
      const name = rest.readUInt32LE(0)
      const end = 8 + name + rest.readUInt32LE(4)
      if (rest.length < end) break
      yield { name: rest.toString('utf8', 8, 8 + name), bytes: rest.subarray(8 + name, end) }
      rest = rest.subarray(end)
    }
  }
}

const escaped = (text: string) => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`)
function indexPage(language: 'zh' | 'en', all: readonly z.output<typeof told>[], files: number): string {
  const zh = language === 'zh'
  const named = new Map(holdings().map(one => [one.table as string, one.name[zh ? 0 : 1]]))
  const line = ({ table, rows }: z.output<typeof told>) =>
    `<tr><td><a href="data/${table}.json">${escaped(named.get(table) ?? table)}</a></td><td>${rows}</td><td>data/${table}.json</td></tr>`
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${zh ? '个人信息' : 'Personal data'}</title>
<style>body{font:15px/1.6 sans-serif;max-width:720px;margin:40px auto;padding:0 16px}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:6px;text-align:left}</style>
<h1>${zh ? '您的个人信息' : 'Your personal data'}</h1>
<p>${zh ? '下面是我们保存的与您有关的全部信息，每类一个 JSON 文件；相关的附件、录音和文档在 files 文件夹。' : 'Everything we keep about you, a JSON file for each kind; attachments, recordings and documents are in the folder “files”.'}</p>
<table><tr><th>${zh ? '内容' : 'What'}</th><th>${zh ? '条数' : 'Rows'}</th><th>${zh ? '文件' : 'File'}</th></tr>${all.map(line).join('')}
<tr><td>${zh ? '附件' : 'Files'}</td><td>${files}</td><td>files/</td></tr></table></html>
`
}
