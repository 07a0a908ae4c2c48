import { Button, Popconfirm } from 'antd'
import { customerTakingBack } from '#contract/imports.ts'
import { isOpenRun, type Run } from '#contract/runs.ts'
import { useMay } from '../app/me.ts'
import { useAct } from '../kit/data.ts'
import { tell } from '../kit/tell.tsx'
import { day } from '../kit/time.ts'
import { language } from '../kit/words.ts'
import { i } from './import.words.ts'

/** After customers were brought in, as long as it is remembered. */
export default function TakeBack({ run }: { run: Run }) {
  const may = useMay()
  const { act, acting } = useAct(customerTakingBack.ask, { also: ['runs'], done: () => tell(i.takeBackBegun) })
  const count = (run.outcome.made ?? 0) + (run.outcome.changed ?? 0)
  const isOver = !isOpenRun(run) && (run.takenBack === null || !isOpenRun(run.takenBack))
  if (run.backUntil === null || run.backUntil < new Date() || !isOver || count === 0 || !may(customerTakingBack.ask.may)) return null
  return (
    <Popconfirm
      title={i.takeBackSure}
      description={<span className="takeback">{i.takeBackHint(day(run.backUntil))}</span>}
      okText={i.takeBack}
      okButtonProps={{ danger: true }}
      onConfirm={() => void act({ id: run.id, body: { language: language() } })}
    >
      <Button size="small" loading={acting}>
        {i.takeBack}
      </Button>
    </Popconfirm>
  )
}
