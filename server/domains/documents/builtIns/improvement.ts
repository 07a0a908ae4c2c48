import { column, inBoth } from './parts.ts'

const head = (say: (words: readonly [string, string]) => string) => [
  { kind: 'letterhead', title: '{{organisation.name}}', lines: [say(['客户服务中心', 'Customer service centre'])] },
  { kind: 'heading', level: 1, text: '{{document.title}}' },
]
const foot = { footer: { zh: '{{organisation.name}} {{document.title}}', en: '{{organisation.name}}, {{document.title}}' } }
const remarks = {
  kind: 'section',
  when: { path: 'input.summary', is: 'filled' },
  blocks: [{ kind: 'paragraph', text: '{{input.summary}}' }],
}
const signed = { kind: 'signature', lines: ['{{organisation.name}}', '{{document.date}}'] }

/** What was promised and what came of it in a month, a quarter or a year. */
export const standards = inBoth(
  say => [
    ...head(say),
    {
      kind: 'paragraph',
      text: say([
        '{{from}} 至 {{until}}，{{count.standards}} 项标准共评定 **{{count.judged}}** 期，达成 {{count.attained}} 期，达成率 **{{count.share}}**。样本不足而未评定的有 {{count.tooFew}} 期。',
        'From {{from}} to {{until}} the {{count.standards}} standards were judged in **{{count.judged}}** periods; {{count.attained}} were attained, **{{count.share}}**. {{count.tooFew}} had too few cases to be judged.',
      ]),
    },
    remarks,
    {
      kind: 'figures',
      items: [
        { label: say(['标准', 'Standards']), value: '{{count.standards}}' },
        {
          label: say(['达成率', 'Attained']),
          value: '{{count.share}}',
          note: say(['评定 {{count.judged}} 期', '{{count.judged}} periods']),
        },
        { label: say(['未达成', 'Missed']), value: '{{count.missed}}' },
        { label: say(['样本不足', 'Too few cases']), value: '{{count.tooFew}}' },
      ],
    },
    { kind: 'heading', level: 2, text: say(['各项标准', 'Each standard']) },
    {
      kind: 'table',
      each: 'standards',
      columns: [
        column(say(['标准', 'Standard']), 'name', 5, 'left'),
        column(say(['统计对象', 'Of']), 'subject', 3, 'left'),
        column(say(['目标', 'Target']), 'target', 2),
        column(say(['最近一期', 'Latest']), 'value', 2),
        column(say(['样本', 'Cases']), 'n', 2),
        column(say(['95% 区间', '95% interval']), 'interval', 4),
        column(say(['结果', 'Result']), 'state', 2, 'left'),
      ],
      empty: say(['还没有被测量的标准。', 'No standard is measured yet.']),
    },
    {
      kind: 'section',
      when: { path: 'count.judged', is: 'above', value: '0' },
      blocks: [
        { kind: 'heading', level: 2, text: say(['达成率', 'Share attained']) },
        {
          kind: 'figure',
          chart: 'rows',
          each: 'standards',
          order: { by: 'share', down: false },
          most: 12,
          label: 'name',
          series: [{ name: say(['达成率', 'Share attained']), value: 'share' }],
          caption: say(['各项标准在这段时间达成的期数占比，从低到高', 'Share of the periods attained, the lowest first']),
        },
      ],
    },
    {
      kind: 'section',
      when: { path: 'missed', is: 'filled' },
      blocks: [
        { kind: 'heading', level: 2, text: say(['未达成的期', 'Periods missed']) },
        {
          kind: 'table',
          each: 'missed',
          columns: [
            column(say(['标准', 'Standard']), 'name', 5, 'left'),
            column(say(['开始', 'From']), 'from', 4, 'left'),
            column(say(['结束', 'Until']), 'until', 4, 'left'),
            column(say(['目标', 'Target']), 'target', 2),
            column(say(['实际', 'Actual']), 'value', 2),
            column(say(['样本', 'Cases']), 'n', 2),
            column(say(['负责人', 'Owner']), 'owner', 2, 'left'),
          ],
        },
      ],
    },
    { kind: 'heading', level: 3, text: say(['口径', 'How it is counted']) },
    {
      kind: 'paragraph',
      text: say([
        '每期结束后按标准的指标口径计算，样本少于标准要求的期不作评定；比例类指标附 Wilson 95% 置信区间。',
        'Each period is computed by the definition of its figure when it is over. Periods with fewer cases than the standard asks for are not judged; shares come with Wilson’s interval at 95%.',
      ]),
    },
    signed,
  ],
  {
    inputs: [{ key: 'summary', label: '本期说明', labelEn: 'Remarks on the period', long: true, required: false }],
    ...foot,
  },
)

/** From what was found to what became the rule: plan, actions, check with its test, before and after. */
export const course = inBoth(
  say => [
    ...head(say),
    { kind: 'heading', level: 2, text: say(['要改进什么', 'What is to be better']) },
    { kind: 'paragraph', text: '**{{finding.title}}**' },
    {
      kind: 'section',
      when: { path: 'finding.text', is: 'filled' },
      blocks: [{ kind: 'paragraph', text: '{{finding.text}}' }],
    },
    {
      kind: 'paragraph',
      text: say([
        '负责人 {{finding.owner}}，{{finding.openedAt}} 提出，目前：{{finding.stage}}，共 {{finding.rounds}} 轮。',
        'Owned by {{finding.owner}}, raised on {{finding.openedAt}}. Now: {{finding.stage}}, rounds: {{finding.rounds}}.',
      ]),
    },
    remarks,
    {
      kind: 'section',
      when: { path: 'plan.figure', is: 'filled' },
      blocks: [
        { kind: 'heading', level: 2, text: say(['计划', 'Plan']) },
        { kind: 'paragraph', text: say(['**原因**：{{plan.cause}}', '**Cause**: {{plan.cause}}']) },
        { kind: 'paragraph', text: say(['**措施**：{{plan.measure}}', '**Measure**: {{plan.measure}}']) },
        {
          kind: 'paragraph',
          text: say([
            '**行动前写明的检验**：{{plan.figure}}（{{plan.subject}}），预期达到 {{plan.expected}}；之前为 {{plan.beforeFrom}}至 {{plan.beforeUntil}}，显著性水平 {{plan.alpha}}，{{plan.declaredAt}} 写明。口径：{{plan.definition}}',
            '**Test declared before acting**: {{plan.figure}} ({{plan.subject}}), expected {{plan.expected}}; window before {{plan.beforeFrom}} to {{plan.beforeUntil}}, level {{plan.alpha}}, declared {{plan.declaredAt}}. Definition: {{plan.definition}}',
          ]),
        },
      ],
    },
    {
      kind: 'section',
      when: { path: 'actions', is: 'filled' },
      blocks: [
        { kind: 'heading', level: 2, text: say(['措施', 'Actions']) },
        {
          kind: 'table',
          each: 'actions',
          columns: [
            column(say(['措施', 'Action']), 'title', 6, 'left'),
            column(say(['轮次', 'Round']), 'round', 1),
            column(say(['负责人', 'Owner']), 'owner', 2, 'left'),
            column(say(['期限', 'Due']), 'dueAt', 3, 'left'),
            column(say(['完成', 'Done']), 'doneAt', 3, 'left'),
          ],
        },
      ],
    },
    {
      kind: 'section',
      when: { path: 'check.verdict', is: 'filled' },
      blocks: [
        { kind: 'heading', level: 2, text: say(['检查', 'Check']) },
        {
          kind: 'figures',
          items: [
            { label: say(['之前', 'Before']), value: '{{check.before}}', note: say(['样本 {{check.beforeN}}', '{{check.beforeN}} cases']) },
            { label: say(['之后', 'After']), value: '{{check.after}}', note: say(['样本 {{check.afterN}}', '{{check.afterN}} cases']) },
            { label: say(['变化', 'Change']), value: '{{check.effect}}', note: '{{check.interval}}' },
            { label: say(['p 值', 'p']), value: '{{check.p}}', note: '{{check.verdict}}' },
          ],
        },
        {
          kind: 'paragraph',
          text: say([
            '{{plan.afterFrom}}至 {{plan.afterUntil}}观察，用{{check.test}}比较前后：变化 {{check.effect}}，95% 置信区间 {{check.interval}}，p 值 {{check.p}}。检验结论：**{{check.verdict}}**。',
            'Watched from {{plan.afterFrom}} to {{plan.afterUntil}} and compared by the {{check.test}}: change {{check.effect}}, 95% interval {{check.interval}}, p {{check.p}}. The test says: **{{check.verdict}}**.',
          ]),
        },
        {
          kind: 'figure',
          chart: 'rows',
          each: 'pair',
          label: 'label',
          series: [{ name: say(['指标值', 'Figure']), value: 'value' }],
          caption: say(['{{plan.figure}}：之前与之后', '{{plan.figure}}: before and after']),
        },
      ],
    },
    {
      kind: 'section',
      when: { path: 'course', is: 'filled' },
      blocks: [
        {
          kind: 'figure',
          chart: 'line',
          each: 'course',
          label: 'label',
          series: [
            { name: say(['之前', 'Before']), value: 'before' },
            { name: say(['之后', 'After']), value: 'after' },
            { name: say(['预期', 'Expected']), value: 'expected', dashed: true },
          ],
          caption: say(['{{plan.figure}}按周走势', '{{plan.figure}} week by week']),
        },
      ],
    },
    {
      kind: 'section',
      when: { path: 'finding.rounds', is: 'above', value: '1' },
      blocks: [
        { kind: 'heading', level: 2, text: say(['各轮', 'Rounds']) },
        {
          kind: 'table',
          each: 'rounds',
          columns: [
            column(say(['轮次', 'Round']), 'number', 1),
            column(say(['措施', 'Measure']), 'measure', 6, 'left'),
            column(say(['之前', 'Before']), 'before', 2),
            column(say(['之后', 'After']), 'after', 2),
            column(say(['p 值', 'p']), 'p', 2),
            column(say(['结论', 'Verdict']), 'verdict', 2, 'left'),
          ],
        },
      ],
    },
    {
      kind: 'section',
      when: { path: 'check.decision', is: 'filled' },
      blocks: [
        { kind: 'heading', level: 2, text: say(['判定', 'Decision']) },
        { kind: 'paragraph', text: '**{{check.decision}}** {{check.reason}}' },
      ],
    },
    {
      kind: 'section',
      when: { path: 'check.standardised', is: 'filled' },
      blocks: [
        { kind: 'heading', level: 3, text: say(['成为规矩的做法', 'What has become the rule']) },
        { kind: 'paragraph', text: '{{check.standardised}}' },
      ],
    },
    signed,
  ],
  {
    inputs: [{ key: 'summary', label: '说明', labelEn: 'Remarks', long: true, required: false }],
    ...foot,
  },
)
