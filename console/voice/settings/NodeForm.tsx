import { Button, Input, Select } from 'antd'
import { Tier } from '#contract/customers.ts'
import type { FlowFault, FlowNode } from '#contract/flows.ts'
import { IconPlus, IconX } from '../../kit/icons.ts'
import { TierTag } from '../../kit/parts.tsx'
import { nameOf } from '../../kit/words.ts'
import { useCalendars } from '../../settings/fields.tsx'
import { faultWord } from './faults.ts'
import { Choice, Field, Figures, MusicField, QueueField } from './NodeFields.tsx'
import { lead, outsOf } from './nodes.ts'
import { SoundField } from './SoundField.tsx'
import { w } from './words.ts'

type Props = { node: FlowNode; nodes: readonly FlowNode[]; faults: readonly FlowFault[]; change: (node: FlowNode) => void }

/** Everything that one step is told. */
export function NodeForm({ node, nodes, faults, change }: Props) {
  return (
    <div className="editorform nodeform">
      {faults.map(fault => (
        <span key={fault.field + fault.code} className="bad f12" role="alert">
          {faultWord(fault)}
        </span>
      ))}
      <Field label={w.name}>
        <Input
          maxLength={40}
          value={node.name}
          aria-label={w.name}
          onChange={e => e.target.value && change({ ...node, name: e.target.value })}
        />
      </Field>
      <Field label={w.nameEn}>
        <Input
          maxLength={40}
          lang="en"
          value={node.nameEn}
          aria-label={w.nameEn}
          onChange={e => change({ ...node, nameEn: e.target.value })}
        />
      </Field>
      {'sound' in node && <SoundField key={node.key} sound={node.sound} change={sound => change({ ...node, sound })} />}
      <Own node={node} nodes={nodes} change={change} />
      {node.kind !== 'menu' &&
        outsOf(node).map(out => (
          <Field key={out.field} label={out.name}>
            <NextPick label={out.name} nodes={nodes} own={node.key} value={out.next} change={next => change(lead(node, out.field, next))} />
          </Field>
        ))}
    </div>
  )
}

function Own({ node, nodes, change }: Omit<Props, 'faults'>) {
  const calendars = useCalendars()
  switch (node.kind) {
    case 'menu':
      return (
        <>
          <Options node={node} nodes={nodes} change={change} />
          <div className="pair">
            <Figures node={node} of={['seconds', 'tries']} change={change} />
          </div>
        </>
      )
    case 'digits':
      return (
        <>
          <Choice
            label={w.meaning}
            value={node.meaning}
            change={meaning => change({ ...node, meaning })}
            options={[
              { value: 'customer', label: w.meaningCustomer },
              { value: 'phone', label: w.meaningPhone },
              { value: 'ticket', label: w.meaningTicket },
              { value: 'other', label: w.meaningOther },
            ]}
          />
          <div className="pair">
            <Figures node={node} of={['min', 'max', 'seconds', 'tries']} change={change} />
          </div>
        </>
      )
    case 'hours':
      return (
        <Choice
          label={w.calendar}
          value={node.calendarId ?? ''}
          change={id => change({ ...node, calendarId: id || null })}
          options={[{ value: '', label: w.ownCalendar }, ...calendars.map(c => ({ value: c.id, label: c.name }))]}
        />
      )
    case 'customer':
      return (
        <Field label={w.tiers}>
          <Select
            mode="multiple"
            aria-label={w.tiers}
            placeholder={w.anyTier}
            value={node.tiers}
            onChange={tiers => change({ ...node, tiers })}
            options={Tier.options.map(tier => ({ value: tier, label: <TierTag tier={tier} /> }))}
          />
        </Field>
      )
    case 'language':
      return (
        <Choice
          label={w.language}
          value={node.language}
          change={language => change({ ...node, language })}
          options={(['zh', 'en'] as const).map(value => ({ value, label: w[value] }))}
        />
      )
    case 'queue':
      return (
        <>
          <QueueField value={node.queueId} change={queueId => change({ ...node, queueId })} />
          <MusicField value={node.musicId} change={musicId => change({ ...node, musicId })} />
          <div className="pair">
            <Figures node={node} of={['tellEvery', 'callBackAfter', 'leaveAfter']} change={change} />
          </div>
          <span className="t3 f12">{w.zeroNever}</span>
        </>
      )
    case 'callback':
      return <QueueField value={node.queueId} change={queueId => change({ ...node, queueId })} />
    case 'voicemail':
      return (
        <>
          <QueueField value={node.queueId} change={queueId => change({ ...node, queueId })} />
          <Figures node={node} of={['most']} change={change} />
        </>
      )
    case 'transfer':
      return (
        <div className="pair">
          <Field label={w.number}>
            <Input
              aria-label={w.number}
              maxLength={32}
              value={node.number}
              onChange={e => change({ ...node, number: e.target.value.replaceAll(/[^0-9+*#]/g, '') })}
            />
          </Field>
          <Figures node={node} of={['ringSeconds']} change={change} />
        </div>
      )
    default:
      return null
  }
}

function Options({ node, nodes, change }: Omit<Props, 'faults'> & { node: Extract<FlowNode, { kind: 'menu' }> }) {
  const taken = new Set(node.options.map(o => o.key))
  const free = [...'1234567890*#'].filter(key => !taken.has(key))
  const [first] = free
  const set = (at: number, more: Partial<(typeof node.options)[number]>) =>
    change({ ...node, options: node.options.map((o, n) => (n === at ? { ...o, ...more } : o)) })
  return (
    <div className="field">
      {w.keys}
      {node.options.map((option, at) => (
        <div key={option.key} className="option">
          <Select
            aria-label={`${w.key} ${at + 1}`}
            value={option.key}
            onChange={key => set(at, { key })}
            options={[option.key, ...free].map(value => ({ value, label: value }))}
          />
          <Input
            aria-label={`${w.name} ${option.key}`}
            maxLength={40}
            value={option.name}
            onChange={e => e.target.value && set(at, { name: e.target.value })}
          />
          <Input
            aria-label={`${w.nameEn} ${option.key}`}
            placeholder={w.nameEn}
            lang="en"
            maxLength={40}
            value={option.nameEn}
            onChange={e => set(at, { nameEn: e.target.value })}
          />
          <NextPick label={`${w.next} ${option.key}`} nodes={nodes} own={null} value={option.next} change={next => set(at, { next })} />
          <Button
            type="text"
            size="small"
            aria-label={`${w.remove} ${option.key}`}
            icon={<IconX size={14} />}
            onClick={() => change({ ...node, options: node.options.filter((_, n) => n !== at) })}
          />
        </div>
      ))}
      {first !== undefined && (
        <span>
          <Button
            size="small"
            type="dashed"
            icon={<IconPlus size={14} />}
            onClick={() => change({ ...node, options: [...node.options, { key: first, name: first, nameEn: '', next: null }] })}
          >
            {w.addKey}
          </Button>
        </span>
      )}
      <Field label={w.otherwise}>
        <NextPick
          label={w.otherwise}
          nodes={nodes}
          own={node.key}
          value={node.otherwise}
          change={otherwise => change({ ...node, otherwise })}
        />
      </Field>
    </div>
  )
}

type Next = { label: string; nodes: readonly FlowNode[]; own: string | null; value: string | null; change: (next: string | null) => void }
function NextPick({ label, nodes, own, value, change }: Next) {
  return (
    <Select
      aria-label={label}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={w.toNowhere}
      status={value === null ? 'warning' : ''}
      value={value}
      onChange={(next: string | undefined) => change(next ?? null)}
      options={nodes.filter(n => n.key !== own).map(n => ({ value: n.key, label: nameOf(n) }))}
    />
  )
}
