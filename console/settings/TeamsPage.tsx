import { teams } from '#contract/people.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { nameOf } from '../kit/words.ts'
import { b } from './business.words.ts'
import { column } from './column.ts'
import { DepartmentPick, NameField, useDepartments } from './fields.tsx'
import { w } from './words.ts'

export default function TeamsPage() {
  const all = useDepartments()
  return (
    <CatalogPage
      of={teams}
      title={w.teams}
      adding={w.addTeam}
      hint={w.teamsHint}
      empty={{ title: b.noTeams, hint: b.noTeamsHint }}
      columns={[
        column(teams, 'name', w.name, t => t.name),
        column(teams, 'department', w.department, t => {
          const department = all.find(d => d.id === t.departmentId)
          return department ? nameOf(department) : ''
        }),
      ]}
      fields={
        <>
          <NameField only />
          <DepartmentPick name="departmentId" label={w.department} required />
        </>
      }
    />
  )
}
