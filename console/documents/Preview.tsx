import { Segmented } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { TemplateContent } from '#contract/documentBlocks.ts'
import { documents, type Language, type Source } from '#contract/documents.ts'
import { call, RefusalError } from '../kit/call.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { said } from './naming.ts'
import { ParamField } from './ParamField.tsx'
import { w } from './words.ts'

type Props = { source: Source; language: Language; draft: TemplateContent; told: (error: RefusalError | null) => void }

/** Drawn again a moment after the last change; while the draft does not hold, the last page that did stays under what is wrong. */
export function Preview({ source, language: shown, draft, told }: Props) {
  const [real, setReal] = useState(false)
  const [params, setParams] = useState<Record<string, string>>({
    period: source.params.find(p => p.key === 'period')?.options[0]?.value ?? '',
    on: new Date().toLocaleDateString('sv'),
  })
  const [state, setState] = useState<{ html: string; error: RefusalError | null }>({ html: '', error: null })
  const asked = Object.fromEntries(source.params.flatMap(p => (params[p.key] ? [[p.key, params[p.key] ?? '']] : [])))
  const waits = real && source.params.some(p => p.required && !asked[p.key])
  const stamp = JSON.stringify([source.name, shown, draft, real ? asked : null])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says when what is shown differs
  useEffect(() => {
    if (waits) return
    let over = false
    const tell = (next: { html: string; error: RefusalError | null }) => {
      if (over) return
      setState(last => (next.error ? { ...last, error: next.error } : next))
      told(next.error)
    }
    const timer = setTimeout(() => {
      call(documents.preview, { body: { source: source.name, language: shown, draft, ...(real ? { params: asked } : {}) } })
        .then(({ html }) => tell({ html, error: null }))
        .catch((error: unknown) => {
          if (!(error instanceof RefusalError)) throw error
          tell({ html: '', error })
        })
    }, 400)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [stamp, waits])
  return (
    <section className="card sheet" aria-label={w.preview}>
      {source.allowed && source.params.length > 0 && (
        <div className="row wrap previewof">
          <Segmented<boolean>
            aria-label={w.previewOf}
            value={real}
            onChange={setReal}
            options={[
              { value: false, label: w.exampleData },
              { value: true, label: w.realData },
            ]}
          />
          {real &&
            source.params.map(param => (
              <ParamField
                key={param.key}
                of={param}
                aria-label={said(param)}
                value={params[param.key] || undefined}
                onChange={value => setParams(held => ({ ...held, [param.key]: value }))}
              />
            ))}
        </div>
      )}
      {state.error && <Failure error={state.error} />}
      {waits && <p className="t3 previewof">{w.pickFirst}</p>}
      {state.html ? <Page html={state.html} /> : !state.error && !waits && <Waiting />}
    </section>
  )
}

/** Without scripts; of our address only so that it can be kept where it was scrolled to while it is drawn again. */
function Page({ html }: { html: string }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const top = useRef(0)
  const here = frame.current?.contentWindow
  if (here) top.current = here.scrollY
  return (
    <iframe
      ref={frame}
      title={w.preview}
      sandbox="allow-same-origin"
      srcDoc={html}
      onLoad={() => frame.current?.contentWindow?.scrollTo(0, top.current)}
    />
  )
}
