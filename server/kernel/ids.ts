import { v7 } from 'uuid'

/** A UUIDv7: time-ordered, made in Node because PostgreSQL 15 cannot. */
export const newId = (): string => v7()

/** A UUIDv7 of a past instant, for history that is written afterwards. */
export const idAt = (at: Date): string => v7({ msecs: at.getTime() })

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const isId = (text: string): boolean => uuid.test(text)

/** The tenant under which work is done before any tenant is known. It owns no row. */
export const noTenant = '00000000-0000-0000-0000-000000000000'
