import type { Tongue, Way } from '#contract/outgoing.ts'
import type { NewTemplate } from '#contract/outgoingSettings.ts'
import { Refusal } from '#kernel/refusal.ts'

const hole = /\{\{\s*([A-Za-z][A-Za-z0-9]*)\s*\}\}/g

export const holesIn = (...texts: readonly string[]): string[] => [
  ...new Set(texts.flatMap(text => [...text.matchAll(hole)].map(match => match[1] ?? ''))),
]

/** Fills the holes. A value that is missing is a mistake of whoever calls: nobody is sent half a sentence. */
export function filled(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(hole, (_, key: string) => {
    const value = variables[key]
    if (value === undefined) throw new Refusal('invalid', 'template.variable_missing', { variable: key })
    return value
  })
}

/** What is known of it filled in; what each is told alone stays a hole. */
export const filledSoFar = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(hole, (whole, key: string) => variables[key] ?? whole)

type Source = { subject: string; text: string }
/** The words of a template for a channel and language; the other language where this one is empty. */
export function sourceOf(template: NewTemplate & { code: string }, channel: Way, language: Tongue): Source {
  const of = (zh: string, en: string) => (language === 'en' ? en || zh : zh || en)
  const source =
    channel === 'mail'
      ? { subject: of(template.subject, template.subjectEn), text: of(template.text, template.textEn) }
      : { subject: '', text: of(template.sms, template.smsEn) }
  if (source.text === '') throw new Refusal('invalid', 'template.no_words', { template: template.code, channel })
  return source
}

/** Every hole is declared and every brace is part of one. */
export function checkTemplate(t: NewTemplate): void {
  const texts = [t.subject, t.subjectEn, t.text, t.textEn, t.sms, t.smsEn]
  const declared = new Set(t.variables.map(v => v.key))
  if (declared.size < t.variables.length) throw new Refusal('invalid', 'template.variable_twice')
  const unknown = holesIn(...texts).find(key => !declared.has(key))
  if (unknown !== undefined) throw new Refusal('invalid', 'template.variable_unknown', { variable: unknown })
  if (texts.some(text => /\{\{|\}\}/.test(text.replace(hole, '')))) throw new Refusal('invalid', 'template.brace_open')
  const mail = t.text !== '' || t.textEn !== ''
  if (!mail && t.sms === '' && t.smsEn === '') throw new Refusal('invalid', 'template.empty')
  if (mail && t.subject === '' && t.subjectEn === '') throw new Refusal('invalid', 'template.no_subject')
}

/** What is given fits what is asked: nothing missing, nothing that nobody declared. */
export function checkVariables(template: NewTemplate & { code: string }, source: Source, given: Readonly<Record<string, string>>): void {
  const missing = holesIn(source.subject, source.text).find(key => given[key] === undefined)
  if (missing !== undefined) throw new Refusal('invalid', 'template.variable_missing', { variable: missing })
  const known = new Set(template.variables.map(v => v.key))
  const unknown = Object.keys(given).find(key => !known.has(key))
  if (unknown !== undefined) throw new Refusal('invalid', 'template.variable_unknown', { variable: unknown })
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, c => escapes[c] ?? c)

/** A subject is one line, whatever was put into it. */
export const oneLine = (text: string): string =>
  text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300)

export const unsubscribeWords: Readonly<Record<Tongue, string>> = { zh: '不再接收这类邮件', en: 'No more mails of this kind' }

/** The letter around a text: paragraphs, links that can be clicked, the sender's name; no picture, no script, nothing loaded from anywhere. */
export function htmlOf(
  text: string,
  { language, sender, brand, unsubscribe = null }: { language: Tongue; sender: string; brand: string; unsubscribe?: string | null },
): string {
  const paragraphs = text
    .split(/\n{2,}/)
    .map(part => `<p style="margin:0 0 16px">${linked(escapeHtml(part)).replaceAll('\n', '<br>')}</p>`)
    .join('')
  const more =
    unsubscribe === null ? '' : `<br><a href="${escapeHtml(unsubscribe)}" style="color:#646b7a">${unsubscribeWords[language]}</a>`
  const colour = /^#[0-9a-f]{6}$/i.test(brand) ? brand : '#3552D6'
  return `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head><body style="margin:0;background:#f6f7f9"><div style="max-width:560px;margin:0 auto;padding:24px;font:15px/1.6 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif;color:#181b22"><div style="background:#fff;border-top:3px solid ${colour};border-radius:8px;padding:24px">${paragraphs}</div><p style="color:#646b7a;font-size:12px">${escapeHtml(sender)}${more}</p></div></body></html>`
}
const linked = (html: string) =>
  html.replaceAll(/https?:\/\/[^\s<>"'，。；）]+/g, url => `<a href="${url}" style="color:#3552d6">${url}</a>`)
