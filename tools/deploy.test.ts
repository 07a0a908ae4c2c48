import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import * as z from 'zod'
import { describeConfig, readConfig } from '../server/config.ts'
import { copied, environmentOf, ignores, readDockerfile } from './dockerfile.ts'

// What is under deploy/, as far as it can be read without Docker, Kubernetes and Helm. journeys/image.test.ts does what the Dockerfile says.
const root = path.resolve(import.meta.dirname, '..')
const deploy = path.join(root, 'deploy')
const read = (file: string) => readFileSync(path.join(deploy, file), 'utf8')
const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-deploy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const settings = describeConfig(readConfig({ DATA: folder })).map(each => each.name)
const product = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')))
/** A name with a tag or digest, and not the one that means anything. */
const pinned = /^[\w./-]+:(?!latest$)[\w.-]+$/

describe('the image', () => {
  const { stages } = readDockerfile(path.join(deploy, 'container/Dockerfile'))
  const last = stages.at(-1)
  const steps = (name: string) => last?.steps.filter(step => step.name === name).map(step => step.rest) ?? []

  test('stands on bases with a version, of the Node we run on', () => {
    for (const { base } of stages) expect(base).toMatch(pinned)
    expect(new Set(stages.map(stage => stage.base))).toEqual(new Set(['node:24-bookworm-slim']))
  })

  test('runs as a numbered stranger, starts without a shell, and tells how it is', () => {
    expect(steps('USER')).toEqual(['10001:10001'])
    for (const name of ['ENTRYPOINT', 'CMD']) expect(z.array(z.string()).parse(JSON.parse(steps(name)[0] ?? ''))).not.toEqual([])
    expect(steps('HEALTHCHECK')[0]).toMatch(/--start-period=.*CMD \[.*\/healthz/)
    expect(steps('VOLUME')).toEqual(['/data'])
  })

  test('knows only settings that there are', () => {
    const env = Object.assign({}, ...(last?.steps.filter(step => step.name === 'ENV').map(environmentOf) ?? []))
    for (const name of Object.keys(env)) expect([...settings, 'NODE_ENV']).toContain(name)
    expect(env).toMatchObject({ SAMPLE: 'off', HOST: '0.0.0.0', DATA: '/data', NODE_ENV: 'production' })
  })

  test('installs by the lock, brings no tools for building, and takes everything from the stage that built it', () => {
    const all = stages.flatMap(stage => stage.steps)
    expect(all.filter(step => step.name === 'ADD')).toEqual([])
    expect(all.filter(step => step.name === 'RUN' && /npm (install|i) /.test(step.rest))).toEqual([])
    expect(steps('RUN').filter(step => /npm|apt-get|node /.test(step))).toEqual([])
    for (const step of last?.steps.filter(each => each.name === 'COPY') ?? []) {
      const { stage, from } = copied(step)
      expect(stage).toBe('build')
      for (const each of from)
        expect(each === '/app/node_modules' || each === '/app/dist' || existsSync(path.join(root, each.slice('/app/'.length)))).toBe(true)
    }
  })

  test('is made of what it needs: no tests, no data of ours, no history', () => {
    const ignored = ignores(path.join(deploy, 'container/Dockerfile.dockerignore'))
    for (const name of [
      '.git/HEAD',
      'data/secret.key',
      'node_modules/zod/index.js',
      'dist/built',
      'journeys/growing.test.ts',
      'server/testing/house.ts',
      'server/boot/embedded.test.ts',
      '.env',
      'deploy/.env',
    ])
      expect([name, ignored(name)]).toEqual([name, true])
    for (const name of [
      'package.json',
      'server/main.ts',
      'sounds/music.ulaw',
      'console/index.html',
      'migrations/0001_kernel.sql',
      'tools/huiyin.mjs',
    ])
      expect([name, ignored(name)]).toEqual([name, false])
  })
})

describe('the proxy', () => {
  test('passes sockets on, says who the visitor is itself, and lets files of the size we take through', () => {
    const site = read('proxy/nginx.conf.template')
    for (const line of [
      'proxy_http_version 1.1',
      'proxy_set_header Upgrade $http_upgrade',
      'proxy_set_header X-Forwarded-For $remote_addr',
      'proxy_set_header X-Forwarded-Proto $scheme',
      'client_max_body_size 25m',
      'client_max_body_size 520m',
    ])
      expect(site).toContain(line)
    expect(new Set([...site.matchAll(/\$\{(\w+)\}/g)].map(found => found[1]))).toEqual(new Set(['HUIYIN_SERVERS', 'HUIYIN_LISTEN']))
  })
})

const Service = z.object({
  image: z.string(),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()).optional(), disable: z.boolean().optional() }).optional(),
  restart: z.string(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
})

describe('the composition', () => {
  const text = read('compose.yaml')
  const whole = z
    .object({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.null()), networks: z.record(z.string(), z.null()) })
    .parse(parse(text, { merge: true }))
  const ours = Object.entries(whole.services).filter(([, service]) => service.image.includes('HUIYIN_IMAGE'))

  test('has two processes for browsers and one for work', () => {
    expect(ours.map(([name, service]) => [name, service.environment.HUIYIN_ROLES])).toEqual([
      ['web-1', 'web'],
      ['web-2', 'web'],
      ['worker', 'worker'],
      ['migrate', undefined],
    ])
    for (const [, service] of ours) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
      expect(service.image).toBe(`\${HUIYIN_IMAGE:-huiyin:${product.version}}`)
      for (const name of Object.keys(service.environment)) expect(settings).toContain(name)
    }
  })

  test('names only what it has, and opens only the proxy', () => {
    for (const [name, service] of Object.entries(whole.services)) {
      for (const other of Object.keys(service.depends_on)) expect(Object.keys(whole.services)).toContain(other)
      for (const volume of service.volumes.filter(each => /^\w/.test(each)))
        expect(Object.keys(whole.volumes)).toContain(volume.split(':')[0])
      for (const network of service.networks) expect(Object.keys(whole.networks)).toContain(network)
      expect([name, service.ports.length > 0]).toEqual([name, name === 'proxy'])
      if (!service.image.startsWith('$')) expect(service.image).toMatch(pinned)
      for (const [other, { condition }] of Object.entries(service.depends_on))
        if (condition === 'service_healthy')
          expect(whole.services[other]?.healthcheck?.test !== undefined || ours.some(([known]) => known === other)).toBe(true)
    }
    for (const upstream of ['web-1:8200', 'web-2:8200']) expect(whole.services.proxy?.environment.HUIYIN_SERVERS).toContain(upstream)
  })

  test('asks for every secret and holds none', () => {
    const asked = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(found => found[1]))
    const example = read('env.example')
    for (const name of asked) expect(example).toMatch(new RegExp(`^${name}=`, 'm'))
    expect([...example.matchAll(/^(?:POSTGRES_PASSWORD|REDIS_PASSWORD|SECRET_KEY)=(.*)$/gm)].map(found => found[1])).toEqual(['', '', ''])
    parse(read('compose.tls.yaml'))
  })
})

const chart = path.join(deploy, 'chart')
const canRender =
  spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0 && existsSync('/usr/share/gocode/src/github.com/Masterminds/sprig')
if (!canRender) console.warn('Go and sprig are not installed: the chart is not rendered here')

const Resource = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()) }),
})
type Resource = z.output<typeof Resource>
const Labels = z.record(z.string(), z.string())
const Container = z.looseObject({
  image: z.string(),
  args: z.array(z.string()),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })),
  securityContext: z.looseObject({
    readOnlyRootFilesystem: z.literal(true),
    allowPrivilegeEscalation: z.literal(false),
    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  resources: z.looseObject({ requests: z.looseObject({}), limits: z.looseObject({}) }),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
  ports: z.array(z.object({ name: z.string(), containerPort: z.int() })).optional(),
})
const Template = z.object({
  spec: z.looseObject({
    containers: z.tuple([Container]),
    securityContext: z.looseObject({ runAsNonRoot: z.literal(true), runAsUser: z.literal(10001) }),
    volumes: z.array(z.looseObject({ name: z.string() })),
  }),
  metadata: z.looseObject({ labels: Labels }),
})

const cases: Record<string, unknown> = {
  'as it comes': {},
  'small, without ingress': {
    web: { replicas: 1, autoscaling: { enabled: false } },
    migration: { job: false },
    ingress: { enabled: false },
    networkPolicy: { enabled: false },
    persistence: { enabled: false },
  },
  'with everything': {
    image: { repository: 'registry.example.com/huiyin', tag: '0.1.1' },
    imagePullSecrets: [{ name: 'registry' }],
    extraEnv: { METRICS: 'open' },
    persistence: { existingClaim: 'shared' },
    networkPolicy: {
      ingressFrom: [{ namespaceSelector: { matchLabels: { name: 'ingress' } } }],
      egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
    },
    metrics: { podMonitor: { enabled: true } },
    nodeSelector: { disk: 'fast' },
    tolerations: [{ key: 'only', operator: 'Exists' }],
    podAnnotations: { team: 'centre' },
  },
}

describe('the chart', () => {
  const allowed = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(path.join(chart, 'values.schema.json'), 'utf8')))
  const defaults = z.record(z.string(), z.unknown()).parse(parse(read('chart/values.yaml')))

  test('takes its own values and refuses misspelt ones', () => {
    expect([allowed(defaults), allowed.errors]).toEqual([true, null])
    for (const wrong of [
      { ...defaults, replica: 2 },
      { ...defaults, publicUrl: 'help.example.com' },
      { ...defaults, image: { repository: 'huiyin', tag: 'latest' } },
    ])
      expect(allowed(wrong)).toBe(false)
    expect(parse(read('chart/Chart.yaml'))).toMatchObject({ apiVersion: 'v2', version: product.version, appVersion: product.version })
    expect(
      Object.keys(defaults).filter(
        name => !readdirSync(path.join(chart, 'templates')).some(file => read(`chart/templates/${file}`).includes(`.Values.${name}`)),
      ),
    ).toEqual([])
  })

  test.skipIf(!canRender).each(Object.keys(cases))('%s: every resource is whole and fits the others', { timeout: 120_000 }, async name => {
    const resources = render(cases[name])
    const named = (kind: string) => resources.filter(each => each.kind === kind)
    const deployments = named('Deployment')
    expect(deployments.map(each => each.metadata.name)).toEqual(['centre-huiyin-web', 'centre-huiyin-worker'])
    for (const each of [...deployments, ...named('Job')]) {
      const { spec, metadata } = z.looseObject({ spec: z.looseObject({ template: Template }) }).parse(each).spec.template
      const [container] = spec.containers
      expect(container.image).toMatch(pinned)
      for (const { name: setting } of container.env) expect(settings).toContain(setting)
      expect(container.volumeMounts.map(mount => mount.name).sort()).toEqual(spec.volumes.map(volume => volume.name).sort())
      if (each.kind === 'Job') continue
      const { selector } = z.looseObject({ spec: z.looseObject({ selector: z.object({ matchLabels: Labels }) }) }).parse(each).spec
      expect(metadata.labels).toMatchObject(selector.matchLabels)
      const role = container.env.find(variable => variable.name === 'HUIYIN_ROLES')?.value
      expect(each.metadata.name.endsWith(`-${role}`)).toBe(true)
    }
    const web = Template.parse(z.looseObject({ spec: z.looseObject({ template: z.unknown() }) }).parse(deployments[0]).spec.template)
      .metadata.labels
    for (const service of named('Service'))
      expect(web).toMatchObject(z.looseObject({ spec: z.looseObject({ selector: Labels }) }).parse(service).spec.selector)
    for (const each of [...named('PodDisruptionBudget')])
      expect(web).toMatchObject(
        z.looseObject({ spec: z.looseObject({ selector: z.object({ matchLabels: Labels }) }) }).parse(each).spec.selector.matchLabels,
      )
    for (const each of named('HorizontalPodAutoscaler'))
      expect(
        z.looseObject({ spec: z.looseObject({ scaleTargetRef: z.looseObject({ name: z.string() }) }) }).parse(each).spec.scaleTargetRef
          .name,
      ).toBe('centre-huiyin-web')
    expect(new Set(resources.map(each => `${each.kind}/${each.metadata.name}`)).size).toBe(resources.length)
    const kinds = resources.map(each => each.kind)
    expect(kinds).toEqual(expect.arrayContaining(['Deployment', 'Service', 'PodDisruptionBudget']))
    if (name === 'as it comes')
      expect(kinds.sort()).toEqual([
        'Deployment',
        'Deployment',
        'HorizontalPodAutoscaler',
        'Ingress',
        'Job',
        'NetworkPolicy',
        'PersistentVolumeClaim',
        'PodDisruptionBudget',
        'Service',
      ])
    await valid(resources)
  })
})

function render(values: unknown): Resource[] {
  const text = execFileSync('go', ['run', path.join(root, 'tools/chart/render.go'), chart], {
    input: JSON.stringify(values),
    encoding: 'utf8',
    env: {
      ...process.env,
      GO111MODULE: 'off',
      GOPATH: '/usr/share/gocode',
      GOCACHE: process.env.GOCACHE ?? path.join(tmpdir(), 'huiyin-go-cache'),
    },
  })
  return parseAllDocuments(text)
    .map(document => {
      expect(document.errors).toEqual([])
      return document.toJS()
    })
    .filter(found => found !== null)
    .map(found => Resource.parse(found))
}

/** Against Kubernetes' own schemas, where KUBERNETES_MODELS names a folder with that npm package; CI brings it. */
async function valid(resources: readonly Resource[]) {
  const home = process.env.KUBERNETES_MODELS
  if (!home) return
  const words = wordsOf(home)
  for (const resource of resources.filter(each => each.kind !== 'PodMonitor')) {
    const { [resource.kind]: Model } = await import(path.join(home, resource.apiVersion, `${resource.kind}.js`))
    expect(() => new Model(resource).validate()).not.toThrow()
    // The schemas let unknown names pass; a misspelt one would do nothing, and silently.
    expect(namesIn(resource).filter(name => !words.has(name))).toEqual([])
  }
}

/** Every name that any resource of Kubernetes knows. */
function wordsOf(home: string): ReadonlySet<string> {
  const files = [home, path.join(home, '../@kubernetes-models/apimachinery')].flatMap(folder =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.d.ts'))
      .map(file => path.join(folder, file)),
  )
  return new Set(files.flatMap(file => [...readFileSync(file, 'utf8').matchAll(/^\s+"(\w+)"\??:/gm)].map(found => found[1] ?? '')))
}

/** Names of fields, not those that we may choose. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (typeof value !== 'object' || value === null) return []
  const free = ['labels', 'annotations', 'matchLabels', 'nodeSelector', 'requests', 'limits']
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name.includes('/') ? [] : [name]),
    ...(free.includes(name) ? [] : namesIn(inner)),
  ])
}
