import { parseArgs } from 'node:util'
import { joinDatabase, openDatabase } from './boot/database.ts'
import { listenFailure, StartFailure, sayAndExit } from './boot/faces.ts'
import { servedAt } from './boot/lock.ts'
import { checkPort } from './boot/port.ts'
import { type Config, readConfig } from './config.ts'

const usage = `huiyin serve [--roles=web,worker,voice] [--port=8200]   启动 / start the product
huiyin migrate                                          更新数据库结构 / bring the database up to date
huiyin backup FILE [--tenant=SLUG] [--without-key]      备份整个安装或一个租户 / back up the installation, or one tenant of it
huiyin restore FILE                                     恢复到空的安装，或放回一个租户 / restore into an empty installation, or put a tenant back
huiyin upgrade [--binaries=FOLDER]                      内置数据库换大版本后搬一次数据 / move the data once when the embedded database has a new major version
huiyin doctor                                           检查每个部分 / check every configured part
huiyin tenant create SLUG --name=NAME [--admin=NAME] [--login=admin] [--password=…] [--timezone=Asia/Shanghai] [--language=zh|en]
                                                        新建租户和管理员 / a tenant with its administrator
huiyin sample [--size=S|M|L] [--language=zh|en]         造样例中心：一万、一百万、一千万次联络 / the sample centre with 10 thousand, 1 or 10 million contacts
`
const say = (words: string) => void process.stdout.write(`${words}\n`)
const quiet = { info: () => {}, warn: (words: string) => void process.stderr.write(`${words}\n`) }

export async function run(argv: string[]): Promise<void> {
  const [command = '', second = '', ...rest] = argv
  try {
    if (command === 'serve') return await serveAsTold(argv.slice(1))
    if (command === 'migrate') return await migrateNow(readConfig())
    if (command === 'doctor') {
      const { doctor } = await import('./boot/doctor.ts')
      process.exitCode = (await doctor(say)) ? 0 : 1
      return
    }
    if (command === 'backup' || command === 'restore') {
      const { backUpAsTold, restoreAsTold } = await import('./boot/backup/commands.ts')
      const told = command === 'backup' ? backUpAsTold : restoreAsTold
      return await told(readConfig(), argv.slice(1), say)
    }
    if (command === 'upgrade') {
      const { upgradeAsTold } = await import('./boot/upgrade.ts')
      return await upgradeAsTold(readConfig(), argv.slice(1), say)
    }
    if (command === 'sample') {
      const { makeSampleAsTold } = await import('./boot/sample.ts')
      return await makeSampleAsTold(readConfig(), argv.slice(1))
    }
    if (command === 'tenant' && second === 'create') {
      const { createTenantAsTold } = await import('./boot/tenant.ts')
      return await createTenantAsTold(readConfig(), rest, say)
    }
  } catch (error) {
    sayAndExit(asFailure(error))
  }
  process.stdout.write(usage)
  process.exitCode = ['', 'help', '--help', '-h'].includes(command) ? 0 : 1
}

async function serveAsTold(args: string[]) {
  const { values } = parseArgs({ args, options: { roles: { type: 'string' }, port: { type: 'string' } } })
  if (values.roles) process.env.HUIYIN_ROLES = values.roles
  if (values.port) process.env.PORT = values.port
  await serve()
}

/** The product until it is told to stop. `before` is what has to be done first, such as building the pages. */
export async function serve({
  began = performance.now(),
  before,
}: {
  began?: number
  before?: (say: (words: string) => void) => Promise<void> | void
} = {}) {
  try {
    const config = readConfig()
    await checkPort(config.HOST, config.PORT)
    await before?.(say)
    // What we write is for this account alone; folders meant for others say so themselves.
    process.umask(0o077)
    const opening = openDatabase(config, quiet)
    // One that runs elsewhere answers at once; asked beside the loading of code it would seem late on a busy machine.
    if (config.DATABASE_URL) await opening
    // The code loads while the database starts; what keeps the database from starting is told first.
    const loading = import('./main.ts')
    loading.catch(() => {})
    await opening
    const { serveHouse } = await loading
    const { url, stop } = await serveHouse(process.env, opening).catch(error =>
      Promise.reject(listenFailure(error, config.HOST, config.PORT)),
    )
    stopWhenTold(stop)
    const { greet } = await import('./boot/greet.ts')
    servedAt(url)
    await greet({ url, seconds: (performance.now() - began) / 1000, say })
  } catch (error) {
    sayAndExit(asFailure(error))
  }
}

/** The first signal ends in good order, the second at once. */
function stopWhenTold(stop: () => Promise<void>) {
  let asked = false
  const end = () => {
    if (asked) process.exit(1)
    asked = true
    setTimeout(() => process.exit(1), 30_000).unref()
    stop().then(
      () => process.exit(0),
      error => sayAndExit(error),
    )
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, end)
}

async function migrateNow(config: Config) {
  const { migrate } = await import('#kernel/migrate.ts')
  const database = await joinDatabase(config, quiet)
  try {
    const done = await migrate(database.controlUrl)
    say(done.length === 0 ? '数据库结构已是最新 / the database is up to date' : done.map(name => `+ ${name}`).join('\n'))
  } finally {
    await database.stop()
  }
}

/** Wrong options are said plainly too. */
const asFailure = (error: unknown) =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    ? new StartFailure('options.invalid', `参数不对：${error.message}`, error.message)
    : error
