import { expect, test } from 'vitest'
import type { NewTemplate } from '#contract/outgoingSettings.ts'
import { Refusal } from '#kernel/refusal.ts'
import { builtIn } from './builtIn.ts'
import { checkTemplate, checkVariables, filled, htmlOf, oneLine, sourceOf } from './templating.ts'

const empty: NewTemplate = {
  purpose: 'notice',
  name: 'x',
  nameEn: '',
  subject: '',
  subjectEn: '',
  text: '',
  textEn: '',
  sms: '',
  smsEn: '',
  vendorCode: '',
  variables: [],
}
const v = (key: string) => ({ key, sample: '', sampleEn: '' })
const code = (fn: () => unknown) => {
  try {
    fn()
    return null
  } catch (error) {
    return error instanceof Refusal ? error.code : error
  }
}

test.each<[string, Partial<NewTemplate>, string | null]>([
  ['fits', { sms: '{{a}}', variables: [v('a')] }, null],
  ['a hole nobody declared', { sms: '{{a}} {{b}}', variables: [v('a')] }, 'template.variable_unknown'],
  ['declared twice', { sms: 'x', variables: [v('a'), v('a')] }, 'template.variable_twice'],
  ['a brace left open', { sms: '{{a} x', variables: [v('a')] }, 'template.brace_open'],
  ['a brace that is more than a name', { sms: '{{a.b}}', variables: [v('a')] }, 'template.brace_open'],
  ['nothing said', {}, 'template.empty'],
  ['a letter without subject', { text: 'x' }, 'template.no_subject'],
])('a template that %s', (_, given, refusal) => {
  expect(code(() => checkTemplate({ ...empty, ...given }))).toBe(refusal)
})

test('what comes with the product is checked like everything else, in both languages and every channel it has', () => {
  for (const t of builtIn) {
    checkTemplate(t)
    const samples = Object.fromEntries(t.variables.map(x => [x.key, x.sample]))
    for (const language of ['zh', 'en'] as const)
      for (const channel of t.sms === '' ? (['mail'] as const) : (['mail', 'sms'] as const)) {
        const source = sourceOf(t, channel, language)
        checkVariables(t, source, samples)
        expect(filled(source.text, samples)).not.toContain('{{')
        if (language === 'en') expect(source.text, t.code).not.toMatch(/[\u4e00-\u9fff]/)
      }
  }
})

test('a missing and an unknown variable refuse, by name', () => {
  const t = { ...empty, code: 'x', sms: '{{a}}', variables: [v('a')] }
  const source = sourceOf(t, 'sms', 'en')
  expect(code(() => checkVariables(t, source, {}))).toBe('template.variable_missing')
  expect(code(() => checkVariables(t, source, { a: '1', b: '2' }))).toBe('template.variable_unknown')
  expect(code(() => sourceOf(t, 'mail', 'zh'))).toBe('template.no_words')
})

test('a value is never more than text: not a hole, not markup, not a header', () => {
  expect(filled('{{a}}', { a: '{{b}}' })).toBe('{{b}}')
  const html = htmlOf('<script>alert(1)</script>\nhttps://x.cn/a?b=1&c="><img>', { language: 'zh', sender: '<b>', brand: 'red;}' })
  expect(html).not.toMatch(/<script|<img|<b>|red;/)
  expect(html).toContain('href="https://x.cn/a?b=1&amp;c=')
  expect(oneLine('Hello\r\nBcc: all@example.com')).toBe('Hello Bcc: all@example.com')
})
