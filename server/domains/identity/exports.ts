import { auditExports, peopleExports } from '#contract/lists.ts'
import { listExport, withNames } from '#kernel/exports.ts'
import { listAudit } from './audit.ts'
import { listPeople } from './people.ts'

export const exports = [
  listExport({
    noun: 'people',
    name: ['人员', 'People'],
    asks: peopleExports,
    page: async (ctx, query) =>
      withNames(ctx, await listPeople(ctx, query), {
        departmentName: ['identity.fact_department', row => row.departmentId],
        teamName: ['identity.fact_team', row => row.teamId],
        roleName: ['identity.fact_role', row => row.roleId],
      }),
    columns: {
      name: { title: ['姓名', 'Name'], value: row => row.name },
      login: { title: ['登录名', 'Login'], value: row => row.login },
      department: { title: ['部门', 'Department'], value: row => row.departmentName },
      team: { title: ['班组', 'Team'], value: row => row.teamName },
      role: { title: ['角色', 'Role'], value: row => row.roleName },
      retired: { title: ['停用', 'Retired'], value: (row, say) => (row.retired ? say(['是', 'yes']) : '') },
      secondFactor: {
        title: ['两步登录', 'Second factor'],
        value: (row, say) => (row.secondFactor === null ? '' : say(row.secondFactor ? ['是', 'yes'] : ['否', 'no'])),
      },
    },
  }),
  listExport({
    noun: 'audit',
    name: ['审计', 'Audit'],
    asks: auditExports,
    page: listAudit,
    columns: {
      at: { title: ['时间', 'Time'], value: row => row.at },
      what: { title: ['事项', 'Event'], value: row => row.what },
      actor: { title: ['操作人', 'By'], value: row => row.actorName ?? row.actorKind },
      about: { title: ['对象', 'About'], value: row => row.aboutName ?? row.about },
      changes: { title: ['变动', 'Changes'], value: row => row.changes.map(c => `${c.field}: ${c.was} → ${c.is}`).join('\n') },
      facts: {
        title: ['其他', 'Further facts'],
        value: row =>
          Object.entries(row.facts)
            .map(([key, fact]) => `${key}: ${fact}`)
            .join('\n'),
      },
    },
  }),
]
