import { InputNumber, Select } from 'antd'
import type { ReactNode } from 'react'
import type { FlowNode } from '#contract/flows.ts'
import { nameOf } from '../../kit/words.ts'
import { useQueues } from '../../settings/fields.tsx'
import { useAnnouncements } from './SoundField.tsx'
import { w } from './words.ts'

export function QueueField({ value, change }: { value: string; change: (id: string) => void }) {
  const queues = useQueues().filter(q => q.channel === 'phone')
  return <Choice label={w.queue} value={value} change={change} options={queues.map(q => ({ value: q.id, label: nameOf(q) }))} />
}

export function MusicField({ value, change }: { value: string | null; change: (id: string | null) => void }) {
  const music = useAnnouncements().filter(a => a.kind === 'music')
  return (
    <Choice
      label={w.music}
      value={value ?? ''}
      change={id => change(id || null)}
      options={[{ value: '', label: w.own }, ...music.map(a => ({ value: a.id, label: a.name }))]}
    />
  )
}

export const Field = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="field">
    {label}
    {children}
  </div>
)

type ChoiceProps<V extends string> = { label: string; value: V; change: (value: V) => void; options: { value: V; label: string }[] }
export const Choice = <V extends string>({ label, value, change, options }: ChoiceProps<V>) => (
  <Field label={label}>
    <Select<V> aria-label={label} value={value} onChange={change} options={options} />
  </Field>
)

/** Bounds as in the contract. */
const figures = {
  seconds: { min: 1, max: 30, unit: 'secondsUnit' },
  tries: { min: 1, max: 5, unit: 'triesUnit' },
  min: { min: 1, max: 20, unit: null },
  max: { min: 1, max: 20, unit: null },
  tellEvery: { min: 0, max: 600, unit: 'secondsUnit' },
  callBackAfter: { min: 0, max: 600, unit: 'secondsUnit' },
  leaveAfter: { min: 0, max: 3600, unit: 'secondsUnit' },
  most: { min: 10, max: 600, unit: 'secondsUnit' },
  ringSeconds: { min: 5, max: 120, unit: 'secondsUnit' },
} as const

type FiguresProps<F> = { node: FlowNode & { [K in F & string]: number }; of: readonly F[]; change: (node: FlowNode) => void }
export const Figures = <F extends keyof typeof figures>({ node, of, change }: FiguresProps<F>) => (
  <>
    {of.map(name => {
      const { min, max, unit } = figures[name]
      const value: number = node[name]
      return (
        <Field key={name} label={w[name]}>
          <InputNumber
            aria-label={w[name]}
            min={min}
            max={max}
            precision={0}
            suffix={unit && w[unit]}
            style={{ width: '100%' }}
            value={value}
            onChange={next => next !== null && change({ ...node, [name]: next })}
          />
        </Field>
      )
    })}
  </>
)
