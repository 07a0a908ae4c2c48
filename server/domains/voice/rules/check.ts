import type { FlowBody, FlowFault, FlowNode, FlowNodeKind, Sound } from '#contract/flows.ts'

type Exit = { field: string; to: string | null }
type NodeOf<K extends FlowNodeKind> = Extract<FlowNode, { kind: K }>
/** As a method, so that the exits of one kind may stand among those of all. */
type ExitsOf<N extends FlowNode> = { exits(node: N): Exit[] }['exits']

const to = <N extends FlowNode, F extends keyof N & string>(node: N, ...fields: F[]): Exit[] =>
  fields.map(field => {
    const next = node[field]
    return { field, to: typeof next === 'string' ? next : null }
  })

/** Every way out of a node; null leads nowhere yet. */
const exits: { [K in FlowNodeKind]: ExitsOf<NodeOf<K>> } = {
  say: node => to(node, 'next'),
  menu: node => [...node.options.map((option, n) => ({ field: `options.${n}.next`, to: option.next })), ...to(node, 'otherwise')],
  digits: node => to(node, 'next', 'otherwise'),
  hours: node => to(node, 'open', 'closed'),
  customer: node => to(node, 'yes', 'no'),
  language: node => to(node, 'next'),
  progress: node => to(node, 'next', 'none'),
  queue: node => (node.leaveAfter > 0 ? to(node, 'late') : []),
  callback: node => to(node, 'next'),
  voicemail: node => to(node, 'next'),
  transfer: node => to(node, 'failed'),
  hangup: () => [],
}
export const exitsOf = (node: FlowNode): Exit[] => {
  const rule: ExitsOf<FlowNode> = exits[node.kind]
  return rule(node)
}

/** These say something of their own when they are given no words. */
const ownWords: ReadonlySet<FlowNodeKind> = new Set(['callback', 'voicemail', 'transfer', 'hangup'])
/** Nobody is waited for at these: round and round through them alone nobody ever gets out. */
const hasty: ReadonlySet<FlowNodeKind> = new Set(['say', 'hours', 'customer', 'language', 'progress'])

/** What keeps a flow from being published. */
export function faultsOf(flow: FlowBody): FlowFault[] {
  const nodes = new Map(flow.nodes.map(node => [node.key, node]))
  const first = flow.first === null ? undefined : nodes.get(flow.first)
  const reached = reachedFrom(first, nodes)
  const endless = endlessIn(flow, nodes)
  return [
    ...(first ? [] : [{ node: null, field: 'first', code: 'flow.no_first' }]),
    ...flow.nodes.flatMap((node, n): FlowFault[] => {
      const fault = (field: string, code: string): FlowFault => ({ node: node.key, field, code })
      const faults = [...exitFaults(node, nodes), ...('sound' in node ? soundFaults(node.kind, node.sound) : []), ...ownFaults(node)]
      return [
        ...faults.map(({ field, code }) => fault(field, code)),
        ...(flow.nodes.findIndex(other => other.key === node.key) < n ? [fault('key', 'flow.key_twice')] : []),
        ...(first && !reached.has(node.key) ? [fault('key', 'flow.unreachable')] : []),
        ...(endless.has(node.key) ? [fault('next', 'flow.endless')] : []),
      ]
    }),
  ]
}

type Fault = { field: string; code: string }
type Nodes = ReadonlyMap<string, FlowNode>

const exitFaults = (node: FlowNode, nodes: Nodes): Fault[] =>
  exitsOf(node).flatMap(({ field, to: next }) =>
    next === null ? [{ field, code: 'flow.leads_nowhere' }] : nodes.has(next) ? [] : [{ field, code: 'flow.dangling' }],
  )

function soundFaults(kind: FlowNodeKind, { announcementId, text, textEn }: Sound): Fault[] {
  if (announcementId !== null || (text !== '' && textEn !== '')) return []
  if (text === '' && textEn === '') return ownWords.has(kind) ? [] : [{ field: 'sound', code: 'flow.no_sound' }]
  return [{ field: text === '' ? 'sound.text' : 'sound.textEn', code: 'flow.one_language' }]
}

function ownFaults(node: FlowNode): Fault[] {
  if (node.kind === 'digits' && node.min > node.max) return [{ field: 'min', code: 'flow.min_over_max' }]
  if (node.kind === 'transfer' && !/^\+?[0-9*#]{2,}$/.test(node.number)) return [{ field: 'number', code: 'flow.no_number' }]
  if (node.kind !== 'menu') return []
  if (node.options.length === 0) return [{ field: 'options', code: 'flow.no_options' }]
  return node.options.flatMap(({ key }, n) =>
    node.options.findIndex(option => option.key === key) < n ? [{ field: `options.${n}.key`, code: 'flow.same_key' }] : [],
  )
}

const nextOf = (node: FlowNode, nodes: Nodes): FlowNode[] =>
  exitsOf(node).flatMap(({ to: next }) => {
    const found = next === null ? undefined : nodes.get(next)
    return found ? [found] : []
  })

function reachedFrom(first: FlowNode | undefined, nodes: Nodes): Set<string> {
  const reached = new Set<string>()
  const open = first ? [first] : []
  for (let node = open.pop(); node; node = open.pop()) {
    if (reached.has(node.key)) continue
    reached.add(node.key)
    open.push(...nextOf(node, nodes))
  }
  return reached
}

/** Nodes that lead back to themselves without anybody being waited for. */
function endlessIn(flow: FlowBody, nodes: Nodes): Set<string> {
  const quick = new Map([...nodes].filter(([, node]) => hasty.has(node.kind)))
  const circles = (node: FlowNode) => nextOf(node, quick).some(next => reachedFrom(next, quick).has(node.key))
  return new Set(flow.nodes.filter(node => quick.has(node.key) && circles(node)).map(node => node.key))
}
