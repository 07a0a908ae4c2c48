import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Button, Popconfirm, Select } from 'antd'
import { useState } from 'react'
import { type DocumentVersion, documentFile, documents } from '#contract/documents.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { call, RefusalError } from '../kit/call.ts'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { IconColumns, IconDownload, IconRefresh, IconTrash } from '../kit/icons.ts'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { tellRefusal } from '../kit/tell.tsx'
import { full } from '../kit/time.ts'
import { nameOf, refusalText } from '../kit/words.ts'
import { Compared } from './Compared.tsx'
import { filledUnits } from './said.ts'
import { StateTag } from './state.tsx'
import './documents.css'
import { d, w } from './words.ts'

export default function DocumentPage() {
  const { id = '' } = useParams({ strict: false })
  const may = useMay()
  const [picked, pick] = useState<number | null>(null)
  const { remove, removing } = useRemoving(id)
  const reading = useFetch(documents.one, { id }, { refetchInterval: 4000, enabled: !removing })
  const [comparing, compare] = useState(false)
  const again = useAct(documents.again)
  useFresh('document', 'documents')
  const document = reading.data
  if (!document) return reading.error ? <Failure error={reading.error} retry={() => void reading.refetch()} /> : <Waiting />
  const made = document.history.filter(v => v.state === 'made')
  const shown = document.history.find(v => v.number === picked) ?? document.history[0]
  return (
    <div className="page document">
      <header>
        <h1 className="cut">{document.title}</h1>
        <span className="t3 nowrap">{nameOf({ name: document.templateName, nameEn: document.templateNameEn })}</span>
        {document.matter && document.matter.noun !== 'customer' && (
          <Link
            className="nowrap"
            to={document.matter.noun === 'ticket' ? `/tickets/${document.matter.id}` : `/improvements/${document.matter.id}`}
          >
            {document.matter.noun === 'ticket' ? w.ticket : w.finding}
          </Link>
        )}
        {document.customerId && may('customer:read') && (
          <Link className="nowrap" to={`/customers/${document.customerId}`}>
            {document.customerName ?? w.customer}
          </Link>
        )}
        <span className="end row wrap">
          {made.length > 1 && (
            <Button icon={<IconColumns size={16} />} aria-pressed={comparing} onClick={() => compare(!comparing)}>
              {d.compare}
            </Button>
          )}
          {may('document:write') && (
            <>
              <Popconfirm
                title={d.removeThis(document.title)}
                description={d.removeHint(document.versions)}
                okText={w.remove}
                okButtonProps={{ danger: true }}
                cancelText={d.cancel}
                onConfirm={() => void remove()}
              >
                <Button type="text" icon={<IconTrash size={16} />} loading={removing} disabled={document.state === 'making'}>
                  {w.remove}
                </Button>
              </Popconfirm>
              <Button
                icon={<IconRefresh size={16} />}
                title={w.againHint}
                loading={again.acting}
                disabled={document.state === 'making'}
                onClick={() => void again.act({ id, body: {} }).then(made => made && pick(null))}
              >
                {w.again}
              </Button>
            </>
          )}
        </span>
      </header>
      <div className="documentbody">
        <section className="card sheet" aria-label={w.page}>
          {comparing && made.length > 1 ? (
            <CompareVersions id={id} versions={made} />
          ) : (
            shown && <Sheet id={id} version={shown} rests={removing} />
          )}
        </section>
        <aside>
          <h2>{w.versions}</h2>
          {document.history.map(version => (
            <Version key={version.number} id={id} version={version} selected={version === shown} pick={() => pick(version.number)} />
          ))}
        </aside>
      </div>
    </div>
  )
}

/** What goes is not asked for any more, while it goes. */
function useRemoving(id: string): { remove: () => Promise<void>; removing: boolean } {
  const go = useNavigate()
  const [removing, setRemoving] = useState(false)
  const remove = async () => {
    setRemoving(true)
    try {
      await call(documents.remove, { id })
      await go({ to: '/documents' })
      void queryClient.invalidateQueries({ queryKey: ['documents'] })
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      setRemoving(false)
      tellRefusal(error)
    }
  }
  return { remove, removing }
}

/** What two versions say, side by side. */
function CompareVersions({ id, versions }: { id: string; versions: readonly DocumentVersion[] }) {
  const [asked, setAsked] = useState<{ was: number; is: number } | null>(null)
  const [was, is] = [asked?.was ?? versions[1]?.number ?? 0, asked?.is ?? versions[0]?.number ?? 0]
  const settled = { staleTime: 3_600_000, keep: false }
  const before = useFetch(documents.filled, { id, number: String(was) }, settled)
  const after = useFetch(documents.filled, { id, number: String(is) }, settled)
  const options = versions.map(v => ({ value: v.number, label: w.version(v.number) }))
  const error = before.error ?? after.error
  return (
    <div className="comparing">
      <div className="row wrap">
        <Select aria-label={d.was} value={was} onChange={next => setAsked({ was: next, is })} options={options} />
        <span className="t3">{d.against}</span>
        <Select aria-label={d.is} value={is} onChange={next => setAsked({ was, is: next })} options={options} />
      </div>
      {error && <Failure error={error} />}
      {before.data && after.data ? (
        <Compared was={filledUnits(before.data)} is={filledUnits(after.data)} names={[w.version(was), w.version(is)]} />
      ) : (
        !error && <Waiting />
      )}
    </div>
  )
}

/** Someone else's words in a frame without scripts and without our address. */
function Sheet({ id, version, rests }: { id: string; version: DocumentVersion; rests: boolean }) {
  const page = useFetch(
    documents.page,
    { id, number: String(version.number) },
    { enabled: version.state === 'made' && !rests, keep: false, staleTime: 3_600_000 },
  )
  if (version.state === 'failed') return <Empty title={w.failed} hint={version.code ? refusalText(version.code, {}) : ''} />
  if (version.state === 'making') return <Empty title={w.making} hint={w.waiting} />
  if (page.error) return <Failure error={page.error} retry={() => void page.refetch()} />
  return page.data ? <iframe title={w.page} sandbox="" srcDoc={page.data.html} /> : <Waiting />
}

type Line = { id: string; version: DocumentVersion; selected: boolean; pick: () => void }
function Version({ id, version, selected, pick }: Line) {
  return (
    <div className={`version ${selected ? 'on' : ''}`}>
      <button type="button" onClick={pick} aria-pressed={selected}>
        <span className="row">
          <b>{w.version(version.number)}</b>
          <span className="end">
            <StateTag state={version.state} />
          </span>
        </span>
        <span className="t3 f12">
          {version.madeByName ?? w.system}
          <i className="sep" />
          {full(version.madeAt)}
        </span>
        <span className="t3 f12">
          {w.templateVersion(version.templateVersion)}
          {version.pages !== null && (
            <>
              <i className="sep" />
              {w.pages(version.pages)}
            </>
          )}
        </span>
      </button>
      {version.state === 'made' && (
        <div className="row">
          {(['pdf', 'docx'] as const).map(format => (
            <Button
              key={format}
              size="small"
              icon={<IconDownload size={14} />}
              href={documentFile(id, version.number, format)}
              download
              aria-label={w.download(format === 'pdf' ? 'PDF' : 'Word')}
            >
              {format === 'pdf' ? 'PDF' : 'Word'}
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}
