import { NeedState, type NeedStep, needs } from '#contract/needs.ts'
import { useNames } from '../app/people.tsx'
import { useFetch } from '../kit/data.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { full } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { useDepartments } from '../settings/fields.tsx'
import { fieldWords, stateWord, w } from './words.ts'

/** What was decided about it, when and by whom. */
export function Course({ id }: { id: string }) {
  const { data, error, refetch } = useFetch(needs.course, { id }, { keep: false })
  const text = useText(data ?? [], id)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Waiting rows={3} />
  return (
    <ol className="voices">
      {data.map(step => (
        <li key={step.id} className="row wrap">
          <span>{text(step)}</span>
          <span className="end t3 f12">
            {step.actorName} <time dateTime={step.at.toISOString()}>{full(step.at)}</time>
          </span>
        </li>
      ))}
    </ol>
  )
}

const stateOf = (value: unknown) => {
  const state = NeedState.safeParse(value).data
  return state ? stateWord(state) : ''
}
const idOf = (value: unknown) => (typeof value === 'string' ? value : null)

function useText(steps: readonly NeedStep[], id: string): (step: NeedStep) => string {
  const departments = useDepartments()
  const personName = useNames(steps.map(step => idOf(step.detail.ownerId)))
  const changed = ({ detail }: NeedStep) => {
    const { fields, departmentId, ownerId } = detail
    const parts: string[] = []
    if (departmentId !== undefined) {
      const one = departments.find(d => d.id === departmentId)
      parts.push(w.givenTo(one ? nameOf(one) : w.nobody))
    }
    if (ownerId !== undefined) parts.push(w.ownedBy(personName(idOf(ownerId)) || w.nobody))
    const others = Array.isArray(fields) ? fields.flatMap(f => (f in fieldWords ? [fieldWords[f as keyof typeof fieldWords]] : [])) : []
    if (others.length > 0) parts.push(w.reworded(others.join(w.comma)))
    return parts.join(w.comma)
  }
  return step => {
    const other = step.otherTitle ?? ''
    switch (step.name) {
      case 'need.captured':
        return w.stepCaptured
      case 'need.moved':
        return w.stepMoved(stateOf(step.detail.to))
      case 'need.answered':
        return w.stepAnswered(stateOf(step.detail.state))
      case 'need.merged':
        return step.detail.intoId === id ? w.stepTookIn(other) : w.stepMerged(other)
      case 'need.parted':
        return step.detail.intoId === id ? w.stepGaveBack(other) : w.stepParted(other)
      default:
        return changed(step)
    }
  }
}
