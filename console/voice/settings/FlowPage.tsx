import { Link, useParams } from '@tanstack/react-router'
import { Button, Input, Popconfirm, Segmented, Tooltip } from 'antd'
import { useRef, useState } from 'react'
import { FlowBody, type FlowNode, type FlowWhole, flows } from '#contract/flows.ts'
import { useFresh } from '../../app/live.ts'
import type { RefusalError } from '../../kit/call.ts'
import { useAct, useFetch } from '../../kit/data.ts'
import { EditingNotes, Steps } from '../../kit/Editing.tsx'
import { useHotkey, withCommand } from '../../kit/hotkeys.ts'
import { IconAlertTriangle, IconCircleCheck } from '../../kit/icons.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { useEditing } from '../../kit/useEditing.ts'
import { nameOf } from '../../kit/words.ts'
import { FlowVersions } from './FlowVersions.tsx'
import { faultWord } from './faults.ts'
import './flow.css'
import { NodeForm } from './NodeForm.tsx'
import { NodeList } from './NodeList.tsx'
import { arranged, withNodes } from './nodes.ts'
import { Trial } from './Trial.tsx'
import { w } from './words.ts'

export default function FlowPage() {
  const { id = '' } = useParams({ strict: false })
  const reading = useFetch(flows.one, { id }, { staleTime: 60_000, keep: false })
  useFresh('flow', 'call-flows')
  if (reading.error && !reading.data) return <Failure error={reading.error} retry={() => void reading.refetch()} />
  if (!reading.data) return <Waiting />
  return <Editor key={reading.data.id} flow={reading.data} />
}

/** What the server has, as it is edited: by the instant of its last change, with the first step in front. */
const stands = (flow: FlowWhole) => ({ version: flow.changedAt.getTime(), draft: arranged(flow.draft) })

function Editor({ flow }: { flow: FlowWhole }) {
  const editing = useEditing(`flow.${flow.id}`, FlowBody, stands(flow))
  const { draft, touched } = editing
  const [open, setOpen] = useState<string | null>(null)
  const [beside, setBeside] = useState<'form' | 'trial' | 'versions'>('form')
  const [note, setNote] = useState('')
  const side = useRef<HTMLDivElement>(null)
  const save = useAct(flows.draft)
  const publish = useAct(flows.publish, { quiet: true })
  const change = (nodes: FlowNode[]) => editing.change(withNodes(nodes))
  const put = async (): Promise<boolean> => {
    if (!touched) return true
    const saved = await save.act({ id: flow.id, body: { body: draft, basedOn: new Date(editing.version) } })
    if (!saved) return false
    editing.settle(stands(saved))
    publish.reset()
    return true
  }
  const keep = async () => {
    if (await put()) tell(w.saved)
  }
  const goLive = async () => {
    const done = await publish.act({ id: flow.id, body: { note } })
    if (done?.published == null) return
    setNote('')
    tell(w.published(done.published))
  }
  const showNode = (key: string | null) => {
    setOpen(key)
    if (key === null) return
    setBeside('form')
    // On a phone the form stands above the list.
    if (matchMedia('(max-width: 960px)').matches) requestAnimationFrame(() => side.current?.scrollIntoView())
  }
  useHotkey('mod+s', () => void keep(), touched && !save.acting)
  const shown = draft.nodes.find(n => n.key === open)
  const differs = JSON.stringify(arranged(flow.draft)) !== JSON.stringify(flow.versions[0] && arranged(flow.versions[0].body))
  const [fault] = flow.faults
  return (
    <div className="page">
      <header>
        <Link className="nowrap" to="/settings/call-flows">
          {w.back}
        </Link>
        <h1 className="cut">{nameOf(flow)}</h1>
        <span className={`tag nowrap ${flow.published === null ? '' : 'ok'}`}>
          {flow.published === null ? w.notYet : w.inForce(flow.published)}
        </span>
        {(touched || differs) && flow.published !== null && <span className="tag wa nowrap">{w.unpublished}</span>}
        <span className="end row">
          {!touched &&
            (fault ? (
              <Tooltip title={faultWord(fault)}>
                <Button type="link" danger onClick={() => showNode(fault.node)}>
                  {w.faults(flow.faults.length)}
                </Button>
              </Tooltip>
            ) : (
              <span className="t3 nowrap row">
                <IconCircleCheck size={16} /> {w.sound}
              </span>
            ))}
          <Steps editing={editing} />
          <Button disabled={!touched} loading={save.acting} title={withCommand('S')} onClick={() => void keep()}>
            {w.save}
          </Button>
          <Popconfirm
            title={w.publish}
            description={
              <span className="col">
                {w.publishHint}
                <Input
                  aria-label={w.note}
                  maxLength={200}
                  placeholder={w.notePlaceholder}
                  value={note}
                  onChange={e => setNote(e.target.value)}
                />
              </span>
            }
            okText={w.publish}
            disabled={touched || !differs}
            onConfirm={() => void goLive()}
          >
            <Button
              type="primary"
              disabled={touched || !differs}
              loading={publish.acting}
              title={touched ? w.saveFirst : differs ? '' : w.nothingNew}
            >
              {w.publish}
            </Button>
          </Popconfirm>
        </span>
      </header>
      {publish.refused && <Unpublished refused={publish.refused} nodes={draft.nodes} show={showNode} />}
      <EditingNotes editing={editing} />
      <div className="editorbody flowbody">
        <NodeList nodes={draft.nodes} faults={touched ? [] : flow.faults} open={open} show={showNode} change={change} />
        <div ref={side} className="editorside">
          <Segmented
            style={{ justifySelf: 'start' }}
            aria-label={w.step}
            value={beside}
            onChange={setBeside}
            options={(['form', 'trial', 'versions'] as const).map(value => ({ value, label: w[value] }))}
          />
          {beside === 'trial' ? (
            <Trial flow={flow} nodes={draft.nodes} ready={put} show={setOpen} />
          ) : beside === 'versions' ? (
            <FlowVersions
              flow={flow}
              draft={draft}
              load={body => {
                editing.change(arranged(body))
                tell(w.taken)
              }}
            />
          ) : shown ? (
            <section className="card" aria-label={nameOf(shown)}>
              <div className="body">
                <NodeForm
                  key={shown.key}
                  node={shown}
                  nodes={draft.nodes}
                  faults={touched ? [] : flow.faults.filter(f => f.node === shown.key)}
                  change={next => change(draft.nodes.map(n => (n.key === next.key ? next : n)))}
                />
              </div>
            </section>
          ) : (
            <p className="t3">{w.choose}</p>
          )}
        </div>
      </div>
    </div>
  )
}

/** Why it was not published, and what helps; the draft is as it was. */
function Unpublished({ refused, nodes, show }: { refused: RefusalError; nodes: readonly FlowNode[]; show: (key: string) => void }) {
  const node = nodes.find(n => n.key === refused.facts.node)
  return (
    <div className="note ba" role="alert">
      <IconAlertTriangle size={16} />
      <div className="grow">
        {refused.message}
        <div className="row wrap">
          {node && (
            <Button size="small" onClick={() => show(node.key)}>
              {w.openStep}
            </Button>
          )}
          {refused.code.startsWith('flow.not_') && <Link to="/settings/speech">{w.speech}</Link>}
        </div>
      </div>
    </div>
  )
}
