import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { type Actor, actorId, system } from './access.ts'
import { checkFile } from './fileCheck.ts'
import { clearHalves, halfOf } from './halves.ts'
import type { House } from './house.ts'
import { isId, newId } from './ids.ts'
import { newLimit } from './limits.ts'
import { found, Refusal } from './refusal.ts'
import { hmac, sameText } from './secrets.ts'
import { admitted, type Door } from './serve.ts'
import { type Ctx, work } from './work.ts'

export type FileCard = { id: string; name: string; type: string; size: number; width: number | null; height: number | null; url: string }
type Row = Omit<FileCard, 'url'> & { ownerKind: string; ownerId: string | null; about: string | null }

const columns = sql`id, name, type, size, width, height, owner_kind as "ownerKind", owner_id as "ownerId", about`
const halfDay = 12 * 3600
/** Files somebody uploaded and has not used yet. */
const mostUnused = 30

export const placeOf = (house: House, tenantId: string, id: string) => path.join(house.settings.filesFolder, tenantId, id.slice(-2), id)

/** Checks, keeps and records a file. It belongs to nothing until `bindFile` says to what. */
export async function keepFile(house: House, actor: Actor, name: string, bytes: Buffer): Promise<FileCard> {
  const checked = await checkFile(name, bytes)
  const id = newId()
  const place = await writeWhole(house, actor.tenantId, id, bytes)
  try {
    return await work(house, actor, async ctx => {
      const kind = actor.kind === 'user' || actor.kind === 'visitor' ? actor.kind : 'system'
      const {
        rows: [unused],
      } = await sql<{
        n: number
      }>`select count(*)::int as n from kernel.file where tenant_id = ${ctx.tenantId} and about is null and owner_kind = ${kind} and owner_id = ${actorId(actor)}`.execute(
        ctx.db,
      )
      if (unused && unused.n >= mostUnused) throw new Refusal('too_many', 'file.too_many_unused', { retryAfter: 3600 })
      await sql`insert into kernel.file (tenant_id, id, name, type, size, width, height, sha256, owner_kind, owner_id, created_at)
        values (${ctx.tenantId}, ${id}, ${checked.name}, ${checked.type}, ${bytes.length}, ${checked.width}, ${checked.height},
          ${createHash('sha256').update(bytes).digest('hex')}, ${kind}, ${actorId(actor)}, ${ctx.now})`.execute(ctx.db)
      return { id, size: bytes.length, ...checked, url: fileUrl(ctx, id) }
    })
  } catch (error) {
    await rm(place, { force: true })
    throw error
  }
}

/** Records a file that the house made itself and that stands at its place already. It is fetched only where its noun lets it be. */
export async function recordFile(
  ctx: Ctx,
  {
    id,
    name,
    type,
    size,
    sha256,
    noun,
    ownerId,
  }: Pick<Row, 'id' | 'name' | 'type' | 'size' | 'ownerId'> & { sha256: string; noun: string },
): Promise<void> {
  await sql`insert into kernel.file (tenant_id, id, name, type, size, sha256, owner_kind, owner_id, noun, about, created_at)
    values (${ctx.tenantId}, ${id}, ${name}, ${type}, ${size}, ${sha256}, ${ownerId === null ? 'system' : 'user'}, ${ownerId}, ${noun}, ${id}, ${ctx.now})`.execute(
    ctx.db,
  )
}

/** Puts bytes the house made to their place, whole or not at all; `recordFile` says so, under the same id. Written twice, the second stands. */
export async function placeFile(house: House, tenantId: string, id: string, bytes: Uint8Array): Promise<{ size: number; sha256: string }> {
  await writeWhole(house, tenantId, id, bytes)
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** The same with a file that was written beside, however large; it is not there any more. */
export async function adoptFile(house: House, tenantId: string, id: string, from: string): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256')
  const handle = await open(from, 'r+')
  try {
    for await (const part of handle.createReadStream({ autoClose: false })) hash.update(part)
    await handle.sync()
    const { size } = await handle.stat()
    await toItsPlace(house, tenantId, id, from)
    return { size, sha256: hash.digest('hex') }
  } finally {
    await handle.close()
  }
}

/** Removes a file the house made, its row now and its bytes after the commit. */
export async function dropFile(ctx: Ctx, id: string): Promise<void> {
  await sql`delete from kernel.file where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  ctx.afterCommit('remove a file', house => rm(placeOf(house, ctx.tenantId, id), { force: true }))
}

/** On the disk before its row is: a row never points at half a file. */
async function writeWhole(house: House, tenantId: string, id: string, bytes: Uint8Array): Promise<string> {
  const half = await halfOf(house, tenantId, id)
  const handle = await open(half, 'w', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return toItsPlace(house, tenantId, id, half)
}

/** What stands whole beside goes where it belongs. */
export async function toItsPlace(house: House, tenantId: string, id: string, half: string): Promise<string> {
  const place = placeOf(house, tenantId, id)
  await mkdir(path.dirname(place), { recursive: true })
  await rename(half, place)
  return place
}

/** Binds an uploaded file to the thing it was uploaded for. Only its uploader can, and only once. */
export async function bindFile(ctx: Ctx, id: string, noun: string, about: string): Promise<FileCard> {
  const { rows } = await sql<Row>`select ${columns} from kernel.file where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
    ctx.db,
  )
  const row = found(rows[0], 'file', id)
  if (row.ownerKind !== ctx.actor.kind || row.ownerId !== actorId(ctx.actor)) throw new Refusal('not_found', 'file.not_found', { id })
  if (row.about !== null) throw new Refusal('conflict', 'file.already_used', { id })
  await sql`update kernel.file set noun = ${noun}, about = ${about} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  return card(ctx, row)
}

/** What is in a file that this actor uploaded and nothing has used. */
export async function bytesOf(ctx: Ctx, id: string): Promise<Buffer> {
  const { rows } =
    await sql<Row>`select ${columns} from kernel.file where tenant_id = ${ctx.tenantId} and id = ${id} and about is null`.execute(ctx.db)
  const row = found(rows[0], 'file', id)
  if (row.ownerKind !== ctx.actor.kind || row.ownerId !== actorId(ctx.actor)) throw new Refusal('not_found', 'file.not_found', { id })
  return readFile(placeOf(ctx.house, ctx.tenantId, id)).catch(() => {
    throw new Refusal('gone', 'file.gone')
  })
}

export async function fileCards(ctx: Ctx, ids: readonly string[]): Promise<Map<string, FileCard>> {
  if (ids.length === 0) return new Map()
  const { rows } =
    await sql<Row>`select ${columns} from kernel.file where tenant_id = ${ctx.tenantId} and id = any(${[...ids]}::uuid[])`.execute(ctx.db)
  return new Map(rows.map(row => [row.id, card(ctx, row)]))
}

const card = (ctx: Ctx, { id, name, type, size, width, height }: Row): FileCard => ({
  id,
  name,
  type,
  size,
  width,
  height,
  url: fileUrl(ctx, id),
})

/** The address under which whoever was shown the file may fetch it for the next 12 to 24 hours, or once to twice `seconds`. The same all that time, so browsers keep it. */
export function fileUrl({ house, tenantId, now }: Pick<Ctx, 'house' | 'tenantId' | 'now'>, id: string, seconds = halfDay): string {
  const until = (Math.floor(now.getTime() / 1000 / seconds) + 2) * seconds
  return `/files/${id}?t=${tenantId.replaceAll('-', '')}.${until.toString(36)}.${hmac(house.key, `file ${tenantId} ${id} ${until}`)}`
}

/** The tenant whose file the signed address names; null when it is forged or too old. */
function signedTenant(house: House, id: string, t: unknown): string | null {
  const match =
    typeof t === 'string'
      ? /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.([0-9a-z]{1,9})\.([\w-]{43})$/.exec(t)
      : null
  if (!match || !isId(id)) return null
  const tenantId = match.slice(1, 6).join('-')
  const until = Number.parseInt(match[6] ?? '', 36)
  if (!sameText(hmac(house.key, `file ${tenantId} ${id} ${until}`), match[7] ?? '')) return null
  return until * 1000 > house.clock().getTime() ? tenantId : null
}

/** Anyone is a visitor: so many files and so many bytes for each, and five times that for the office behind one address. Refused before a byte is read. */
function visitorUploads() {
  const code = 'file.too_many_uploads'
  const per = (share: number) => ({
    files: newLimit({ burst: 20 * share, perSecond: share / 15, code }),
    bytes: newLimit({ burst: 100e6 * share, perSecond: 50e3 * share, code }),
  })
  const [visitor, address] = [per(1), per(5)]
  return async (house: House, visitorId: string, ip: string, bytes: number, now: Date): Promise<void> => {
    for (const [limit, key] of [
      [visitor, visitorId],
      [address, ip],
    ] as const) {
      await limit.files(house, key, now)
      await limit.bytes(house, key, now, bytes)
    }
  }
}
/** Where no length is announced. */
const largestUpload = 20 * 1024 * 1024

/** Uploads by users and visitors, and the address files are fetched from. */
export function fileRoutes({ app, house }: Pick<Door, 'app' | 'house'>): void {
  const uploads = visitorUploads()
  for (const [url, may] of [
    ['/api/files', 'signed-in'],
    ['/api/widget/files', 'visitor'],
  ] as const)
    app.post(url, async request => {
      // Who it is in one short transaction; the upload may take its time.
      const actor = await admitted(house, request, may, async ctx => ctx.actor)
      if (!request.isMultipart()) throw new Refusal('invalid', 'input.media_type')
      if (actor.kind === 'visitor')
        await uploads(house, actor.id, request.ip, Number(request.headers['content-length'] ?? largestUpload), house.clock())
      const part = await request.file()
      if (!part) throw new Refusal('invalid', 'file.empty')
      return keepFile(house, actor, part.filename, await part.toBuffer())
    })

  app.get<{ Params: { id: string }; Querystring: { t?: string } }>('/files/:id', async (request, reply) => {
    const { id } = request.params
    const tenantId = signedTenant(house, id, request.query.t)
    if (tenantId === null) throw new Refusal('not_found', 'file.not_found')
    const cards = await work(house, system(tenantId), ctx => fileCards(ctx, [id]))
    return send(request, reply, found(cards.get(id), 'file', id), placeOf(house, tenantId, id))
  })
}

/** Never rendered as a page of ours: no sniffing, no script, no frame, and everything but pictures and media is downloaded. */
export async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { name, type }: Pick<FileCard, 'name' | 'type'>,
  place: string,
  kept = 'private, max-age=43200, immutable',
) {
  const size = (await stat(place).catch(() => null))?.size
  if (size === undefined) throw new Refusal('gone', 'file.gone')
  const shown = /^(image|audio|video)\//.test(type) ? 'inline' : 'attachment'
  reply
    .type(type)
    .header('content-security-policy', "default-src 'none'; sandbox; frame-ancestors 'none'")
    .header(
      'content-disposition',
      `${shown}; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, c => `%${c.charCodeAt(0).toString(16)}`)}`,
    )
    .header('cache-control', kept)
    .header('cross-origin-resource-policy', 'same-origin')
    .header('accept-ranges', 'bytes')
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  if (!range) return reply.header('content-length', size).send(createReadStream(place))
  const start = Number(range[1])
  const end = Math.min(range[2] ? Number(range[2]) : size - 1, size - 1)
  if (start > end) return reply.code(416).header('content-range', `bytes */${size}`).send()
  return reply
    .code(206)
    .header('content-range', `bytes ${start}-${end}/${size}`)
    .header('content-length', end - start + 1)
    .send(createReadStream(place, { start, end }))
}

/** Files that were uploaded a day ago and never sent, and what was never written to its end. Returns how many of the first went. */
export async function clearUnusedFiles(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{
    id: string
  }>`delete from kernel.file where tenant_id = ${ctx.tenantId} and about is null and created_at < ${new Date(ctx.now.getTime() - 86_400_000)} returning id`.execute(
    ctx.db,
  )
  clearHalves(ctx)
  ctx.afterCommit('remove unused files', async house => {
    for (const { id } of rows) await rm(placeOf(house, ctx.tenantId, id), { force: true })
  })
  return rows.length
}
