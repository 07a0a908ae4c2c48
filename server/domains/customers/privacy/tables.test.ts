import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { placeOf } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTables } from '#testing/tables.ts'
import { addCustomer } from '../actions.ts'
import { changeAll } from '../importing/change.ts'
import { read } from '../importing/fields.ts'
import { eraseCustomer } from './erasure.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const query = async <T extends object>(text: string, values: unknown[]) => (await house.house.control.query<T>(text, values)).rows

test('a table that was sent and not brought in goes with whoever is erased, and an import that waits does not bring them back', async () => {
  const me = await (await openTables(house, '/customers')).as('张敏')
  const text = '姓名,电话\n张三疯,13912345678\n'
  const { id, number } = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '张三疯', phone: '13912345678' })))
  const [looked, asked] = [await me.sent(text), await me.sent(text)]
  expect(looked.head.rows[0]?.cells).toEqual(['张三疯', '13912345678'])
  // Something of theirs is under way already, and the erasure takes the other place: their import waits.
  await query(
    `insert into kernel.run (tenant_id, id, kind, facts, params, state, cursor, asked_by_id, asked_at, beat_at) values ($1, $2, 'test.idle', '{}', '{}', 'running', '{}', $3, now(), now())`,
    [house.tenantId, newId(), me.id],
  )
  await house.work(ctx => eraseCustomer(ctx, id, { number, reason: '申请' }))
  const { reading, mapping } = asked.head
  const body = { fileId: asked.fileId, reading, mapping, onMatch: 'skip', dry: false, language: 'zh' }
  const { id: runId } = await me.post<{ id: string }>('', body)
  expect(await query('select state from kernel.run where id = $1', [runId])).toEqual([{ state: 'waiting' }])

  const { run } = await me.over(runId)
  expect(await query('select erased_at is not null as over from customers.erasure where customer_id = $1', [id])).toEqual([{ over: true }])
  expect(run).toMatchObject({ state: 'cancelled', code: 'import.file_gone' })
  expect((await house.said('run.cancelled')).at(-1)).toMatchObject({ kind: 'import.customers' })
  for (const { fileId } of [looked, asked]) {
    expect(existsSync(placeOf(house.house, house.tenantId, fileId))).toBe(false)
    expect((await me.post('/head', { fileId })).code).toBe('import.file_gone')
    expect((await me.post('', { ...body, fileId })).code).toBe('import.file_gone')
  }
  // Nor does a batch that looked them up before they were gone.
  const said = read({ name: '张三疯', phone: '13912345678' }, 'asked', {})
  if ('wrong' in said) throw new Error(said.wrong)
  expect(await house.work(ctx => changeAll(ctx, new Map([[id, said]]), 'UTC'))).toEqual([])
  expect(await query(`select 1 from customers.customer where name = '张三疯'`, [])).toEqual([])
})
