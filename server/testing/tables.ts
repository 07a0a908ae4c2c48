import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { readSheet } from 'read-excel-file/node'
import type { DateOrder, OnMatch, TableHead } from '#contract/imports.ts'
import { openSession, standIn } from '#domains/identity/index.ts'
import { placeOf } from '#kernel/files.ts'
import { oneRun } from '#kernel/runDesk.ts'
import { openDesk } from './desk.ts'
import type { TestHouse } from './house.ts'

type Code = { code?: string; facts?: Record<string, unknown> }
type Asked = { onMatch?: OnMatch; keys?: string[]; dates?: DateOrder; dry?: boolean; mapping?: TableHead['mapping'] }

/** Tables that somebody brings through the doors, as the console does. `role`: as whom, by its code. */
export async function openTables(house: TestHouse, path: `/${string}`) {
  house.house.standIn ??= async (ctx, id) => (await standIn(ctx, id)) && house.user({ id })
  const as = async (name: string, role = 'admin') => {
    const { id } = await openDesk(house).person(name)
    const roleId = sql<string>`(select id from identity.role r where r.tenant_id = ${house.tenantId} and r.code = ${role})`
    await house.work(ctx => ctx.db.updateTable('identity.person').set({ roleId }).where('id', '=', id).execute())
    const token = await house.work(async ctx => (await openSession(ctx, id, { ip: '127.0.0.1', userAgent: 'test' })).token)
    const post = async <T>(url: string, payload: object | Buffer, type = 'application/json') => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': type }
      return (await house.app.inject({ method: 'POST', url: `/api${path}/imports${url}`, headers, payload })).json<T & Code>()
    }
    async function sent(text: string | Buffer) {
      const edge = '----huiyin'
      const head = `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="k.csv"\r\ncontent-type: text/csv\r\n\r\n`
      const file = Buffer.concat([Buffer.from(head), Buffer.from(text), Buffer.from(`\r\n--${edge}--\r\n`)])
      const { id: fileId } = await post<{ id: string }>('/file', file, `multipart/form-data; boundary=${edge}`)
      return { fileId, head: await post<TableHead>('/head', { fileId }) }
    }
    async function over(runId: string) {
      await house.settle()
      const run = await house.as(house.user({ id })).work(ctx => oneRun(ctx, runId))
      const sheet = run.file ? await readSheet(readFileSync(placeOf(house.house, house.tenantId, runId))) : []
      return { run, left: sheet.slice(1) }
    }
    async function imported(text: string | Buffer, how: Asked = {}) {
      const { fileId, head } = await sent(text)
      const asked = { fileId, reading: head.reading, mapping: head.mapping, onMatch: 'skip', dry: false, language: 'zh', ...how }
      return { head, ...(await over((await post<{ id: string }>('', asked)).id)) }
    }
    const takeBack = (run: { id: string }) => post<{ id: string }>(`/${run.id}/taking-back`, { language: 'zh' })
    return { id, post, sent, over, imported, takeBack }
  }
  return { as }
}
