import type { Permission } from '#contract/endpoint.ts'
import { addPerson } from '#domains/identity/people.ts'
import { firstRoles, type RoleCode } from '#domains/identity/rules.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import type { TestHouse } from './house.ts'

/** People of a house with a department and two teams, each with what their role may. */
export async function openColleagues(house: TestHouse) {
  const place = await house.work(async ctx => {
    const department = { id: newId(), name: '客服中心' }
    await ctx.db.insertInto('identity.department').values(department).execute()
    const [one, two] = [newId(), newId()]
    await ctx.db
      .insertInto('identity.team')
      .values([
        { id: one, name: '一组', departmentId: department.id },
        { id: two, name: '二组', departmentId: department.id },
      ])
      .execute()
    const roles = await ctx.db.selectFrom('identity.role').select(['id', 'code']).execute()
    return { departmentId: department.id, one, two, roles: new Map(roles.map(r => [r.code, r.id])) }
  })
  let n = 0
  /** Somebody of team one or two, or of the department without a team. */
  async function person(name: string, code: RoleCode, team: 'one' | 'two' | null = 'one'): Promise<User> {
    const teamId = team && place[team]
    const roleId = place.roles.get(code) ?? ''
    const added = await house.work(ctx =>
      addPerson(ctx, { name, login: `person${n++}`, password: 'Deep-Water-7', departmentId: place.departmentId, teamId, roleId }),
    )
    const grants = new Map(Object.entries(firstRoles[code].grants).map(([p, scope]) => [p as Permission, scope]))
    return house.user({ id: added.id, name, departmentId: place.departmentId, teamId, grants })
  }
  return { ...place, person, role: (code: RoleCode) => place.roles.get(code) ?? '' }
}
