import { Button, DatePicker, Form, Input, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import type * as z from 'zod'
import { Tier } from '#contract/customers.ts'
import { routingTrial } from '#contract/routingRules.ts'
import { useAct } from '../kit/data.ts'
import { IconCheck, IconX } from '../kit/icons.ts'
import { tierWord } from '../kit/parts.tsx'
import { b } from './business.words.ts'
import { useChoices } from './ruleWords.ts'

type Asked = Omit<z.output<typeof routingTrial.run.body>, 'at' | 'channel'> & { at?: Dayjs | null }
const missedWord = (what: string): string =>
  what === 'queue'
    ? b.queueGone
    : b.missed(
        {
          channels: b.channels,
          widgetIds: b.widgets,
          choices: b.choices,
          tiers: b.tiers,
          tags: b.tags,
          districts: b.districts,
          segmentIds: b.segments,
          words: b.words,
          hours: b.hours,
        }[what] ?? what,
      )

/** Suppose a customer came: where they would go, and why. */
export function RuleTrial({
  rules,
  queueName,
}: {
  rules: readonly { id: string; name: string }[]
  queueName: (id: string | null) => string
}) {
  const { widgets, choices, segments } = useChoices()
  const { act, acting } = useAct(routingTrial.run)
  const [form] = Form.useForm<Asked>()
  const [said, setSaid] = useState<z.output<typeof routingTrial.run.reply> | null>(null)
  const run = async ({ at, widgetId, choice, tier, tags, district, segmentIds, text }: Asked) => {
    const told = await act({
      body: {
        channel: 'chat',
        widgetId: widgetId ?? null,
        choice: choice ?? null,
        tier: tier ?? null,
        tags: tags ?? [],
        district: district ?? '',
        segmentIds: segmentIds ?? [],
        text: text ?? '',
        at: at?.toDate() ?? null,
      },
    })
    if (told) setSaid(told)
  }
  return (
    <section className="card trial" aria-label={b.trial}>
      <div className="body">
        <h3>{b.trial}</h3>
        <p className="t3 f12 part">{b.trialHint}</p>
        <Form form={form} layout="vertical" onFinish={asked => void run(asked)} onValuesChange={() => setSaid(null)}>
          <div className="asked">
            <Form.Item name="text" label={b.trialText} className="wide">
              <Input maxLength={500} />
            </Form.Item>
            <Form.Item name="widgetId" label={b.widgets}>
              <Select allowClear options={widgets} />
            </Form.Item>
            <Form.Item name="choice" label={b.choices}>
              <Select allowClear options={choices} />
            </Form.Item>
            <Form.Item name="tier" label={b.tiers}>
              <Select allowClear options={Tier.options.map(value => ({ value, label: tierWord(value) }))} />
            </Form.Item>
            <Form.Item name="at" label={b.trialAt}>
              <DatePicker
                showTime={{ format: 'HH:mm' }}
                format="YYYY-MM-DD HH:mm"
                placeholder={b.trialNow}
                needConfirm={false}
                style={{ width: '100%' }}
              />
            </Form.Item>
            <Form.Item name="tags" label={b.tags}>
              <Select mode="tags" open={false} suffixIcon={null} placeholder={b.typeEnter} />
            </Form.Item>
            <Form.Item name="district" label={b.districts}>
              <Input maxLength={60} />
            </Form.Item>
            <Form.Item name="segmentIds" label={b.segments}>
              <Select mode="multiple" options={segments} showSearch={{ optionFilterProp: 'label' }} />
            </Form.Item>
          </div>
          <Button htmlType="submit" loading={acting}>
            {b.trial}
          </Button>
        </Form>
        {said && (
          <div className="found" role="status">
            <p className="m5">
              {said.queueId === null && said.ruleId === null ? b.trialNowhere : b.trialGoes(queueName(said.queueId))}{' '}
              <span className="t2">
                {said.ruleId === null ? said.queueId !== null && b.trialNone : b.trialBy(rules.find(r => r.id === said.ruleId)?.name ?? '')}
              </span>
            </p>
            <ol>
              {said.steps.map((step, n) => (
                <li key={step.ruleId} className="row f12">
                  <span className="t3">{n + 1}</span>
                  <span className={step.missed === null ? 'm5' : 't2'}>{rules.find(r => r.id === step.ruleId)?.name}</span>
                  <span className={step.missed === null ? 'okc row' : 't3 row'} style={{ gap: 4 }}>
                    {step.missed === null ? <IconCheck size={14} /> : <IconX size={14} />}
                    {step.missed === null ? b.fits : missedWord(step.missed)}
                  </span>
                </li>
              ))}
            </ol>
          </div>
        )}
      </div>
    </section>
  )
}
