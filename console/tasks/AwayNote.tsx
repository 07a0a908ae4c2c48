import { Button } from 'antd'
import { absences } from '#contract/tasks.ts'
import { useMay, useMe } from '../app/me.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { IconCoffee } from '../kit/icons.ts'
import { Sep } from '../kit/parts.tsx'
import { clockTime } from '../kit/time.ts'
import { w } from './words.ts'

export function useAbsences() {
  const may = useMay()
  return useFetch(absences.list, { query: {} }, { enabled: may('task:read'), staleTime: 30_000, refetchInterval: 120_000 }).data ?? []
}

/** Above the list: that I am away, or for whom I stand in now. */
export function AwayNote() {
  const me = useMe()?.user.id
  const all = useAbsences()
  const end = useAct(absences.end, { also: ['work', 'tasks', 'approvals'] })
  const now = Date.now()
  const mine = all.find(a => a.personId === me)
  const others = all.filter(a => a.deputyId === me && a.fromAt.getTime() <= now)
  if (!mine && others.length === 0) return null
  const begun = mine !== undefined && mine.fromAt.getTime() <= now
  return (
    <div className="awaynotes">
      {mine && (
        <div className="note wa">
          <IconCoffee size={16} className="wac" />
          <span className="grow">
            {begun ? w.awayNow(clockTime(mine.untilAt)) : w.awaySoon(clockTime(mine.fromAt))}
            {mine.deputyName && (
              <>
                <Sep />
                {w.standsIn(mine.deputyName)}
              </>
            )}
          </span>
          <Button size="small" loading={end.acting} onClick={() => void end.act({ id: mine.id })}>
            {begun ? w.imBack : w.takeBack}
          </Button>
        </div>
      )}
      {others.map(a => (
        <div key={a.id} className="note">
          <IconCoffee size={16} className="acc" />
          <span className="grow">{w.youStandIn(a.personName ?? '', clockTime(a.untilAt))}</span>
        </div>
      ))}
    </div>
  )
}
