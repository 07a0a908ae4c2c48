import { setTimeout as pause } from 'node:timers/promises'
import { insight, simulation } from '#contract/insight.ts'
import { samplePassword } from '#domains/sample/centre.ts'
import { Refused, type SignedIn, signIn } from '../journeys/story/client.ts'
import { mistyped, options } from './options.ts'
import { type Hand, sitDown } from './simulatedAgent.ts'

/** Sample customers for a while, and with --agents sample agents who answer them; everything they write says that it is simulated. */
const usage = `npm run simulate [-- --minutes=10] [--per-minute=6] [--agents] [--lang=zh|en] [--url=http://127.0.0.1:8200]
  模拟客户来一会儿，--agents 让模拟坐席接待 / simulated customers for a while; --agents lets simulated agents answer`
const values = options(usage, {
  minutes: { type: 'string', default: '10' },
  'per-minute': { type: 'string', default: '6' },
  agents: { type: 'boolean', default: false },
  lang: { type: 'string' },
  url: { type: 'string' },
})
if (values.url !== undefined && !URL.canParse(values.url)) mistyped(`--url: ${values.url}`, usage)
const base = (values.url ?? process.env.BASE_URL ?? `http://127.0.0.1:${process.env.PORT || 8200}`).replace(/\/$/, '')
const zh = !(values.lang ?? process.env.LANG ?? 'zh').startsWith('en')
const [minutes, perMinute] = [Number(values.minutes), Number(values['per-minute'])]
const wrong = (
  [
    [minutes, '--minutes'],
    [perMinute, '--per-minute'],
  ] as const
).find(([n]) => !Number.isInteger(n) || n < 1 || n > 60)
if (wrong) mistyped(zh ? `${wrong[1]} 应为 1 到 60 的整数` : `${wrong[1]} must be a whole number from 1 to 60`, usage)

let stopping = false
const stop = new AbortController()
process.on('SIGINT', () => {
  stopping = true
  stop.abort()
})
process.on('SIGTERM', () => {
  stopping = true
  stop.abort()
})

try {
  const admin = await signIn(base, 'admin', samplePassword)
  const { endsAt } = await admin.call(simulation.start, { body: { minutes, perMinute } })
  console.log(
    zh
      ? `模拟客户开始到来，每分钟约 ${perMinute} 位，到 ${time(endsAt)} 为止；Ctrl-C 提前结束。`
      : `Simulated customers arrive, about ${perMinute} a minute, until ${time(endsAt)}; Ctrl-C ends it earlier.`,
  )
  const hands: Hand[] = values.agents
    ? await Promise.all(['jiangyizhou', 'bailu', 'luyunfan'].map(login => sitDown(base, login, samplePassword, zh, console.log)))
    : []
  await watch(admin)
  await admin.call(simulation.stop)
  await Promise.all(hands.map(hand => hand.leave()))
  console.log(zh ? '模拟结束。' : 'The simulation is over.')
  process.exit(0)
} catch (error) {
  const away = error instanceof TypeError && /fetch failed/.test(error.message)
  const code = error instanceof Refused ? error.code : ''
  const said: Record<string, [string, string]> = {
    'simulation.running': ['模拟已在进行', 'a simulation is running already'],
    'simulation.not_a_sample': ['只能在示例中心模拟', 'only a sample centre can be simulated'],
  }
  const why = away
    ? zh
      ? `${base} 没有应答，先运行 npm start`
      : `${base} does not answer; run npm start first`
    : (said[code]?.[zh ? 0 : 1] ?? (error instanceof Error ? error.message : String(error)))
  console.error(why)
  process.exit(1)
}

/** One line whenever something has changed. */
async function watch(admin: SignedIn) {
  let last = ''
  for (;;) {
    const [state, board] = await Promise.all([admin.call(simulation.state), admin.call(insight.wallboard)])
    const { offered, answered, abandoned, shortAbandoned, ratings, ratingAverage, serviceLevel } = board.today
    const handling = board.queues.reduce((sum, q) => sum + q.handling, 0)
    const level = serviceLevel === null ? '—' : `${(serviceLevel * 100).toFixed(0)}%`
    const line = zh
      ? `已到 ${state.arrived}，排队 ${board.waiting}，会话 ${handling}；今日进线 ${offered}，接起 ${answered}，放弃 ${abandoned + shortAbandoned}，服务水平 ${level}，评价 ${ratings}（${ratingAverage?.toFixed(2) ?? '—'}）`
      : `arrived ${state.arrived}, waiting ${board.waiting}, talking ${handling}; today offered ${offered}, answered ${answered}, abandoned ${abandoned + shortAbandoned}, service level ${level}, ratings ${ratings} (${ratingAverage?.toFixed(2) ?? '—'})`
    if (line !== last) console.log(`${time(board.at)} ${line}`)
    last = line
    if (stopping || !state.running) return
    await pause(2_000, undefined, { signal: stop.signal }).catch(() => {})
  }
}

function time(at: Date | null): string {
  return at ? at.toLocaleTimeString('zh-CN', { hour12: false }) : '—'
}
