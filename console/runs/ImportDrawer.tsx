import { Button, Drawer, Segmented, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { type ImportDoors, type OnMatch, type Reading, type TableHead, TextEncoding } from '#contract/imports.ts'
import { isOpenRun, type Run, runFile, runs } from '#contract/runs.ts'
import { call, RefusalError } from '../kit/call.ts'
import { queryClient, useFetch } from '../kit/data.ts'
import { FilePick } from '../kit/FilePick.tsx'
import { IconDownload, IconFile } from '../kit/icons.ts'
import { Failure } from '../kit/parts.tsx'
import { language, nameOf } from '../kit/words.ts'
import { Bar } from './Bar.tsx'
import { Known } from './ImportKnown.tsx'
import { i } from './import.words.ts'
import { RunLine, said } from './RunLine.tsx'
import { saveTable } from './saveTable.ts'
import { sendTable } from './sendTable.ts'
import './runs.css'
import { WrongRows } from './WrongRows.tsx'
import { outcomeText } from './words.ts'

type State = {
  fileId: string | null
  share: number | null
  head: TableHead | null
  onMatch: OnMatch
  checkId: string | null
  begunId: string | null
  busy: boolean
  refused: RefusalError | null
}
const fresh: State = { fileId: null, share: null, head: null, onMatch: 'skip', checkId: null, begunId: null, busy: false, refused: null }
const separators = [',', ';', '\t', '|'] as const
const separatorWord = { ',': () => i.comma, ';': () => i.semicolon, '\t': () => i.tab, '|': () => i.bar }

/** A table, how it is read, which column is what; then a check that changes nothing, then the import. Both go on when one leaves. */
export default function ImportDrawer({ of, what, known, close }: { of: ImportDoors; what: string; known: string; close: () => void }) {
  const [state, setState] = useState(fresh)
  const { fileId, share, head, onMatch, checkId, begunId, busy, refused } = state
  const set = (next: Partial<State>) => setState(was => ({ ...was, ...next }))
  const doing = async (act: () => Promise<Partial<State>>) => {
    set({ busy: true, refused: null })
    try {
      set({ ...(await act()), busy: false })
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      set({ busy: false, share: null, refused: error })
    }
  }
  const send = (file: File) =>
    doing(async () => {
      const { id } = await sendTable(`/api${of.ask.path}/file`, file, done => set({ share: done }))
      const found = await call(of.head, { body: { fileId: id } })
      return { fileId: id, share: null, checkId: null, head: found, onMatch: found.chosen.onMatch }
    })
  const readAs = (reading: Reading) =>
    doing(async () => ({ checkId: null, head: await call(of.head, { body: { fileId: fileId ?? '', reading } }) }))
  const begin = (dry: boolean) =>
    doing(async () => {
      if (!fileId || !head) return {}
      const { reading, mapping, keys, chosen } = head
      const how = { ...(keys.length > 0 ? { keys: chosen.keys } : {}), ...(chosen.dates ? { dates: chosen.dates } : {}) }
      const { id } = await call(of.ask, { body: { fileId, reading, mapping, onMatch, dry, language: language(), ...how } })
      await queryClient.invalidateQueries({ queryKey: ['runs'] })
      return dry ? { checkId: id } : { begunId: id }
    })
  const template = () =>
    doing(async () => {
      saveTable(`${i.templateName(what)}.csv`, [(await call(of.fields, {})).map(nameOf)])
      return {}
    })
  const isVague = head !== null && head.keys.length > 0 && head.chosen.keys.length === 0
  const missing = isVague || (head?.fields.some(one => one.required && head.mapping[one.key] === undefined) ?? true)
  return (
    <Drawer
      open
      onClose={close}
      title={i.title(what)}
      size={560}
      footer={
        begunId ? (
          <div className="row">
            <Button className="end" onClick={close}>
              {i.close}
            </Button>
          </div>
        ) : (
          head && (
            <div className="row">
              <Button loading={busy} disabled={missing} onClick={() => void begin(true)}>
                {i.check}
              </Button>
              <Button className="end" onClick={close}>
                {i.close}
              </Button>
              <Button type="primary" loading={busy} disabled={missing} onClick={() => void begin(false)}>
                {i.begin}
              </Button>
            </div>
          )
        )
      }
    >
      {begunId ? (
        <Begun id={begunId} list={of.ask.path} />
      ) : (
        <>
          <div className="importform">
            <span className="row wrap">
              <FilePick single name={i.choose} accept=".xlsx,.csv,.txt,.tsv" pick={([file]) => file && void send(file)}>
                {open => (
                  <Button icon={<IconFile size={16} />} loading={share !== null} onClick={open}>
                    {head ? i.another : i.choose}
                  </Button>
                )}
              </FilePick>
              {!head && <Button onClick={() => void template()}>{i.template}</Button>}
              <span className="t3">{share !== null && share < 100 ? i.sending(share) : i.chooseHint}</span>
            </span>
            {refused && <Failure error={refused} />}
            {head && (
              <>
                {checkId && <Checked key={checkId} id={checkId} />}
                <HowRead head={head} read={readAs} />
                <section>
                  <h3>{i.fields}</h3>
                  <p className="t3">{i.fieldsHint}</p>
                  <Columns key={fileId} head={head} change={mapping => set({ checkId: null, head: { ...head, mapping } })} />
                  <LeftOut head={head} />
                </section>
                <section>
                  <h3>{i.onMatch}</h3>
                  {head.onMatch.length > 1 && (
                    <Segmented
                      value={onMatch}
                      onChange={to => set({ checkId: null, onMatch: to })}
                      options={head.onMatch.map(value => ({ value, label: i[value] }))}
                    />
                  )}
                  {head.keys.length === 0 && <p className="t3">{known}</p>}
                </section>
                <Known head={head} change={chosen => set({ checkId: null, head: { ...head, chosen } })} />
              </>
            )}
          </div>
        </>
      )}
    </Drawer>
  )
}

function HowRead({ head, read }: { head: TableHead; read: (reading: Reading) => Promise<void> }) {
  const { reading, sheets } = head
  if ('sheet' in reading)
    return sheets.length < 2 ? null : (
      <span className="row">
        <span className="t2">{i.sheet}</span>
        <Select
          aria-label={i.sheet}
          value={reading.sheet}
          onChange={sheet => void read({ sheet })}
          options={sheets.map(value => ({ value, label: value }))}
          popupMatchSelectWidth={false}
        />
      </span>
    )
  return (
    <span className="row wrap">
      <span className="t2">{i.encoding}</span>
      <Select
        aria-label={i.encoding}
        value={reading.encoding}
        onChange={encoding => void read({ ...reading, encoding })}
        options={TextEncoding.options.map(value => ({ value, label: value.toUpperCase() }))}
      />
      <span className="t2">{i.separator}</span>
      <Select
        aria-label={i.separator}
        value={reading.separator}
        onChange={separator => void read({ ...reading, separator })}
        options={separators.map(value => ({ value, label: separatorWord[value]() }))}
      />
    </span>
  )
}

/** Fields that the table seems to hold come first; the rest can be opened. What stood where stays there while somebody chooses. */
function Columns({ head, change }: { head: TableHead; change: (mapping: TableHead['mapping']) => void }) {
  const { fields, title, rows, mapping } = head
  const [first] = useState(() => new Set(fields.flatMap(({ key, required }) => (required || mapping[key] !== undefined ? [key] : []))))
  const [isOpen, open] = useState(first.size < 2)
  const rest = fields.filter(field => !first.has(field.key))
  const shown = isOpen ? [...fields.filter(field => first.has(field.key)), ...rest] : fields.filter(field => first.has(field.key))
  return (
    <>
      <Fields {...{ fields: shown, title, rows, mapping, change }} />
      {rest.length > 0 && !isOpen && (
        <Button size="small" type="link" className="otherfields" onClick={() => open(true)}>
          {i.otherFields(rest.length)}
        </Button>
      )}
    </>
  )
}

type FieldsProps = Pick<TableHead, 'fields' | 'title' | 'rows' | 'mapping'> & { change: (mapping: TableHead['mapping']) => void }
function Fields({ fields, title, rows, mapping, change }: FieldsProps) {
  return (
    <ul className="importcolumns">
      {fields.map(field => {
        const column = mapping[field.key]
        const example = column === undefined ? '' : (rows.map(row => row.cells[column] ?? '').find(cell => cell !== '') ?? '')
        const without = Object.fromEntries(Object.entries(mapping).filter(([key]) => key !== field.key))
        return (
          <li key={field.key}>
            <span>
              {nameOf(field)}
              {field.required && <span className="bac"> *</span>}
            </span>
            <Select
              allowClear
              aria-label={nameOf(field)}
              placeholder={i.none}
              value={column}
              onChange={(to: number | undefined) => change(to === undefined ? without : { ...without, [field.key]: to })}
              options={title.map((name, value) => ({ value, label: name || `${value + 1}` }))}
              popupMatchSelectWidth={false}
            />
            <span className="t3 f12 cut" title={example}>
              {example && `${i.example} ${example}`}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

/** Columns that no field takes: told, so that nothing is missed afterwards. */
function LeftOut({ head: { title, mapping } }: { head: TableHead }) {
  const taken = new Set(Object.values(mapping))
  const left = title.filter((name, column) => name !== '' && !taken.has(column))
  return left.length === 0 ? null : <p className="wac f12">{i.leftOut(left.join(language() === 'zh' ? '、' : ', '))}</p>
}

/** A run while it is looked at; the corner's own line hears of it anyway. */
function useRun(id: string): { run: Run | undefined; isOver: boolean } {
  const [over, setOver] = useState(false)
  const { data: run } = useFetch(runs.one, { id }, { refetchInterval: over ? false : 700, keep: false })
  const isOver = run !== undefined && !isOpenRun(run) && (run.takenBack === null || !isOpenRun(run.takenBack))
  useEffect(() => setOver(isOver), [isOver])
  return { run, isOver }
}

/** The import goes on, with or without its asker; the list behind shows what came of it. */
function Begun({ id, list }: { id: string; list: string }) {
  const { run, isOver } = useRun(id)
  const back = run?.takenBack?.state
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was taken back is gone from the list, too
  useEffect(() => {
    if (isOver) void queryClient.invalidateQueries({ queryKey: [list.split('/')[1]] })
  }, [isOver, back, list])
  if (!run) return null
  return (
    <section role="status">
      {!isOver && <p className="t3">{i.begun}</p>}
      <ul className="runlist wide">
        <RunLine run={run} />
      </ul>
      {run.takenBack === null && <WrongRows run={run} />}
    </section>
  )
}

/** What the check found, where it is seen at once: above what it was asked about. */
function Checked({ id }: { id: string }) {
  const { run, isOver } = useRun(id)
  const told = useRef<HTMLElement>(null)
  const isShown = run !== undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came of it is longer than how far it is
  useEffect(() => {
    told.current?.scrollIntoView({ block: 'center' })
    if (isOver) told.current?.focus({ preventScroll: true })
  }, [isShown, isOver])
  if (!run) return null
  return (
    <section className="importcheck" role="status" ref={told} tabIndex={-1}>
      <b>{isOver ? i.checked : i.checking}</b>
      {!isOver && <Bar run={run} />}
      <span className="t2">{run.state === 'done' ? outcomeText(run) : said(run)}</span>
      {isOver && <WrongRows run={run} />}
      {isOver && run.file && (
        <Button size="small" icon={<IconDownload size={14} />} href={runFile(run.id)} download={run.file.name}>
          {i.problems}
        </Button>
      )}
    </section>
  )
}
