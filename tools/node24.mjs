import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const needed = 24
const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`

/**
 * True when this is Node 24 or newer. Otherwise hands the program over to the Node that npm installed beside us, or says what is missing.
 * Plain JavaScript for Node 18: everything newer is imported after this has answered.
 */
export function onNode24(script) {
  if (Number(process.versions.node.split('.')[0]) >= needed) return true
  const shipped = join(root, 'node_modules', `node-${platform}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(shipped)) {
    process.stderr.write(
      `无法启动 · 需要 Node ${needed} 或更新版本，现在是 ${process.version}（${platform}）。先运行 npm ci；仍不行就从 https://nodejs.org 安装 Node ${needed}。\n`,
    )
    process.stderr.write(
      `Cannot start · Node ${needed} or newer is needed, this is ${process.version} (${platform}). Run npm ci; if that does not help, install Node ${needed} from https://nodejs.org\n`,
    )
    process.exit(1)
  }
  const child = spawn(shipped, [fileURLToPath(script), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name))
  child.on('error', error => {
    process.stderr.write(`${shipped}: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code))
  return false
}

/** Compiled code and stripped types are kept in the data folder: the next start reads them. Returns what writes them down. */
export async function keepCompiled() {
  const { enableCompileCache, flushCompileCache } = await import('node:module')
  const folders = [resolve(process.env.DATA || 'data')]
  folders.push(join(folders[0], 'cache'), join(folders[0], 'cache', 'code'))
  try {
    // Made one by one: Node's own recursive making never comes back from file systems such as /proc.
    for (const folder of folders) if (!existsSync(folder)) mkdirSync(folder)
    enableCompileCache(folders[2])
  } catch {
    // Whether the folder can be written is told by whoever needs it.
  }
  return () => void setTimeout(flushCompileCache, 3000).unref()
}
