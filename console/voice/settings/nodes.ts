import type { FlowBody, FlowNodeKind } from '#contract/flows.ts'
import { FlowNode } from '#contract/flows.ts'
import { nameOf } from '../../kit/words.ts'
import { kinds, w } from './words.ts'

/** In the order of the menu. */
export const kindsInOrder: readonly FlowNodeKind[] = [
  'say',
  'menu',
  'digits',
  'hours',
  'customer',
  'language',
  'progress',
  'queue',
  'callback',
  'voicemail',
  'transfer',
  'hangup',
]
export const needsQueue = (kind: FlowNodeKind): boolean => kind === 'queue' || kind === 'callback' || kind === 'voicemail'

/** A way out of a node: the field that says where, what it is called, and where it leads. */
export type Out = { field: string; name: string; next: string | null }
export function outsOf(node: FlowNode): Out[] {
  const out = (field: string, name: string, next: string | null): Out => ({ field, name, next })
  switch (node.kind) {
    case 'say':
    case 'language':
    case 'callback':
    case 'voicemail':
      return [out('next', w.next, node.next)]
    case 'menu':
      return [
        ...node.options.map((o, at) => out(`options.${at}.next`, `${o.key} ${nameOf(o)}`, o.next)),
        out('otherwise', w.otherwise, node.otherwise),
      ]
    case 'digits':
      return [out('next', w.next, node.next), out('otherwise', w.otherwise, node.otherwise)]
    case 'hours':
      return [out('open', w.open, node.open), out('closed', w.closed, node.closed)]
    case 'customer':
      return [out('yes', w.yes, node.yes), out('no', w.no, node.no)]
    case 'progress':
      return [out('next', w.toldProgress, node.next), out('none', w.noTicket, node.none)]
    case 'queue':
      return node.leaveAfter > 0 || node.late !== null ? [out('late', w.late, node.late)] : []
    case 'transfer':
      return [out('failed', w.failed, node.failed)]
    case 'hangup':
      return []
  }
}

/** The same node with one of its ways leading elsewhere. */
export function lead(node: FlowNode, field: string, next: string | null): FlowNode {
  const [, at] = /^options\.(\d+)\.next$/.exec(field) ?? []
  if (node.kind === 'menu' && at !== undefined)
    return { ...node, options: node.options.map((o, n) => (n === Number(at) ? { ...o, next } : o)) }
  return FlowNode.parse({ ...node, [field]: next })
}

/** Every call begins at the first of the list: what the body names as first stands there. */
export function arranged(body: FlowBody): FlowBody {
  const first = body.nodes.find(n => n.key === body.first)
  const nodes = first ? [first, ...body.nodes.filter(n => n !== first)] : body.nodes
  return { first: nodes[0]?.key ?? null, nodes }
}
export const withNodes = (nodes: FlowNode[]): FlowBody => ({ first: nodes[0]?.key ?? null, nodes })

const freeKey = (nodes: readonly FlowNode[], kind: FlowNodeKind): string => {
  const taken = new Set(nodes.map(n => n.key))
  for (let n = 1; ; n++) if (!taken.has(`${kind}-${n}`)) return `${kind}-${n}`
}
const freeName = (nodes: readonly FlowNode[], name: string, among: 'name' | 'nameEn' = 'name'): string => {
  const taken = new Set(nodes.map(n => n[among]))
  for (let n = 2; taken.has(name); n++) if (!taken.has(`${name} ${n}`)) return `${name} ${n}`
  return name
}

const fresh: Partial<Record<FlowNodeKind, object>> = {
  menu: { options: [{ key: '1', name: '1' }] },
  language: { language: 'en' },
}
export const newNode = (kind: FlowNodeKind, nodes: readonly FlowNode[], queueId: string | undefined): FlowNode =>
  FlowNode.parse({
    kind,
    key: freeKey(nodes, kind),
    name: freeName(nodes, kinds[kind]()),
    sound: {},
    seconds: 5,
    tries: 3,
    queueId,
    ...fresh[kind],
  })

export const copyOf = (node: FlowNode, nodes: readonly FlowNode[]): FlowNode => ({
  ...node,
  key: freeKey(nodes, node.kind),
  name: freeName(nodes, node.name).slice(0, 40),
  nameEn: node.nameEn && freeName(nodes, node.nameEn, 'nameEn').slice(0, 40),
})

/** Without one of them; whatever led there leads nowhere until somebody says where. */
export const without = (nodes: readonly FlowNode[], key: string): FlowNode[] =>
  nodes.filter(n => n.key !== key).map(n => outsOf(n).reduce((node, out) => (out.next === key ? lead(node, out.field, null) : node), n))
