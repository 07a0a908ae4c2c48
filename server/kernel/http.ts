import { createReadStream } from 'node:fs'
import { readFile, stat, statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import statics from '@fastify/static'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify'
import type { Problem } from '#contract/endpoint.ts'
import type { House } from './house.ts'
import { openApi } from './openapi.ts'
import { Refusal, refusalStatus } from './refusal.ts'
import { type Door, isOverTls } from './serve.ts'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
const megabyte = 1_048_576

/** The HTTP server without routes: parsing, limits, headers, errors. */
export async function newApp(house: House): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: undefined,
    logger: false,
    bodyLimit: megabyte,
    trustProxy: house.settings.trustedProxies ?? 'loopback',
    requestIdHeader: false,
    genReqId: () => crypto.randomUUID(),
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
  })
  await app.register(cookie)
  await app.register(multipart, { limits: { fileSize: 20 * megabyte, files: 1, fields: 5, parts: 6 } })
  // An empty body with a JSON type is what many clients send with DELETE.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') {
      done(null, undefined)
      return
    }
    try {
      done(null, JSON.parse(String(text)))
    } catch {
      done(new Refusal('invalid', 'input.not_json'), undefined)
    }
  })
  app.addHook('onSend', async (request, reply) => headers(request.url, isOverTls(house, request), reply))
  app.addHook('onResponse', async (request, reply) => {
    house.metrics.requests.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
      reply.elapsedTime / 1000,
    )
  })
  app.setErrorHandler((error: FastifyError | Refusal, request, reply) => answer(house, error, request.id, reply))
  app.setNotFoundHandler((request, reply) => {
    // A part of yesterday's build is gone, not a page: the console then offers to open the new one.
    if (request.method === 'GET' && !/^\/(api|assets|portal-assets)\b/.test(request.url)) return page(reply, 'console/index.html')
    return answer(house, new Refusal('not_found', 'input.no_such_address'), request.id, reply)
  })
  serveHealth(app, house)
  return app
}

/** For whoever watches over the process: alive, able to work, and its figures. */
function serveHealth(app: FastifyInstance, house: House): void {
  app.get('/healthz', () => ({ ok: true }))
  app.get('/readyz', async (_request, reply) => {
    const why = await unfit(house)
    return why === null ? { ok: true } : reply.code(503).send({ ok: false, why })
  })
  app.get('/metrics', async (request, reply) => {
    // They tell how busy a centre is; a proxy on this machine passes on whom it asks for.
    if (!house.settings.openMetrics && !isLoopback(request.ip)) throw new Refusal('not_found', 'input.no_such_address')
    return reply.type(house.metrics.registry.contentType).send(await house.metrics.registry.metrics())
  })
}

const isLoopback = (ip: string) => ip === '::1' || /^(::ffff:)?127\./.test(ip)

const roomBytes = 64 * megabyte
const clockMs = 5 * 60_000

/** What keeps this process from working, in one word; null when nothing does. */
async function unfit(house: House): Promise<'database' | 'disk' | 'clock' | null> {
  try {
    const { rows } = await house.control.query<{ now: Date }>('select now() as now')
    if (Math.abs((rows[0]?.now.getTime() ?? 0) - house.clock().getTime()) > clockMs) return 'clock'
  } catch {
    return 'database'
  }
  // A file system that tells nothing is no reason to be unfit.
  const room = await statfs(house.settings.filesFolder).catch(() => null)
  return room && room.bavail * room.bsize < roomBytes ? 'disk' : null
}

/** No script but our own, no frame but the widget's. `framers`: who may frame the page; null: anyone. */
export const contentPolicy = (framers: string | null): string =>
  `default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-src 'self'${framers === null ? '' : `; frame-ancestors ${framers}`}`

/** The widget page is made to be framed. */
function headers(url: string, overTls: boolean, reply: FastifyReply): void {
  if (!reply.hasHeader('content-security-policy'))
    reply.header('content-security-policy', contentPolicy(url.startsWith('/widget/') ? null : "'self'"))
  reply
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'same-origin')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('permissions-policy', 'camera=(), geolocation=(), payment=(), usb=()')
  if (overTls) reply.header('strict-transport-security', 'max-age=31536000')
  if (url.startsWith('/api')) {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  }
}

function answer(house: House, error: FastifyError | Refusal, requestId: string, reply: FastifyReply) {
  const refusal = asRefusal(error)
  if (!refusal) {
    house.log.error({ err: error, requestId }, 'a request failed by a bug')
    return problem(reply, { type: 'about:blank', title: 'Internal error', status: 500, code: 'server.bug', requestId })
  }
  house.metrics.refusals.inc({ code: refusal.code })
  const status = refusalStatus[refusal.kind]
  const retry = refusal.facts.retryAfter
  if (typeof retry === 'number') reply.header('retry-after', Math.ceil(retry))
  return problem(reply, {
    type: 'about:blank',
    title: refusal.code.replaceAll(/[._]/g, ' '),
    status,
    code: refusal.code,
    facts: refusal.facts,
    requestId,
  })
}

const problem = (reply: FastifyReply, body: Problem) => reply.code(body.status).type('application/problem+json').send(JSON.stringify(body))

/** What users can cause, told as a refusal; undefined for a bug. */
function asRefusal(error: FastifyError | Refusal): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE' || error.code === 'FST_REQ_FILE_TOO_LARGE')
    return new Refusal('too_large', 'input.too_large')
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Refusal('invalid', 'input.media_type')
  // Text with a NUL or half a surrogate pair, which PostgreSQL cannot hold; the last one is how it says so of JSON.
  if (error.code === '22P05' || error.code === '22021' || (error.code === '22P02' && /type json/.test(error.message)))
    return new Refusal('invalid', 'input.unstorable_text')
  // A number or a time that no column holds.
  if (error.code === '22003' || error.code === '22008') return new Refusal('invalid', 'input.out_of_range')
  if (error.code === '53100' || error.code === 'ENOSPC') return new Refusal('unavailable', 'server.disk_full', { retryAfter: 30 })
  // Events go by the month; a clock that is months ahead finds none.
  if (error.code === '23514' && /no partition of relation/.test(error.message))
    return new Refusal('unavailable', 'server.clock_wrong', { retryAfter: 60 })
  if (error.code === '40001' || error.code === '40P01') return new Refusal('conflict', 'input.try_again')
  if (
    /^(08|57P0)/.test(error.code ?? '') ||
    ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'].includes(error.code ?? '') ||
    /Connection terminated|not queryable|timeout exceeded when trying to connect/.test(error.message)
  )
    return new Refusal('unavailable', 'server.database_away', { retryAfter: 2 })
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return new Refusal('invalid', 'input.invalid', { says: error.message })
  return undefined
}

async function page(reply: FastifyReply, file: string) {
  const full = path.join(dist, file)
  if (!(await stat(full).catch(() => null)))
    return reply
      .code(503)
      .type('text/plain; charset=utf-8')
      .send('控制台还没有构建：npm run build\nThe console is not built yet: npm run build\n')
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(createReadStream(full))
}

/** Pages and API reference. */
export async function servePages(door: Door): Promise<void> {
  const { app, house } = door
  // Looked up as they are asked for: pages built while the server runs bring files of new names.
  const forever = { maxAge: 31_536_000_000, immutable: true }
  const there = async (folder: string) => (await stat(folder).catch(() => null)) !== null
  const assets = path.join(dist, 'console', 'assets')
  const portalAssets = path.join(dist, 'portal', 'portal-assets')
  if (await there(assets)) await app.register(statics, { root: assets, prefix: '/assets/', decorateReply: false, ...forever })
  if (await there(portalAssets))
    await app.register(statics, { root: portalAssets, prefix: '/portal-assets/', decorateReply: false, ...forever })
  app.get('/favicon.svg', (_request, reply) =>
    reply
      .type('image/svg+xml')
      .header('cache-control', 'public, max-age=86400')
      .send(createReadStream(path.join(dist, 'console', 'favicon.svg'))),
  )
  app.get('/', (_request, reply) => page(reply, 'console/index.html'))
  for (const [url, file] of [
    ['/widget/', 'widget.html'],
    ['/progress', 'progress.html'],
    ['/survey', 'survey.html'],
    ['/unsubscribe', 'unsubscribe.html'],
    ['/site', 'site.html'],
    ['/phone', 'phone.html'],
  ] as const)
    app.get(url, (_request, reply) => page(reply, `portal/${file}`))
  app.get('/widget.js', async (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=300')
      .header('cross-origin-resource-policy', 'cross-origin')
      .send(await readFile(path.join(dist, 'portal', 'widget.js')).catch(() => '')),
  )

  let document: string | undefined
  app.get('/api/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(openApi(door.endpoints, house.settings.version))
    return reply.type('application/json; charset=utf-8').send(document)
  })
  const ui = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  await app.register(statics, {
    root: ui,
    prefix: '/api/reference/',
    decorateReply: false,
    allowedPath: name => /^\/(swagger-ui-bundle\.js|swagger-ui\.css)$/.test(name),
  })
  app.get('/api/reference/start.js', (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .send(
        "SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#reference', docExpansion: 'list', defaultModelsExpandDepth: -1, deepLinking: true })",
      ),
  )
  app.get('/api', (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .send(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Huiyin API</title><link rel="stylesheet" href="/api/reference/swagger-ui.css"></head><body><div id="reference"></div><script src="/api/reference/swagger-ui-bundle.js"></script><script src="/api/reference/start.js"></script></body></html>',
      ),
  )
}
