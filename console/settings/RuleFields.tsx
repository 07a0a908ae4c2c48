import { Form, InputNumber, Segmented, Select } from 'antd'
import { Tier } from '#contract/customers.ts'
import { Channel } from '#contract/interactions.ts'
import { channelWord, tierWord } from '../kit/parts.tsx'
import { b } from './business.words.ts'
import { CalendarPick, NameField, QueuePick, Rows, SkillPick, TeamPick } from './fields.tsx'
import { useChoices } from './ruleWords.ts'
import { w } from './words.ts'

/** When, and what then. */
export function RuleFields() {
  const { widgets, choices, segments } = useChoices()
  const hours: unknown = Form.useWatch(['conditions', 'hours'])
  const many = (name: string, label: string, options: { value: string; label: string }[]) => (
    <Form.Item name={['conditions', name]} label={label}>
      <Select mode="multiple" options={options} showSearch={{ optionFilterProp: 'label' }} placeholder={b.anyHours} />
    </Form.Item>
  )
  const typed = (name: string, label: string) => (
    <Form.Item name={['conditions', name]} label={label}>
      <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', '、']} placeholder={b.typeEnter} />
    </Form.Item>
  )
  return (
    <>
      <NameField only />
      <h3 className="part">{b.when}</h3>
      <p className="t3 f12 part">{b.whenHint}</p>
      <div className="pairs">
        {many('choices', b.choices, choices)}
        {typed('words', b.words)}
        {many(
          'tiers',
          b.tiers,
          Tier.options.map(value => ({ value, label: tierWord(value) })),
        )}
        {typed('tags', b.tags)}
        {typed('districts', b.districts)}
        {many('segmentIds', b.segments, segments)}
        {many('widgetIds', b.widgets, widgets)}
        {many(
          'channels',
          b.channels,
          Channel.options.map(value => ({ value, label: channelWord(value) })),
        )}
      </div>
      <Form.Item name={['conditions', 'hours']} label={b.hours}>
        <Segmented
          options={[
            { value: null, label: b.anyHours },
            { value: 'open', label: b.whileOpen },
            { value: 'closed', label: b.whileClosed },
          ]}
        />
      </Form.Item>
      {(hours === 'open' || hours === 'closed') && (
        <CalendarPick name={['conditions', 'calendarId']} label={b.ofCalendar} placeholder={w.calendarDefault} />
      )}
      <h3 className="part">{b.goes}</h3>
      <QueuePick name="queueId" label={b.toQueue} placeholder={b.asChosen} />
      <div className="pairs">
        <Form.Item name="priority" label={b.priority} extra={b.priorityHint}>
          <InputNumber min={-49} max={49} precision={0} style={{ width: 112 }} />
        </Form.Item>
        <TeamPick name="teamId" label={b.preferTeam} placeholder={b.nobodyPreferred} extra={b.preferTeamHint} />
      </div>
      <Rows name="demands" label={b.extraSkills} add={w.addDemand} fresh={() => ({ level: 3, relaxAfter: 60 })} max={4}>
        {row => (
          <div className="demand">
            <SkillPick name={[row, 'skillId']} required />
            <Form.Item name={[row, 'level']}>
              <Select options={[1, 2, 3, 4, 5].map(n => ({ value: n, label: w.level(n) }))} aria-label={w.demands} />
            </Form.Item>
            <Form.Item name={[row, 'relaxAfter']}>
              <InputNumber min={0} precision={0} prefix={w.relax} suffix={w.seconds} />
            </Form.Item>
          </div>
        )}
      </Rows>
    </>
  )
}
