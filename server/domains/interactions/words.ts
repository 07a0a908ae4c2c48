// Words of contacts in files.
export const channelWords = {
  phone: ['电话', 'Phone'],
  chat: ['在线', 'Chat'],
  wechat: ['微信', 'WeChat'],
  mail: ['邮件', 'Mail'],
  sms: ['短信', 'SMS'],
  form: ['表单', 'Form'],
} as const
