// biome-ignore-all format: a table of words reads better one entry per line
import type { NewTemplate } from '#contract/outgoingSettings.ts'

type BuiltIn = NewTemplate & { code: string }
const name = { key: 'name', label: '姓名', labelEn: 'Name', sample: '许知夏', sampleEn: 'Xu Zhixia' }
const organisation = { key: 'organisation', label: '单位', labelEn: 'Organisation', sample: '清源供水', sampleEn: 'Clearspring Water' }
const link = { key: 'link', label: '链接', labelEn: 'Link', sample: 'https://kf.example.cn/progress', sampleEn: 'https://help.example.com/progress' }
const number = { key: 'number', label: '编号', labelEn: 'Number', sample: 'BX-0618-0187', sampleEn: 'BX-0618-0187' }

/** Templates that come with the product. The organisation may say them in its own words. */
export const builtIn: readonly BuiltIn[] = [
  {
    code: 'password_link', purpose: 'password_link', name: '设置密码链接', nameEn: 'Password link', vendorCode: '',
    subject: '设置您的登录密码', subjectEn: 'Set your password',
    text: '{{name}}，您好：\n\n打开下面的链接设置登录密码，链接在三天内有效，只能使用一次。\n\n{{link}}\n\n如果这不是您要求的，请告诉管理员。\n\n{{organisation}}',
    textEn: 'Hello {{name}},\n\nOpen this link to set your password. It works once, within three days.\n\n{{link}}\n\nIf you did not expect this, tell your administrator.\n\n{{organisation}}',
    sms: '', smsEn: '', variables: [name, link, organisation],
  },
  {
    code: 'invitation', purpose: 'invitation', name: '加入邀请', nameEn: 'Invitation', vendorCode: '',
    subject: '{{organisation}} 邀请您加入客服平台', subjectEn: '{{organisation}} invites you to its service desk',
    text: '{{name}}，您好：\n\n您的账号 {{login}} 已经建立。打开下面的链接设置密码即可登录，链接在三天内有效。\n\n{{link}}\n\n{{organisation}}',
    textEn: 'Hello {{name}},\n\nYour account {{login}} is ready. Open this link within three days to set a password and sign in.\n\n{{link}}\n\n{{organisation}}',
    sms: '', smsEn: '', variables: [name, { key: 'login', label: '账号', labelEn: 'Login', sample: 'xuzhixia', sampleEn: 'xuzhixia' }, link, organisation],
  },
  {
    code: 'ticket_opened', purpose: 'ticket', name: '工单已受理', nameEn: 'Ticket opened', vendorCode: '',
    subject: '已受理您的诉求 {{number}}', subjectEn: 'We have your request {{number}}',
    text: '{{name}}，您好：\n\n您的诉求已受理，编号 {{number}}。处理进度可以随时查看：\n\n{{link}}\n\n{{organisation}}',
    textEn: 'Hello {{name}},\n\nYour request is with us under number {{number}}. See how it goes at any time:\n\n{{link}}\n\n{{organisation}}',
    sms: '您的诉求已受理，编号{{number}}，进度查询 {{link}}', smsEn: 'We have your request {{number}}. Progress: {{link}}',
    variables: [name, number, link, organisation],
  },
  {
    code: 'ticket_step', purpose: 'ticket', name: '工单进展', nameEn: 'Ticket progress', vendorCode: '',
    subject: '{{number}} {{step}}', subjectEn: '{{number}}: {{step}}',
    text: '{{name}}，您好：\n\n您的诉求 {{number}} 有了新进展：{{step}}。\n\n{{link}}\n\n{{organisation}}',
    textEn: 'Hello {{name}},\n\nYour request {{number}} has moved on: {{step}}.\n\n{{link}}\n\n{{organisation}}',
    sms: '您的诉求{{number}}：{{step}}，详情 {{link}}', smsEn: 'Your request {{number}}: {{step}}. Details: {{link}}',
    variables: [name, number, { key: 'step', label: '进展', labelEn: 'Progress', sample: '已办结', sampleEn: 'resolved' }, link, organisation],
  },
  {
    code: 'survey_invitation', purpose: 'survey', name: '评价邀请', nameEn: 'Survey invitation', vendorCode: '',
    subject: '您对这次服务满意吗', subjectEn: 'How did we do',
    text: '{{name}}，您好：\n\n{{matter}} 已经办结。您的评价只需要半分钟：\n\n{{link}}\n\n{{organisation}}',
    textEn: 'Hello {{name}},\n\n{{matter}} is done. Tell us how it went, it takes half a minute:\n\n{{link}}\n\n{{organisation}}',
    sms: '{{matter}}已办结，您的评价很重要：{{link}}', smsEn: '{{matter}} is done. How did we do? {{link}}',
    variables: [name, { key: 'matter', label: '事项', labelEn: 'Matter', sample: '报修 BX-0618-0187', sampleEn: 'Repair BX-0618-0187' }, link, organisation],
  },
  {
    code: 'notice', purpose: 'notice', name: '服务通知', nameEn: 'Service notice', vendorCode: '',
    subject: '{{title}}', subjectEn: '{{title}}',
    text: '{{name}}，您好：\n\n{{content}}\n\n{{organisation}}', textEn: 'Hello {{name}},\n\n{{content}}\n\n{{organisation}}',
    sms: '{{title}}：{{content}}', smsEn: '{{title}}: {{content}}',
    variables: [name, { key: 'title', label: '标题', labelEn: 'Title', sample: '计划停水', sampleEn: 'Planned outage' }, { key: 'content', label: '内容', labelEn: 'Words', sample: '6 月 20 日 9:00 至 17:00 柳溪路一带停水，提前储水。', sampleEn: 'No water around Liuxi Road on 20 June from 9:00 to 17:00. Store some beforehand.' }, organisation],
  },
  {
    code: 'need_answer', purpose: 'notice', name: '需求答复', nameEn: 'Answer to a need', vendorCode: '',
    subject: '关于您提出的“{{title}}”', subjectEn: 'About “{{title}}”',
    text: '{{name}}，您好：\n\n您曾提出“{{title}}”。\n\n{{content}}\n\n{{organisation}}', textEn: 'Hello {{name}},\n\nYou once told us: “{{title}}”.\n\n{{content}}\n\n{{organisation}}',
    sms: '您提出的“{{title}}”：{{content}}', smsEn: 'About “{{title}}”: {{content}}',
    variables: [name, { key: 'title', label: '需求', labelEn: 'Need', sample: '网上预约上门', sampleEn: 'Book a visit online' }, { key: 'content', label: '答复', labelEn: 'Answer', sample: '已经可以在网上营业厅预约了。', sampleEn: 'You can do that on our site now.' }, organisation],
  },
  {
    code: 'urgent_notice', purpose: 'urgent', name: '紧急通知', nameEn: 'Urgent notice', vendorCode: '',
    subject: '{{title}}', subjectEn: '{{title}}',
    text: '{{name}}，您好：\n\n{{content}}\n\n{{organisation}}', textEn: 'Hello {{name}},\n\n{{content}}\n\n{{organisation}}',
    sms: '{{title}}：{{content}}', smsEn: '{{title}}: {{content}}',
    variables: [name, { key: 'title', label: '标题', labelEn: 'Title', sample: '抢修停水', sampleEn: 'Emergency repair' }, { key: 'content', label: '内容', labelEn: 'Words', sample: '海棠里主管爆裂，正在抢修，预计 18:00 恢复。', sampleEn: 'A main burst at Haitang Court. Water is expected back at 18:00.' }, organisation],
  },
  {
    code: 'notification', purpose: 'notification', name: '工作提醒', nameEn: 'Work notification', vendorCode: '',
    subject: '{{title}}', subjectEn: '{{title}}', text: '{{content}}\n\n{{link}}\n\n{{organisation}}', textEn: '{{content}}\n\n{{link}}\n\n{{organisation}}',
    sms: '', smsEn: '', variables: [{ key: 'title', label: '标题', labelEn: 'Title', sample: '有待办交给您', sampleEn: 'A task is yours' }, { key: 'content', label: '内容', labelEn: 'Words', sample: '回访王秀英，明天 10:00 前。', sampleEn: 'Call Wang Xiuying back before 10:00 tomorrow.' }, link, organisation],
  },
  {
    code: 'test', purpose: 'test', name: '测试消息', nameEn: 'Test message', vendorCode: '',
    subject: '{{organisation}} 测试邮件', subjectEn: 'Test mail of {{organisation}}',
    text: '收到这封邮件，说明 {{provider}} 已经可以发送。\n\n{{organisation}}', textEn: 'You are reading this, so {{provider}} works.\n\n{{organisation}}',
    sms: '{{organisation}}测试短信，{{provider}}已经可以发送', smsEn: 'Test of {{organisation}}: {{provider}} works',
    variables: [{ key: 'provider', label: '发送渠道', labelEn: 'Way out', sample: '企业邮箱', sampleEn: 'Company mail' }, organisation],
  },
]
