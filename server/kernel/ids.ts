import { randomFillSync, randomInt } from 'node:crypto'
import { v7 } from 'uuid'

const minute = 60_000
let last = 0
let sequence = 0

/**
 * A UUIDv7: time-ordered, made in Node because PostgreSQL 15 cannot. The ids of one process ascend, also when its clock goes back a little. A clock that was
 * far ahead and is set right is believed: the library's own sequence would stay in that future for ever.
 */
export function newId(): string {
  const now = Date.now()
  if (now > last || last - now > minute) {
    last = now
    sequence = randomInt(0x7fffffff)
  } else sequence++
  return v7({ msecs: last, seq: sequence, random: random() })
}

// Chance is asked of the system for five hundred ids at once: asking costs more than making one.
const pool = new Uint8Array(8192)
let used = pool.length
function random(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += 16
  return pool.subarray(used - 16, used)
}

/** A UUIDv7 of a past instant, for history that is written afterwards. */
export const idAt = (at: Date): string => v7({ msecs: at.getTime(), random: random() })

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const isId = (text: string): boolean => uuid.test(text)

/** The tenant under which work is done before any tenant is known. It owns no row. */
export const noTenant = '00000000-0000-0000-0000-000000000000'
