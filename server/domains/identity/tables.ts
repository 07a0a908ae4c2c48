import type { ColumnType, Generated } from 'kysely'
import type { Calendar } from '#contract/calendars.ts'
import type { Limits, Scope } from '#contract/rights.ts'

type Language = 'zh' | 'en'
/** jsonb: read as what it holds, written as text or as a plain object. */
type Json<T> = ColumnType<T, string | T, string | T>

declare module '#kernel/tables.ts' {
  interface Tables {
    'identity.tenant': {
      tenantId: Generated<string>
      slug: string
      name: string
      nameEn: Generated<string>
      brand: Generated<string>
      timezone: Generated<string>
      language: Generated<Language>
      sample: Generated<boolean>
      settings: Generated<Record<string, unknown>>
      createdAt: Date
    }
    'identity.department': {
      id: string
      name: string
      nameEn: Generated<string>
      parentId: string | null
      takesTickets: Generated<boolean>
      calendarId: string | null
      retired: Generated<boolean>
    }
    'identity.team': { id: string; name: string; departmentId: string; retired: Generated<boolean> }
    'identity.role': {
      id: string
      code: string | null
      name: string
      nameEn: Generated<string>
      grants: Json<Record<string, Scope>>
      limits: ColumnType<Limits, string | undefined, string>
      secondFactor: Generated<boolean>
      retired: Generated<boolean>
    }
    'identity.passwordLink': { id: string; personId: string; tokenHash: string; madeAt: Date; expiresAt: Date }
    'identity.secondFactor': { personId: string; secret: string; confirmedAt: Date | null; lastStep: number }
    'identity.recoveryCode': { personId: string; codeHash: string }
    'identity.apiKey': {
      id: string
      name: string
      tokenHash: string
      grants: Json<Record<string, Scope>>
      departmentId: string | null
      teamId: string | null
      madeById: string
      madeAt: Date
      expiresAt: Date | null
      usedAt: Date | null
      revokedAt: Date | null
    }
    'identity.person': {
      id: string
      login: string
      email: Generated<string | null>
      name: string
      passwordHash: string | null
      departmentId: string | null
      teamId: string | null
      roleId: string
      language: Language | null
      retired: Generated<boolean>
      addedAt: Date
    }
    'identity.session': {
      id: string
      personId: string
      tokenHash: string
      openedAt: Date
      seenAt: Date
      expiresAt: Date
      ip: string
      userAgent: string
    }
    'identity.signInFailure': { login: string; failed: number; lockedUntil: Date | null; lastAt: Date }
    'identity.calendar': {
      id: string
      name: string
      timezone: string
      week: Calendar['week']
      days: Generated<Calendar['days']>
      isDefault: Generated<boolean>
      retired: Generated<boolean>
    }
    'identity.factPerson': {
      id: string
      name: string
      login: string
      departmentId: string | null
      teamId: string | null
      retired: boolean
      roleId: string
    }
    'identity.factDepartment': {
      id: string
      name: string
      nameEn: string
      parentId: string | null
      takesTickets: boolean
      retired: boolean
    }
  }
}
