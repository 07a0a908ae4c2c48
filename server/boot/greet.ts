import { identity } from '#contract/identity.ts'

type Greeting = { url: string; seconds: number; say: (words: string) => void }

/** What whoever started it needs to know: where it is, and on a sample centre who can sign in. */
export async function greet({ url, seconds, say }: Greeting) {
  const shown = url.replace('//0.0.0.0', '//127.0.0.1').replace('//[::]', '//127.0.0.1')
  const reply = await fetch(`${shown}/api/welcome`, { signal: AbortSignal.timeout(10_000) })
  const { installed, tenant, accounts } = identity.welcome.reply.parse(await reply.json())

  say(`\n  回音 Huiyin  ${shown}   ${seconds.toFixed(1)} s`)
  if (!installed) say('  还没有机构：在浏览器里打开上面的地址来创建 / empty installation: open the address to set it up')
  if (tenant?.sample) {
    say(`  客户看到的网页 / what customers see  ${shown}/site`)
    say(`  客户的练习电话 / the practice phone  ${shown}/phone`)
  }
  say(`  接口说明 / API reference  ${shown}/api\n`)
  for (const { name, role, roleEn, login, password } of accounts)
    say(`  ${login.padEnd(14)}${password.padEnd(16)}${name} · ${role} / ${roleEn}`)
  say(accounts.length > 0 ? '\n  Ctrl-C 停止 / to stop' : '  Ctrl-C 停止 / to stop')
}
