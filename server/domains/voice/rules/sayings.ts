import type { Language, SaidKey } from '../ports.ts'

type Words = Record<Language, string>

/** What the sentences that come with the product say. */
export const sayings: Record<SaidKey, Words> = {
  welcome: { zh: '您好，欢迎来电', en: 'Hello and welcome' },
  wrong_key: { zh: '没有这个选项', en: 'That is not an option' },
  no_key: { zh: '没有收到按键', en: 'No key was pressed' },
  please_wait: { zh: '请稍候', en: 'One moment' },
  you_are_number: { zh: '您排在第', en: 'You are number' },
  in_the_queue: { zh: '位', en: 'in the queue' },
  about: { zh: '预计等待', en: 'The wait is about' },
  minutes: { zh: '分钟', en: 'minutes' },
  less_than_a_minute: { zh: '预计等待不到一分钟', en: 'The wait is less than a minute' },
  press_1_to_be_called_back: { zh: '不想等，按 1 挂断，位置保留，轮到您时回电', en: 'To keep your place and be called back, press 1' },
  we_call_back: { zh: '位置已保留，轮到您时回电', en: 'Your place is kept. We will call you back' },
  closed: { zh: '现在是非工作时间', en: 'We are closed now' },
  leave_a_message: { zh: '现在可以留言，说完按井号键', en: 'Leave your message now, then press the hash key' },
  message_kept: { zh: '留言已收到', en: 'Your message is kept' },
  rate_the_service: { zh: '为本次服务评分，按 1 到 5，5 是非常满意', en: 'Rate this call from 1 to 5. 5 is very good' },
  thank_you: { zh: '谢谢', en: 'Thank you' },
  goodbye: { zh: '再见', en: 'Goodbye' },
  no_ticket: { zh: '没有在办的工单', en: 'There is no open ticket' },
  ticket_received: { zh: '已受理', en: 'is received' },
  ticket_dispatched: { zh: '已派单', en: 'is assigned' },
  ticket_in_work: { zh: '正在处理', en: 'is in progress' },
  ticket_resolved: { zh: '已办结', en: 'is resolved' },
  your_ticket: { zh: '您的工单', en: 'Your ticket' },
  recorded_for_quality: { zh: '通话将被录音', en: 'This call is recorded' },
  reconnecting: { zh: '线路中断，正在重新接通', en: 'The line broke. We are putting you through again' },
  unavailable: { zh: '暂时无法接通', en: 'Nobody can be reached now' },
}

/** Figures and what numbers are made of, by the end of the sound's name. 幺 is the 1 of telephone numbers, 两 the 2 of things counted. */
const figures: Record<Language, Record<string, string>> = {
  zh: {
    ...Object.fromEntries([...'零一二三四五六七八九'].map((word, n) => [`digit-${n}`, word])),
    yao: '幺',
    liang: '两',
    ten: '十',
    hundred: '百',
    thousand: '千',
    'ten-thousand': '万',
    'hundred-million': '亿',
    star: '星号',
    hash: '井号',
  },
  en: {
    ...Object.fromEntries(
      'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
        .split(' ')
        .map((word, n) => [String(n), word]),
    ),
    ...Object.fromEntries(
      'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, n) => [String((n + 2) * 10), word]),
    ),
    hundred: 'hundred',
    thousand: 'thousand',
    million: 'million',
    star: 'star',
    hash: 'hash',
    minute: 'minute',
  },
}

/** Every sound the product brings along, with the words that are spoken in it. */
export const soundsNeeded = (): { name: string; language: Language; words: string }[] =>
  (['zh', 'en'] as const).flatMap(language => [
    ...Object.entries(sayings).map(([key, words]) => ({ name: `${language}/said-${key}`, language, words: words[language] })),
    ...Object.entries(figures[language]).map(([name, words]) => ({ name: `${language}/${name}`, language, words })),
  ])

/** The sentence of the product that says just these words: whoever writes them into a flow needs nobody to speak them. */
export const sayingOf = (text: string, language: Language): string | null =>
  Object.entries(sayings).find(([, words]) => words[language] === text.replace(/[\s。.!！]+$/, '').trim())?.[0] ?? null

const spokenWords = new Map(soundsNeeded().map(sound => [sound.name, sound.words]))
export const wordsOf = (sound: string): string => spokenWords.get(sound) ?? ''
