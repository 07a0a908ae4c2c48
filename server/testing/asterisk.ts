import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const tools = fileURLToPath(new URL('../../tools/asterisk', import.meta.url))

/** The unpacked Asterisk, when there is one: `tools/asterisk/install.sh DIR`, then ASTERISK_DIR=DIR. */
export const asteriskDir = process.env.ASTERISK_DIR

/** An Asterisk for a test, with a trunk at TRUNK_MATCH (127.0.0.2) where the test wants one without the product. `confs`: folders laid over the common files. */
export async function openAsterisk({
  env = {},
  confs = [join(tools, 'test')],
}: {
  env?: Record<string, string>
  confs?: readonly string[]
} = {}) {
  if (!asteriskDir) throw new Error('ASTERISK_DIR is not set')
  const root = asteriskDir
  const folder = await mkdtemp(join(tmpdir(), 'huiyin-asterisk-'))
  const [ari, sip] = [await freeTcp(), await freeUdp()]
  const rtp = 30_000 + (process.pid % 100) * 300
  const settings = {
    ARI_PORT: String(ari),
    SIP_PORT: String(sip),
    SIP_TLS_PORT: String(await freeTcp()),
    RTP_START: String(rtp),
    RTP_END: String(rtp + 299),
    ARI_PASSWORD: 'geheim',
    ...env,
  }
  const url = `http://127.0.0.1:${ari}`
  let child: ChildProcess | undefined
  const over = (running: ChildProcess) =>
    new Promise<void>(resolve =>
      running.exitCode === null && running.signalCode === null ? running.once('exit', () => resolve()) : resolve(),
    )

  async function start(): Promise<void> {
    let said = ''
    // Whoever kills the tests ends it too.
    const running = spawn('setpriv', ['--pdeathsig', 'TERM', join(tools, 'run.sh'), root, folder, join(tools, 'conf'), ...confs], {
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.stdout.on('data', part => (said = `${said}${part}`.slice(-4000)))
    running.stderr.on('data', part => (said = `${said}${part}`.slice(-4000)))
    child = running
    for (let tries = 0; tries < 400; tries++) {
      if (running.exitCode !== null) throw new Error(`Asterisk ended: ${said}`)
      const answer = await fetch(`${url}/ari/asterisk/ping`, { headers: { authorization: basic('huiyin', settings.ARI_PASSWORD) } }).catch(
        () => null,
      )
      if (answer?.ok) return
      await wait(50)
    }
    throw new Error(`Asterisk does not answer: ${said}`)
  }

  await start()
  return {
    url: `http://huiyin:${settings.ARI_PASSWORD}@127.0.0.1:${ari}`,
    ari: url,
    authorization: basic('huiyin', settings.ARI_PASSWORD),
    sipPort: sip,
    folder,
    pid: () => child?.pid ?? 0,
    start,
    kill: async () => {
      if (!child) return
      child.kill('SIGKILL')
      await over(child)
    },
    close: async () => {
      if (child) {
        child.kill('SIGTERM')
        const late = setTimeout(() => child?.kill('SIGKILL'), 5_000)
        await over(child)
        clearTimeout(late)
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}
export type TestAsterisk = Awaited<ReturnType<typeof openAsterisk>>

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

const freeTcp = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
const freeUdp = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createSocket('udp4')
    probe.once('error', reject)
    probe.bind(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
