import { mistyped, options } from '../../tools/options.ts'
import { play } from './story.ts'

const usage = `npm run story [-- --lang=zh|en] [--url=http://127.0.0.1:8200]   把整个故事演一遍 / play the whole story`
const values = options(usage, { lang: { type: 'string' }, url: { type: 'string' } })
if (values.url !== undefined && !URL.canParse(values.url)) mistyped(`--url: ${values.url}`, usage)
const base = (values.url ?? process.env.BASE_URL ?? `http://127.0.0.1:${process.env.PORT || 8200}`).replace(/\/$/, '')
const language = (values.lang ?? process.env.LANG ?? 'zh').startsWith('en') ? 'en' : 'zh'
const zh = language === 'zh'
const begun = Date.now()
let told = 0

try {
  await play(base, {
    language,
    tell: ({ n, did, says, look }) => {
      told = n
      console.log(`${n}/8 ✓ ${did} │ ${zh ? '库中' : 'database'}: ${says} │ ${look}`)
    },
  })
  console.log(
    zh ? `演完了，用时 ${((Date.now() - begun) / 1000).toFixed(1)} 秒。` : `Played in ${((Date.now() - begun) / 1000).toFixed(1)} s.`,
  )
  process.exit(0)
} catch (error) {
  const away = error instanceof TypeError && /fetch failed/.test(error.message)
  const why = away
    ? zh
      ? `${base} 没有应答，先运行 npm start`
      : `${base} does not answer; run npm start first`
    : error instanceof Error
      ? error.message
      : String(error)
  console.error(`${told + 1}/8 ✗ ${why}`)
  process.exit(1)
}
