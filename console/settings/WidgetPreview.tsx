import { Form, Segmented } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useMe } from '../app/me.ts'
import { type Language, language } from '../kit/words.ts'
import { b } from './business.words.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The real widget with what stands in the form, saved or not. */
export function WidgetPreview() {
  const me = useMe()
  const form = Form.useFormInstance()
  const values: Record<string, unknown> = Form.useWatch([], form) ?? {}
  const [tongue, setTongue] = useState<Language>(language())
  const [open, setOpen] = useState(true)
  const frame = useRef<HTMLIFrameElement>(null)
  const [ready, setReady] = useState(0)
  const choices = Array.isArray(values.choices) ? values.choices : []
  const look = JSON.stringify({
    tenantName: me?.tenant.name ?? '',
    tenantNameEn: me?.tenant.nameEn ?? '',
    brand: text(values.brand),
    greeting: text(values.greeting),
    greetingEn: text(values.greetingEn),
    closedText: text(values.closedText),
    closedTextEn: text(values.closedTextEn),
    choices: choices.flatMap((c: unknown) => {
      const choice: Record<string, unknown> = { ...(typeof c === 'object' ? c : {}) }
      return text(choice.label) === '' ? [] : [{ key: text(choice.key), label: text(choice.label), labelEn: text(choice.labelEn) }]
    }),
    open,
    opensAt: open ? null : tomorrowAtEight(),
  })
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (event.source === frame.current?.contentWindow && event.data?.huiyin?.ready) setReady(n => n + 1)
    }
    addEventListener('message', hear)
    return () => removeEventListener('message', hear)
  }, [])
  useEffect(() => {
    if (ready > 0) frame.current?.contentWindow?.postMessage({ huiyinLook: JSON.parse(look) }, location.origin)
  }, [look, ready])
  return (
    <section className="preview widgetpreview" aria-label={b.livePreview}>
      <div className="row wrap part">
        <Segmented<Language>
          size="small"
          value={tongue}
          onChange={setTongue}
          aria-label={b.tongueOf}
          options={[
            { value: 'zh', label: b.chinese },
            { value: 'en', label: 'English' },
          ]}
        />
        <Segmented<boolean>
          size="small"
          value={open}
          onChange={setOpen}
          aria-label={b.hoursOf}
          options={[
            { value: true, label: b.whileOpen },
            { value: false, label: b.whileClosed },
          ]}
        />
      </div>
      <iframe key={tongue} ref={frame} title={b.livePreview} src={`/widget/?preview=1&lang=${tongue}`} tabIndex={-1} />
    </section>
  )
}

function tomorrowAtEight(): string {
  const at = new Date()
  at.setDate(at.getDate() + 1)
  at.setHours(8, 0, 0, 0)
  return at.toISOString()
}
