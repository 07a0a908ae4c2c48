import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openAri, readAddress } from '#adapters/asterisk/ari.ts'
import { asteriskDir } from '#testing/asterisk.ts'
import { type Config, readConfig } from '../config.ts'
import { checkInstall, endOrphan, openTelephones } from './asterisk.ts'

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const log = { info: () => {}, warn: () => {} }

function settings(): Config {
  const folder = mkdtempSync(join(tmpdir(), 'huiyin-boot-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  const sip = 40_000 + (process.pid % 9_000)
  return readConfig({ DATA: folder, ASTERISK_DIR: asteriskDir ?? '', ASTERISK_SIP: `127.0.0.1:${sip}`, ASTERISK_RTP: '39000-39099' })
}
const pidOf = ({ DATA }: Config) => Number(readFileSync(join(DATA, 'asterisk/pid'), 'utf8'))
const lives = (pid: number) => existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('asterisk')

async function answers(url: string): Promise<boolean> {
  const ari = openAri(readAddress(url))
  try {
    return (await ari.ask('GET', 'asterisk/ping').catch(() => null)) !== null
  } finally {
    ari.close()
  }
}

test.skipIf(!asteriskDir)(
  'our Asterisk is started, comes again when it is killed, is taken over by the next process, and ends with us',
  async () => {
    const config = settings()
    const first = await openTelephones(config, true, log)
    closing.push(first.stop)
    const [node] = first.nodes
    if (!node) throw new Error('no node')
    expect(node).toMatchObject({ name: 'asterisk', own: true })
    await expect.poll(() => answers(node.url)).toBe(true)

    const before = pidOf(config)
    process.kill(before, 'SIGKILL')
    const died = Date.now()
    await expect.poll(async () => pidOf(config) !== before && (await answers(node.url)), { interval: 50 }).toBe(true)
    expect(Date.now() - died, 'milliseconds without an exchange').toBeLessThan(10_000)

    // As after a process of ours that was killed: the next one finds it with the same address and password, and the same process.
    const running = pidOf(config)
    const second = await openTelephones(config, true, log)
    closing.push(second.stop)
    expect(second.nodes).toEqual(first.nodes)
    expect(pidOf(config)).toBe(running)
    expect(await answers(node.url)).toBe(true)
    // Whoever has lost it to a successor leaves it alone.
    await first.stop()
    expect(lives(running)).toBe(true)
    await second.stop()
    expect(lives(running)).toBe(false)
  },
)

test.skipIf(!asteriskDir)(
  'one that was left behind ends where none is wanted any more; a process of somebody else is left alone',
  async () => {
    const config = settings()
    const ours = await openTelephones(config, true, log)
    closing.push(ours.stop)
    await expect.poll(() => existsSync(join(config.DATA, 'asterisk/pid')) && lives(pidOf(config))).toBe(true)
    const left = pidOf(config)
    await openTelephones({ ...config, ASTERISK_DIR: undefined }, false, log)
    expect(lives(left), 'a process that does not play voice leaves it alone').toBe(true)
    // As if ours were no more: it would start it again.
    writeFileSync(join(config.DATA, 'asterisk/owner'), 'somebody after us')
    await openTelephones({ ...config, ASTERISK_DIR: undefined }, true, log)
    expect(lives(left)).toBe(false)

    // Its number is another program's by now, which speaks of a folder that is nearly ours.
    const stranger = spawn('sleep', ['600'], { argv0: `${join(config.DATA, 'asterisk/run')}2` })
    closing.push(() => stranger.kill())
    await expect.poll(() => readFileSync(`/proc/${stranger.pid}/cmdline`, 'utf8')).toContain('asterisk/run2')
    writeFileSync(join(config.DATA, 'asterisk/pid'), String(stranger.pid))
    await endOrphan(config.DATA)
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
    expect(lives(stranger.pid ?? 0)).toBe(true)
  },
)

test('a folder without an Asterisk is told with what brings one', () => {
  expect(() => checkInstall(tmpdir())).toThrow('tools/asterisk/install.sh')
})
