import { TemplateContent } from '#contract/documentBlocks.ts'

export type Both = readonly [zh: string, en: string]
/** What an organisation begins with. */
export type BuiltIn = { code: string; name: string; nameEn: string; source: string; content: TemplateContent }

export const inBoth = (blocks: (said: (words: Both) => string) => unknown[], rest: object = {}): TemplateContent =>
  TemplateContent.parse({ zh: blocks(([zh]) => zh), en: blocks(([, en]) => en), ...rest })
export const column = (title: string, value: string, share: number, align: 'left' | 'right' = 'right') => ({
  title,
  value: `{{item.${value}}}`,
  share,
  align,
})
