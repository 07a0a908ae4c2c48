import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'

/** Debian 12's: 2.4 wants another configuration. */
export const hasDovecot = spawnSync('dovecot', ['--version']).stdout?.toString().startsWith('2.3.') === true

const freePort = () =>
  new Promise<number>(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

/** Debian's Dovecot with one mailbox of each user in it; the password is `geheim`. Started by root it gives its mails to nobody, as it will not keep root's. */
export async function openMailboxes() {
  const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-imap-'))
  chmodSync(folder, 0o755)
  const port = await freePort()
  const root = process.getuid?.() === 0
  const me = spawnSync('id', ['-un']).stdout.toString().trim()
  const user = root ? 'nobody' : me
  const [uid, gid] = ['-u', '-g'].map(flag => Number(spawnSync('id', [flag, user]).stdout))
  for (const name of ['mail', 'run', 'state']) mkdirSync(path.join(folder, name))
  if (root) chownSync(path.join(folder, 'mail'), uid ?? 0, gid ?? 0)
  const config = path.join(folder, 'dovecot.conf')
  writeFileSync(
    config,
    `protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = ${root ? 'dovecot' : me}
default_login_user = ${root ? 'dovenull' : me}
${root ? '' : `default_internal_group = ${spawnSync('id', ['-gn']).stdout.toString().trim()}`}
first_valid_uid = 1
mail_location = maildir:${folder}/mail/%u
passdb {
  driver = static
  args = password=geheim
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail/%u
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`,
  )
  const server = spawn('dovecot', ['-F', '-c', config], { stdio: 'ignore' })
  const as = async <T>(name: string, fn: (client: ImapFlow) => Promise<T>): Promise<T> => {
    const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, auth: { user: name, pass: 'geheim' }, logger: false })
    client.on('error', () => {})
    await client.connect()
    try {
      return await fn(client)
    } finally {
      await client.logout()
    }
  }
  for (const until = Date.now() + 15_000; ; await wait(100)) {
    const up = await as('probe', async () => true).catch(() => false)
    if (up) break
    if (Date.now() > until || server.exitCode !== null) {
      server.kill()
      throw new Error(`Dovecot does not start: see ${folder}/log`)
    }
  }
  return {
    port,
    /** Puts a mail into somebody's inbox, unread. */
    drop: (name: string, mail: string | Buffer) => as(name, client => client.append('INBOX', mail)),
    /** Which of somebody's mails are still unread, by subject. */
    unread: (name: string) =>
      as(name, async client => {
        await client.mailboxOpen('INBOX')
        const uids = (await client.search({ seen: false }, { uid: true })) || []
        if (uids.length === 0) return []
        return (await client.fetchAll(uids.join(','), { envelope: true }, { uid: true })).map(mail => mail.envelope?.subject ?? '')
      }),
    /** Everything is gone and counted anew, as after a restored backup. */
    renew: (name: string) => rmSync(path.join(folder, 'mail', name), { recursive: true, force: true }),
    close: async () => {
      const ended = new Promise(resolve => server.once('exit', resolve))
      if (server.exitCode === null) {
        server.kill('SIGTERM')
        await ended
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
