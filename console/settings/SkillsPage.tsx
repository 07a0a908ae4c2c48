import { skills } from '#contract/routing.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { b } from './business.words.ts'
import { column } from './column.ts'
import { NameField } from './fields.tsx'
import { w } from './words.ts'

export default function SkillsPage() {
  return (
    <CatalogPage
      of={skills}
      title={w.skills}
      adding={w.newSkill}
      hint={w.skillsHint}
      empty={{ title: b.noSkills, hint: b.noSkillsHint }}
      columns={[column(skills, 'name', w.name, s => s.name), column(skills, 'nameEn', w.nameEn, s => s.nameEn)]}
      fields={<NameField />}
    />
  )
}
