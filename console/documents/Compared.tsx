import { type Change, compare, type Piece, type Unit } from './difference.ts'
import { d } from './words.ts'

/** Two versions side by side: what stayed only as context around what did not. */
export function Compared({ was, is, names }: { was: readonly Unit[]; is: readonly Unit[]; names: readonly [string, string] }) {
  const changes = compare(was, is)
  const count = changes.filter(c => c.how !== 'same').length
  return (
    <section className="compared" aria-label={d.compare}>
      <p className="t3 f12" role="status">
        {count === 0 ? d.noDifference : d.differences(count)}
      </p>
      <div className="sides f12 t3">
        <b>{names[0]}</b>
        <b>{names[1]}</b>
      </div>
      {around(changes).map((shown, at) =>
        typeof shown === 'number' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a comparison does not change while it is shown
          <p key={at} className="t3 f12 alike">
            {d.alike(shown)}
          </p>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a comparison does not change while it is shown
          <div key={at} className={`sides change ${shown.how}`}>
            <Side kind={shown.kind} pieces={shown.was} mark="del" />
            <Side kind={shown.kind} pieces={shown.is} mark="ins" />
          </div>
        ),
      )}
    </section>
  )
}

function Side({ kind, pieces, mark: Mark }: { kind: string; pieces: readonly Piece[]; mark: 'del' | 'ins' }) {
  if (pieces.length === 0) return <div className="none" />
  return (
    <div>
      <span className="t3 f12">{kind}</span>
      <div className="words">
        {pieces.map(({ text, how }, at) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
          how === 'same' ? <span key={at}>{text}</span> : <Mark key={at}>{text}</Mark>,
        )}
      </div>
    </div>
  )
}

/** One of what stayed before and behind each change; the number of the others. */
function around(changes: readonly Change[]): (Change | number)[] {
  const near = (at: number) => [at - 1, at, at + 1].some(n => changes[n] !== undefined && changes[n].how !== 'same')
  const shown: (Change | number)[] = []
  for (const [at, change] of changes.entries()) {
    const last = shown.at(-1)
    if (near(at)) shown.push(change)
    else if (typeof last === 'number') shown[shown.length - 1] = last + 1
    else shown.push(1)
  }
  return shown
}
