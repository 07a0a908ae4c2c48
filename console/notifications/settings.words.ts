import { words } from '../kit/words.ts'

export const n = words({
  mine: ['我的消息', 'My notifications'],
  hint: ['什么事、用哪种方式告诉您', 'What reaches you, and how'],
  kinds: ['哪些事', 'Which news'],
  kind: ['类别', 'Kind'],
  bell: ['铃铛', 'Bell'],
  mail: ['邮件', 'Mail'],
  when: ['什么时候', 'When'],
  digest: ['邮件', 'Mail'],
  digestHint: [
    '两分钟内看过的不再发邮件；重要的不等汇总',
    'What you read within two minutes is not mailed; what is important does not wait',
  ],
  now: ['随时发', 'At once'],
  hourly: ['每小时汇总', 'Every hour'],
  daily: ['工作日汇总', 'On working days'],
  dailyAt: ['汇总时间', 'Time of the digest'],
  quiet: ['免打扰', 'Quiet hours'],
  quietHint: [
    (zone: string) => `期间不发邮件、不弹桌面提醒，结束后再发；按 ${zone} 时间`,
    (zone: string) => `No mail and no desktop alerts; mail follows when they end. Time of ${zone}`,
  ],
  from: ['从', 'from'],
  to: ['到', 'to'],
  desktop: ['桌面提醒', 'Desktop alerts'],
  desktopHint: ['回音不在眼前时，由浏览器提醒', 'Told by the browser while Huiyin is out of sight'],
  noSender: ['还没有设置发邮件的服务器，选择先保存', 'No mail server is set up yet; your choice is kept'],
  noAddress: ['您还没有登记邮箱，选择先保存', 'You have no mail address yet; your choice is kept'],
})
