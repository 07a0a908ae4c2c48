import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ari, openAri, readAddress } from '#adapters/asterisk/ari.ts'
import { diagnose } from '#adapters/asterisk/connection.ts'
import { Info, Modules } from '#adapters/asterisk/models.ts'
import type { Config } from '../config.ts'
import { checkInstall } from './asterisk.ts'
import { StartFailure } from './faces.ts'
import { whoHolds } from './lock.ts'
import type { Finding } from './surroundings.ts'

/** Without these nothing of ours works; the first of each group that is there is enough. */
const needed: readonly (readonly string[])[] = [
  ['res_ari_channels.so'],
  ['res_ari_bridges.so'],
  ['res_ari_playbacks.so'],
  ['res_ari_recordings.so'],
  ['res_ari_events.so'],
  ['res_ari_asterisk.so'],
  ['res_ari_endpoints.so'],
  ['res_ari_applications.so'],
  ['res_http_websocket.so'],
  ['res_pjsip.so'],
  ['res_pjsip_transport_websocket.so'],
  ['res_pjsip_outbound_registration.so'],
  ['res_stasis_snoop.so'],
  ['chan_pjsip.so'],
  ['res_rtp_asterisk.so'],
]
const opus = ['codec_opus.so', 'codec_opus_open_source.so']

/** The Asterisk that we start: there, and for this machine; when it runs, asked like any other. */
export async function lookAtOwn(config: Config): Promise<Finding> {
  const folder = config.ASTERISK_DIR ?? ''
  checkInstall(folder)
  const [stamp = ''] = readFileSync(join(folder, '.stamp'), 'utf8').split('\n')
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch
  if (!stamp.includes(`arch=${arch}`))
    throw new StartFailure(
      'asterisk.other_machine',
      `${folder} 里的 Asterisk 是给别的处理器的（${stamp}），本机是 ${arch}。删掉这个目录，重新运行 tools/asterisk/install.sh。`,
      `The Asterisk in ${folder} is for another processor (${stamp}); this machine is ${arch}. Remove the folder and run tools/asterisk/install.sh again.`,
    )
  const part = 'Asterisk'
  if ((await whoHolds(config.DATA)) === null) return { part, words: `${folder}，随产品启动 / starts with the product` }
  try {
    const home = join(config.DATA, 'asterisk')
    const [password, port] = ['ari.secret', 'port'].map(file => readFileSync(join(home, file), 'utf8').trim())
    return await lookAtNode(`http://huiyin:${password}@127.0.0.1:${port}`, 'own')
  } catch (error) {
    if (error instanceof StartFailure) throw error
    return {
      part,
      remark: true,
      words: `${folder}，产品在运行但没有启动它 / the product runs without it: is this the process that plays voice?`,
    }
  }
}

/** A node by its REST interface: there, ours to use, new enough, with what we need. */
export async function lookAtNode(url: string, publicUrl: string | undefined): Promise<Finding> {
  const address = readAddress(url)
  const where = new URL(address.url).host
  const ari = openAri(address)
  try {
    const version = await versionOf(ari, where)
    const modules = new Set(Modules.parse(await ari.ask('GET', 'asterisk/modules')).flatMap(m => (m.status === 'Running' ? [m.name] : [])))
    const missing = needed.filter(names => !names.some(name => modules.has(name))).flat()
    if (missing.length > 0)
      throw trouble(
        where,
        `没有加载 ${missing.join('、')}。装上这些模块，在 modules.conf 里加载它们。`,
        `has not loaded ${missing.join(', ')}. Install these modules and load them in modules.conf.`,
      )
    const remarks = [
      ...(opus.some(name => modules.has(name)) ? [] : ['没有 Opus，浏览器话机用 G.711 / no Opus: phones in browsers speak G.711']),
      ...(publicUrl ? [] : ['没有 PUBLIC_URL，它取不到提示音 / without PUBLIC_URL it cannot fetch prompts']),
    ]
    return { part: 'Asterisk', words: [`${version} ${where}`, ...remarks].join('  '), remark: remarks.length > 0 }
  } finally {
    ari.close()
  }
}

async function versionOf(ari: Ari, where: string): Promise<string> {
  try {
    const { version } = Info.parse(await ari.ask('GET', 'asterisk/info', { only: 'system' })).system
    if (Number.parseInt(version, 10) >= 20) return version
    throw trouble(where, `是 ${version}，需要 20 或更新版本。`, `is ${version}; 20 or newer is needed.`)
  } catch (error) {
    if (error instanceof StartFailure) throw error
    const { code } = diagnose(error)
    if (code === 'wrong_password')
      throw trouble(
        where,
        '拒绝了用户名或密码。核对 ari.conf 里的用户和 ASTERISK_ARI_URL。',
        'refuses user or password. Compare the user in ari.conf with ASTERISK_ARI_URL.',
      )
    if (code === 'not_asterisk')
      throw trouble(
        where,
        '答的不是 ARI。检查地址，以及 http.conf 的 enabled 和 prefix、res_ari 模块。',
        'does not answer as ARI. Check the address, enabled and prefix of http.conf, and the module res_ari.',
      )
    if (code === 'starting') throw trouble(where, '正在启动，稍后再试。', 'is starting; try again in a moment.')
    throw trouble(
      where,
      `连不上（${error instanceof Error ? error.message : ''}）。检查地址、防火墙，以及 http.conf 的 bindaddr。`,
      `cannot be reached (${error instanceof Error ? error.message : ''}). Check address, firewall, and bindaddr of http.conf.`,
    )
  }
}

const trouble = (where: string, zh: string, en: string) =>
  new StartFailure('asterisk.trouble', `${where} 上的 Asterisk ${zh}`, `The Asterisk at ${where} ${en}`)
