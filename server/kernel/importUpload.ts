import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Permission } from '#contract/endpoint.ts'
import { asUser } from './access.ts'
import { properName } from './fileCheck.ts'
import { placeOf, toItsPlace } from './files.ts'
import { halfOf } from './halves.ts'
import { newId } from './ids.ts'
import { newLimit } from './limits.ts'
import { Refusal } from './refusal.ts'
import { admitted, type Door } from './serve.ts'
import { contentsOf } from './zip.ts'

const largest = 512 * 1024 * 1024
const uploads = newLimit({ burst: 60, perSecond: 60 / 3600, code: 'file.too_many_uploads' })

/** Tables may be much larger than what is sent in a chat: they go to the disk as they come and are looked at there. A day later they are gone. */
export function importUpload({ app, house }: Pick<Door, 'app' | 'house'>, at: string, may: Permission): void {
  app.post(`/api${at}/file`, async request => {
    const actor = await admitted(house, request, may, async ctx => asUser(ctx.actor))
    if (!request.isMultipart()) throw new Refusal('invalid', 'input.media_type')
    await uploads(house, actor.id, house.clock())
    const part = await request.file({ limits: { fileSize: largest, files: 1, fields: 5, parts: 6 } })
    if (!part) throw new Refusal('invalid', 'file.empty')
    const id = newId()
    const half = await halfOf(house, actor.tenantId, id)
    const handle = await open(half, 'w+', 0o600)
    const hash = createHash('sha256')
    let size = 0
    try {
      for await (const bytes of part.file) {
        hash.update(bytes)
        size += bytes.length
        await handle.write(bytes)
      }
      if (part.file.truncated) throw new Refusal('too_large', 'file.too_large', { most: largest })
      if (size === 0) throw new Refusal('invalid', 'file.empty')
      const start = Buffer.alloc(4)
      await handle.read(start, 0, 4, 0)
      const isPacked = start.readUInt32LE(0) === 0x04034b50
      if (isPacked) await contentsOf(handle)
      else if (start.readUInt32LE(0) === 0xe011cfd0) throw new Refusal('invalid', 'file.old_workbook')
      await handle.sync()
      await toItsPlace(house, actor.tenantId, id, half)
      const name = properName(part.filename, isPacked ? ['xlsx'] : ['csv', 'txt', 'tsv'])
      const type = isPacked ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : 'text/plain'
      await admitted(house, request, may, async ctx => {
        await sql`insert into kernel.file (tenant_id, id, name, type, size, sha256, owner_kind, owner_id, noun, created_at)
          values (${ctx.tenantId}, ${id}, ${name}, ${type}, ${size}, ${hash.digest('hex')}, 'user', ${actor.id}, 'import', ${ctx.now})`.execute(
          ctx.db,
        )
      })
      return { id, name, size }
    } catch (error) {
      for (const place of [half, placeOf(house, actor.tenantId, id)]) await rm(place, { force: true })
      throw error
    } finally {
      await handle.close()
    }
  })
}
