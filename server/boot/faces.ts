/** What can keep the product from starting, each with one line in either language that says what to do. */
export class StartFailure extends Error {
  readonly code: string
  readonly zh: string
  constructor(code: string, zh: string, en: string) {
    super(en)
    this.name = 'StartFailure'
    this.code = code
    this.zh = zh
  }
}

export const face = {
  badSetting: (name: string, value: string, expected: string) =>
    new StartFailure(
      'setting.invalid',
      `环境变量 ${name} 的值「${value}」不可用，应为：${expected}。改正后再启动。`,
      `${name} is "${value}"; expected: ${expected}. Correct it and start again.`,
    ),
  portTaken: (host: string, port: number) =>
    new StartFailure(
      'port.taken',
      `端口 ${host}:${port} 已被别的程序占用。停掉它，或换一个端口：PORT=${port + 1} npm start`,
      `Port ${host}:${port} is taken by another program. Stop it or choose another port: PORT=${port + 1} npm start`,
    ),
  portOfOther: (host: string, port: number, folder: string) =>
    new StartFailure(
      'port.other_copy',
      `端口 ${host}:${port} 上运行着另一份回音，它的数据不在 ${folder}。检查那一份：命令前写上它的 DATA=目录；启动这一份：PORT=${port + 1} npm start`,
      `Another copy of the product listens on ${host}:${port}; its data is not in ${folder}. To look at that one say its DATA=folder before the command; to start this one: PORT=${port + 1} npm start`,
    ),
  portForbidden: (host: string, port: number) =>
    new StartFailure(
      'port.forbidden',
      `不能在 ${host}:${port} 上监听：没有权限或本机没有这个地址。换一个端口或地址：PORT=8200 HOST=127.0.0.1 npm start`,
      `Cannot listen on ${host}:${port}: no permission, or not an address of this machine. Choose another: PORT=8200 HOST=127.0.0.1 npm start`,
    ),
  dataNotWritable: (folder: string, why: string) =>
    new StartFailure(
      'data.not_writable',
      `数据目录 ${folder} 不能写（${why}）。改它的权限，或用 DATA=目录 另选一个。`,
      `The data folder ${folder} cannot be written (${why}). Change its permissions or choose another with DATA=folder.`,
    ),
  diskFull: (folder: string) =>
    new StartFailure(
      'data.disk_full',
      `数据目录 ${folder} 所在的磁盘已满。腾出至少 500 MB 后再启动。`,
      `The disk of the data folder ${folder} is full. Free at least 500 MB and start again.`,
    ),
  anotherInstance: (folder: string, pid: string) =>
    new StartFailure(
      'data.in_use',
      `另一个回音实例（进程 ${pid}）正在使用数据目录 ${folder}。停掉它，或用 DATA=目录 另选一个。`,
      `Another instance (process ${pid}) is using the data folder ${folder}. Stop it or choose another with DATA=folder.`,
    ),
  cannotDropRoot: (user: string) =>
    new StartFailure(
      'database.no_setuid',
      `数据库不能以 root 运行，而这里不允许切换到用户 ${user}。请以普通用户启动（容器：--user 1000），或用 DATABASE_URL 指向现有的 PostgreSQL。`,
      `The database refuses to run as root, and switching to user ${user} is not allowed here. Start as an ordinary user (containers: --user 1000) or set DATABASE_URL to a PostgreSQL of yours.`,
    ),
  noBinaries: (platform: string) =>
    new StartFailure(
      'database.no_binaries',
      `没有适用于 ${platform} 的内置数据库。请用 DATABASE_URL 指向 PostgreSQL 15 或更新版本。`,
      `There is no embedded database for ${platform}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    ),
  olderVersion: (folder: string, found: string, ours: string) =>
    new StartFailure(
      'database.older_version',
      `数据目录 ${folder} 由 PostgreSQL ${found} 写成，现在内置的是 ${ours}。运行一次 npx huiyin upgrade 把数据搬过去（原来的原样保留），再启动。`,
      `The data folder ${folder} was written by PostgreSQL ${found}; the embedded one is now ${ours}. Run npx huiyin upgrade once: it moves the data and keeps the old folder as it is. Then start again.`,
    ),
  newerVersion: (folder: string, found: string, ours: string) =>
    new StartFailure(
      'database.newer_version',
      `数据目录 ${folder} 由较新的 PostgreSQL ${found} 写成，内置的是 ${ours}。请用写它的那个版本，或用 DATA=目录 另选一个。`,
      `The data folder ${folder} was written by the newer PostgreSQL ${found}; the embedded one is ${ours}. Use the release that wrote it or choose another with DATA=folder.`,
    ),
  noOlderBinaries: (major: string, command: string) =>
    new StartFailure(
      'upgrade.no_binaries',
      `读出旧数据需要一次 PostgreSQL ${major} 的程序。先运行：${command}\n  再运行 npx huiyin upgrade。已装在别处时：npx huiyin upgrade --binaries=目录`,
      `Reading the old data takes the programs of PostgreSQL ${major} once. Run: ${command}\n  then npx huiyin upgrade. Installed elsewhere: npx huiyin upgrade --binaries=folder`,
    ),
  databaseBroken: (log: string, why: string) =>
    new StartFailure(
      'database.will_not_start',
      `内置数据库没能启动：${why}。详情见 ${log}`,
      `The embedded database did not start: ${why}. Details in ${log}`,
    ),
  databaseUnreachable: (where: string, why: string) =>
    new StartFailure(
      'database.unreachable',
      `连不上 DATABASE_URL 所指的数据库 ${where}（${why}）。检查地址、账号和网络；不设它则用内置数据库。`,
      `The database of DATABASE_URL at ${where} cannot be reached (${why}). Check address, account and network; leave it unset for the embedded one.`,
    ),
  databaseTooOld: (where: string, version: string) =>
    new StartFailure(
      'database.too_old',
      `${where} 上的 PostgreSQL 是 ${version}，需要 15 或更新版本。`,
      `PostgreSQL at ${where} is ${version}; 15 or newer is needed.`,
    ),
  databaseNoRights: (where: string, why: string) =>
    new StartFailure(
      'database.no_rights',
      `DATABASE_URL 的账号在 ${where} 上权限不足（${why}）。它要能建角色和模式。`,
      `The account of DATABASE_URL at ${where} may not do what is needed (${why}). It must be allowed to create roles and schemas.`,
    ),
}

export const startLines = (failure: StartFailure) => `无法启动 · ${failure.zh}\nCannot start · ${failure.message}\n`

/** A known failure is said in two plain lines without a stack; anything else is a bug and shows where it happened. */
export function sayAndExit(error: unknown): never {
  process.stderr.write(
    error instanceof StartFailure ? startLines(error) : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exit(1)
}

export const codeOf = (error: unknown) => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '')

/** What `listen` throws, as a face. */
export const listenFailure = (error: unknown, host: string, port: number): unknown => {
  const code = codeOf(error)
  if (code === 'EADDRINUSE') return face.portTaken(host, port)
  return code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' ? face.portForbidden(host, port) : error
}

/** What a write below the data folder throws, as a face. */
export const writeFailure = (error: unknown, folder: string): unknown => {
  const code = codeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return face.diskFull(folder)
  return ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'].includes(code) ? face.dataNotWritable(folder, code) : error
}
