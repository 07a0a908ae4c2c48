import { Button, Form, type FormInstance } from 'antd'
import { needs } from '#contract/needs.ts'
import { useRested } from '../app/people.tsx'
import { useFetch } from '../kit/data.ts'
import { NeedTag } from './NeedTag.tsx'
import { w } from './words.ts'

/** What others said already, while one writes: a person says that it is the same. */
export function Similar<V extends { title?: string; text?: string }>({
  form,
  choose,
  choosing,
}: {
  form: FormInstance<V>
  choose: (id: string) => void
  choosing: boolean
}) {
  const written = (value: unknown) => (typeof value === 'string' ? value.trim() : '')
  const title = useRested(written(Form.useWatch('title', form as FormInstance)))
  const text = useRested(written(Form.useWatch('text', form as FormInstance)))
  const { data } = useFetch(
    needs.similar,
    { query: { title: title.slice(0, 120), ...(text ? { text: text.slice(0, 1000) } : {}) } },
    { enabled: title.length > 1 },
  )
  if (title.length < 2 || !data || data.length === 0) return null
  return (
    <section className="similar" aria-label={w.similar}>
      <span className="t2 f12">{w.similar}</span>
      {data.map(one => (
        <div key={one.id} className="row">
          <span className="grow">
            {one.title}
            <span className="row wrap f12 t3" style={{ gap: 6 }}>
              <NeedTag state={one.state} />
              {w.voicesOf(one.voices)}
              <span>{w.sameAs(one.score)}</span>
            </span>
          </span>
          <Button size="small" loading={choosing} onClick={() => choose(one.id)}>
            {w.itIsThis}
          </Button>
        </div>
      ))}
    </section>
  )
}
