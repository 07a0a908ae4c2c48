import { Button } from 'antd'
import { importedLinks } from '#contract/people.ts'
import type { Run } from '#contract/runs.ts'
import { useAct } from '../kit/data.ts'
import { tell } from '../kit/tell.tsx'
import { saveTable } from '../runs/saveTable.ts'
import { linkOf } from './Once.tsx'
import { s } from './security.words.ts'
import { w } from './words.ts'

/** After people were brought in: the links by which they set their passwords, for those who have none yet. */
export default function GiveLinks({ run }: { run: Run }) {
  const give = useAct(importedLinks.give, {
    done: ({ people }) => {
      if (people.length === 0) return tell(s.noLinks)
      saveTable('links.csv', [[w.person, w.login, s.link], ...people.map(p => [p.name, p.login, linkOf(p.token)])])
      tell(s.linksGiven(people.length))
    },
  })
  if (run.state !== 'done' || run.facts.dry === true || (run.outcome.made ?? 0) === 0) return null
  return (
    <Button size="small" loading={give.acting} onClick={() => void give.act({ id: run.id })}>
      {s.giveLinks}
    </Button>
  )
}
