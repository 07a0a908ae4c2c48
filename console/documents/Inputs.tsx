import { Button, Checkbox, Input } from 'antd'
import type { TemplateContent } from '#contract/documentBlocks.ts'
import { IconPlus } from '../kit/icons.ts'
import { Rows } from './Rows.tsx'
import { w } from './words.ts'

/** What the person who makes a document is asked for. */
export function Inputs({ draft, change }: { draft: TemplateContent; change: (draft: TemplateContent) => void }) {
  const free = () => {
    for (let n = draft.inputs.length + 1; ; n++) if (!draft.inputs.some(i => i.key === `field${n}`)) return `field${n}`
  }
  return (
    <section>
      <h2>{w.inputs}</h2>
      {draft.inputs.length > 0 && (
        <Rows
          least={0}
          label=""
          rows={draft.inputs}
          change={inputs => change({ ...draft, inputs })}
          show={(input, set) => (
            <>
              <Input
                style={{ width: 96 }}
                aria-label={w.inputKey}
                title={w.inputKey}
                value={input.key}
                onChange={e => set({ ...input, key: e.target.value })}
              />
              <Input
                style={{ flex: 1, minWidth: 96 }}
                aria-label={w.nameZh}
                placeholder={w.nameZh}
                value={input.label}
                onChange={e => set({ ...input, label: e.target.value })}
              />
              <Input
                style={{ flex: 1, minWidth: 96 }}
                aria-label={w.nameEn}
                placeholder={w.nameEn}
                value={input.labelEn}
                onChange={e => set({ ...input, labelEn: e.target.value })}
              />
              <Checkbox checked={input.long} onChange={e => set({ ...input, long: e.target.checked })}>
                {w.long}
              </Checkbox>
              <Checkbox checked={input.required} onChange={e => set({ ...input, required: e.target.checked })}>
                {w.required}
              </Checkbox>
            </>
          )}
        />
      )}
      <Button
        size="small"
        icon={<IconPlus size={14} />}
        disabled={draft.inputs.length >= 20}
        onClick={() =>
          change({ ...draft, inputs: [...draft.inputs, { key: free(), label: w.newInput, labelEn: '', long: false, required: true }] })
        }
      >
        {w.addInput}
      </Button>
    </section>
  )
}
