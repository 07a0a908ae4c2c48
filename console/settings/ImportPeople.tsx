import { Button, Drawer, Table } from 'antd'
import { useRef, useState } from 'react'
import * as z from 'zod'
import { Id } from '#contract/endpoint.ts'
import { type ImportRow, peopleImport } from '#contract/identity.ts'
import { call, RefusalError, type ReplyOf } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { IconCircleCheck } from '../kit/icons.ts'
import { Failure } from '../kit/parts.tsx'
import { refusalText } from '../kit/words.ts'
import { linkOf } from './Once.tsx'
import { s } from './security.words.ts'
import { w } from './words.ts'

type Made = ReplyOf<typeof peopleImport.make>
type State = { rows: ImportRow[] | null; made: Made | null; busy: boolean; refused: RefusalError | null }
const fresh: State = { rows: null, made: null, busy: false, refused: null }

/** A file, what is in it and what is wrong with it, then the people with their links. */
export function ImportPeople({ open, close }: { open: boolean; close: () => void }) {
  const [{ rows, made, busy, refused }, setState] = useState(fresh)
  const field = useRef<HTMLInputElement>(null)
  const doing = async (act: () => Promise<Partial<State>>) => {
    setState(was => ({ ...was, busy: true, refused: null }))
    try {
      const next = await act()
      setState(was => ({ ...was, ...next, busy: false }))
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      setState(was => ({ ...was, busy: false, refused: error }))
    }
  }
  const read = (file: File) =>
    doing(async () => ({ rows: (await call(peopleImport.preview, { body: { fileId: await upload(file) } })).rows }))
  const good = rows?.flatMap(row => (row.person ? [row.person] : [])) ?? []
  const bad = rows?.filter(row => !row.person) ?? []
  const add = () =>
    doing(async () => {
      const reply = await call(peopleImport.make, { body: { people: good } })
      await queryClient.invalidateQueries({ queryKey: ['people'] })
      return { made: reply }
    })
  const leave = () => {
    setState(fresh)
    close()
  }
  return (
    <Drawer
      open={open}
      onClose={leave}
      title={s.importTitle}
      size={640}
      destroyOnHidden
      footer={
        <div className="row">
          {rows && !made && <Button onClick={() => setState(fresh)}>{s.another}</Button>}
          <Button className="end" onClick={leave}>
            {made ? s.done : s.cancel}
          </Button>
          {rows && !made && (
            <Button type="primary" loading={busy} disabled={good.length === 0} onClick={() => void add()}>
              {s.make(good.length)}
            </Button>
          )}
        </div>
      }
    >
      <div className="col" style={{ gap: 16 }}>
        {refused && <Failure error={refused} />}
        {!rows && (
          <>
            <span className="t2">{s.importHint}</span>
            <div className="row wrap">
              <Button type="primary" loading={busy} onClick={() => field.current?.click()}>
                {s.choose}
              </Button>
              <Button onClick={() => save('people.csv', [[w.person, w.login, w.department, w.team, w.role].map(heading)])}>
                {s.template}
              </Button>
            </div>
            <input
              ref={field}
              type="file"
              hidden
              accept=".xlsx,.csv,.txt"
              aria-label={s.choose}
              onChange={e => {
                const file = e.target.files?.[0]
                e.target.value = ''
                if (file) void read(file)
              }}
            />
          </>
        )}
        {rows && !made && (
          <>
            <div className="row wrap" style={{ gap: 16 }}>
              <span className="tag ok">{s.good(good.length)}</span>
              {bad.length > 0 && <span className="tag ba">{s.bad(bad.length)}</span>}
            </div>
            <Rows rows={[...bad, ...rows.filter(row => row.person)]} />
          </>
        )}
        {made && (
          <>
            <div className="row">
              <IconCircleCheck size={16} className="okc" />
              <b>{s.made(made.people.length)}</b>
            </div>
            <span className="t2">{s.madeHint}</span>
            <div className="row">
              <Button
                type="primary"
                onClick={() =>
                  save('links.csv', [[w.person, w.login, s.link], ...made.people.map(p => [p.name, p.login, linkOf(p.token)])])
                }
              >
                {s.links}
              </Button>
              <span className="wac f12">{s.once}</span>
            </div>
          </>
        )}
      </div>
    </Drawer>
  )
}

function Rows({ rows }: { rows: readonly ImportRow[] }) {
  return (
    <div className="card">
      <Table<ImportRow>
        rowKey="line"
        size="small"
        pagination={rows.length > 100 ? { pageSize: 100, showSizeChanger: false } : false}
        dataSource={rows}
        columns={[
          { key: 'line', title: s.line, dataIndex: 'line', width: 56 },
          { key: 'name', title: w.person, dataIndex: 'name' },
          { key: 'login', title: w.login, dataIndex: 'login' },
          { key: 'place', title: w.department, render: (_, row) => [row.department, row.team].filter(Boolean).join(' / ') },
          { key: 'role', title: w.role, dataIndex: 'role' },
          {
            key: 'problem',
            title: s.problem,
            render: (_, row) => (
              <span className="bac">{row.problems.map(p => `${fieldNames()[p.field]} ${refusalText(p.code)}`).join('; ')}</span>
            ),
          },
        ]}
      />
    </div>
  )
}
const fieldNames = () => ({ name: w.person, login: w.login, department: w.department, team: w.team, role: w.role })
/** The server knows the column of names by the word for a name. */
const heading = (word: string) => (word === w.person ? s.nameHeading : word)

async function upload(file: File): Promise<string> {
  const form = new FormData()
  form.append('file', file)
  const csrf = /(?:^|;\s*)huiyin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? ''
  const response = await fetch('/api/files', { method: 'POST', headers: { 'x-csrf': csrf }, body: form }).catch(() => {
    throw new RefusalError('network.away')
  })
  const reply: unknown = await response.json().catch(() => ({}))
  const card = z.object({ id: Id }).safeParse(reply)
  if (response.ok && card.success) return card.data.id
  const problem = z.object({ code: z.string() }).safeParse(reply)
  throw new RefusalError(problem.success ? problem.data.code : 'network.odd', {}, response.status)
}

/** A CSV that Excel opens as it is: its mark first, and no cell that it would take for a formula. */
function save(name: string, rows: readonly (readonly string[])[]) {
  const cell = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
  const text = `\ufeff${rows.map(row => row.map(cell).join(',')).join('\r\n')}\r\n`
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
