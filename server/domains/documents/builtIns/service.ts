import { type Both, column, inBoth } from './parts.ts'

const figures = (say: (words: Both) => string) => [
  column(say(['进线', 'Offered']), 'offered', 2),
  column(say(['接起', 'Answered']), 'answered', 2),
  column(say(['服务水平', 'Service level']), 'serviceLevel', 2),
  column(say(['放弃率', 'Abandoned']), 'abandonRate', 2.6),
  column(say(['平均应答', 'ASA']), 'asaSeconds', 2),
  column(say(['平均评分', 'Rating']), 'ratingAverage', 2),
]

/** The month of a service centre. */
export const report = inBoth(
  say => [
    { kind: 'letterhead', title: '{{organisation.name}}', lines: [say(['客户服务中心', 'Customer service centre'])] },
    { kind: 'heading', level: 1, text: '{{document.title}}' },
    {
      kind: 'paragraph',
      text: say([
        '{{from}} 至 {{until}}，共有 **{{total.contacts}}** 次联络，其中进入排队 {{total.offered}} 次，接起 {{total.answered}} 次，服务水平 **{{total.serviceLevel}}**。收到 {{total.rated}} 份评价，平均 {{total.ratingAverage}} 分。',
        'From {{from}} to {{until}} there were **{{total.contacts}}** contacts. {{total.offered}} waited for an agent, {{total.answered}} were answered; the service level was **{{total.serviceLevel}}**. {{total.rated}} ratings came in, {{total.ratingAverage}} on average.',
      ]),
    },
    {
      kind: 'section',
      when: { path: 'input.summary', is: 'filled' },
      blocks: [{ kind: 'paragraph', text: '{{input.summary}}' }],
    },
    {
      kind: 'figures',
      items: [
        {
          label: say(['联络量', 'Contacts']),
          value: '{{total.contacts}}',
          note: say(['上一期 {{before.contacts}}', '{{before.contacts}} before']),
        },
        {
          label: say(['服务水平', 'Service level']),
          value: '{{total.serviceLevel}}',
          note: say(['上一期 {{before.serviceLevel}}', '{{before.serviceLevel}} before']),
        },
        {
          label: say(['平均应答速度', 'Speed of answer']),
          value: '{{total.asaSeconds}}',
          note: say(['上一期 {{before.asaSeconds}}', '{{before.asaSeconds}} before']),
        },
        { label: say(['满意率', 'CSAT']), value: '{{total.csat}}', note: say(['评价 {{total.rated}} 份', '{{total.rated}} ratings']) },
      ],
    },
    { kind: 'heading', level: 2, text: say(['走势', 'Course']) },
    {
      kind: 'figure',
      chart: 'stack',
      each: 'course',
      label: 'label',
      series: [
        { name: say(['接起', 'Answered']), value: 'answered' },
        { name: say(['未接起', 'Not answered']), value: 'unanswered' },
      ],
      caption: say(['进线与接起', 'Offered and answered']),
    },
    {
      kind: 'figure',
      chart: 'line',
      each: 'course',
      label: 'label',
      series: [{ name: say(['服务水平', 'Service level']), value: 'serviceLevel' }],
      caption: say(['服务水平', 'Service level']),
    },
    { kind: 'heading', level: 2, text: say(['按队列', 'By queue']) },
    {
      kind: 'table',
      each: 'queues',
      columns: [column(say(['队列', 'Queue']), 'name', 4, 'left'), ...figures(say)],
      empty: say(['这段时间没有联络。', 'No contacts in this period.']),
    },
    { kind: 'heading', level: 2, text: say(['按渠道', 'By channel']) },
    {
      kind: 'table',
      each: 'channels',
      columns: [column(say(['渠道', 'Channel']), 'name', 4, 'left'), ...figures(say)],
      empty: say(['这段时间没有联络。', 'No contacts in this period.']),
    },
    { kind: 'heading', level: 2, text: say(['主要指标', 'Main figures']) },
    {
      kind: 'table',
      each: 'declared',
      columns: [
        column(say(['指标', 'Figure']), 'name', 4, 'left'),
        column(say(['本期', 'This period']), 'value', 2),
        column(say(['上一期', 'Period before']), 'before', 2),
        column(say(['样本', 'Cases']), 'n', 2),
        column(say(['口径', 'Definition']), 'definition', 9, 'left'),
      ],
    },
    { kind: 'heading', level: 3, text: say(['口径', 'How it is counted']) },
    {
      kind: 'paragraph',
      text: say(['{{definition.text}}（版本 {{definition.version}}）', '{{definition.text}} (version {{definition.version}})']),
    },
    { kind: 'signature', lines: ['{{organisation.name}}', '{{document.date}}'] },
  ],
  {
    inputs: [{ key: 'summary', label: '本期说明', labelEn: 'Remarks on the period', long: true, required: false }],
    footer: { zh: '{{organisation.name}} {{document.title}}', en: '{{organisation.name}}, {{document.title}}' },
  },
)

/** What a customer is told about a ticket. */
export const letter = inBoth(
  say => [
    { kind: 'letterhead', title: '{{organisation.name}}', lines: [say(['客户服务中心', 'Customer service centre'])] },
    { kind: 'heading', level: 2, text: say(['关于“{{ticket.title}}”的答复', 'Our answer: {{ticket.title}}']) },
    {
      kind: 'section',
      when: { path: 'customer.name', is: 'filled' },
      blocks: [{ kind: 'paragraph', text: say(['尊敬的 **{{customer.name}}**：', 'Dear **{{customer.name}}**,']) }],
    },
    {
      kind: 'section',
      when: { path: 'customer.name', is: 'empty' },
      blocks: [{ kind: 'paragraph', text: say(['尊敬的客户：', 'Dear customer,']) }],
    },
    {
      kind: 'paragraph',
      text: say([
        '您于 {{ticket.openedAt}} 反映的事项已登记，编号 **{{ticket.number}}**，现答复如下。',
        'What you told us on {{ticket.openedAt}} has the number **{{ticket.number}}**. This is our answer.',
      ]),
    },
    { kind: 'paragraph', text: '{{input.answer}}' },
    {
      kind: 'section',
      when: { path: 'ticket.resolution', is: 'filled' },
      blocks: [
        { kind: 'heading', level: 3, text: say(['处理结果', 'What was done']) },
        { kind: 'paragraph', text: '{{ticket.resolution}}' },
      ],
    },
    {
      kind: 'section',
      when: { path: 'steps', is: 'filled' },
      blocks: [
        { kind: 'heading', level: 3, text: say(['办理经过', 'How it went']) },
        {
          kind: 'table',
          each: 'steps',
          columns: [column(say(['时间', 'When']), 'at', 4, 'left'), column(say(['内容', 'What']), 'text', 8, 'left')],
        },
      ],
    },
    {
      kind: 'paragraph',
      text: say([
        '如有疑问，请告知编号 {{ticket.number}}，我们会尽快答复。',
        'If anything is open, tell us the number {{ticket.number}} and we will answer soon.',
      ]),
    },
    { kind: 'signature', lines: ['{{organisation.name}}', '{{document.date}}'] },
  ],
  {
    inputs: [{ key: 'answer', label: '答复内容', labelEn: 'Answer', long: true, required: true }],
    footer: { zh: '{{organisation.name}} {{ticket.number}}', en: '{{organisation.name}} {{ticket.number}}' },
  },
)

/** What a customer is told without a ticket. */
export const toCustomer = inBoth(
  say => [
    { kind: 'letterhead', title: '{{organisation.name}}', lines: [say(['客户服务中心', 'Customer service centre'])] },
    {
      kind: 'section',
      when: { path: 'customer.address', is: 'filled' },
      blocks: [
        {
          kind: 'paragraph',
          text: say([
            '{{customer.name}}\n{{customer.address}}\n{{customer.postCode}}',
            '{{customer.name}}\n{{customer.address}}\n{{customer.postCode}}',
          ]),
        },
      ],
    },
    { kind: 'heading', level: 2, text: '{{document.title}}' },
    {
      kind: 'paragraph',
      text: say(['尊敬的 **{{customer.name}}**（户号 {{customer.number}}）：', 'Dear **{{customer.name}}** (number {{customer.number}}),']),
    },
    { kind: 'paragraph', text: '{{input.text}}' },
    { kind: 'signature', lines: ['{{organisation.name}}', '{{document.date}}'] },
  ],
  {
    inputs: [{ key: 'text', label: '正文', labelEn: 'Text', long: true, required: true }],
    footer: { zh: '{{organisation.name}}', en: '{{organisation.name}}' },
  },
)
