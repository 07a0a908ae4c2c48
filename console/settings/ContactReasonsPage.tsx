import { contactReasons } from '#contract/interactions.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { column } from './column.ts'
import { NameField, PositionField, ReasonPick, useReasons } from './fields.tsx'
import { w } from './words.ts'

export default function ContactReasonsPage() {
  const paths = useReasons()
  const path = (id: string | null) => paths.find(p => p.id === id)?.name ?? ''
  return (
    <CatalogPage
      of={contactReasons}
      title={w.reasons}
      hint={w.reasonsHint}
      fresh={{ position: 0 }}
      columns={[
        column(contactReasons, 'name', w.name, r => r.name),
        column(contactReasons, 'nameEn', w.nameEn, r => r.nameEn),
        column(contactReasons, 'parent', w.parent, r => <span className="t2">{path(r.parentId) || w.topLevel}</span>),
        column(contactReasons, 'position', w.position, r => r.position, 72),
      ]}
      fields={
        <>
          <NameField />
          <ReasonPick name="parentId" label={w.parent} placeholder={w.topLevel} />
          <PositionField />
        </>
      }
    />
  )
}
