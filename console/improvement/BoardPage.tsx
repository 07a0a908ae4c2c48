import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Segmented, Select, type TableColumnType } from 'antd'
import { useState } from 'react'
import { type Card, improvements, SourceNoun, Stage } from '#contract/improvement.ts'
import { findingExports } from '#contract/lists.ts'
import { useCommands } from '../app/commands.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { PersonSelect } from '../app/people.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconAlertTriangle, IconPlus } from '../kit/icons.ts'
import { Empty, Kbd, SlaChip } from '../kit/parts.tsx'
import { day } from '../kit/time.ts'
import { inView, type SavedViews, useViews, type ViewColumn } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { nameOf } from '../kit/words.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { Board } from './Board.tsx'
import { subjectText, useDeclared } from './figures.ts'
import './improvement.css'
import NewFinding, { type From } from './NewFinding.tsx'
import { StageTag, sourceWord, stageWord } from './stages.tsx'
import { Tabs } from './Tabs.tsx'
import { w } from './words.ts'

type Look = 'board' | 'list' | 'closed'

/** How it is looked at and whose lives in the address; so does what a new one comes from. A saved view is a list. */
function usePlace() {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const [filters] = useFilters(improvements.list)
  const text = (key: string) => (typeof search[key] === 'string' ? String(search[key]) : undefined)
  const noun = SourceNoun.safeParse(search.new)
  const from: From | null = noun.success ? { noun: noun.data, id: text('id') ?? null, title: text('title') ?? '' } : null
  const look: Look = filters.board === 'closed' ? 'closed' : search.look === 'list' || search.view !== undefined ? 'list' : 'board'
  const go = (to: { look?: Look; ownerId?: string | undefined; stage?: Stage | undefined; late?: 'true' | undefined }) => {
    const { ownerId, stage, late } = filters
    const next = { look, ownerId, stage, late, ...to }
    const ends = next.look === 'closed'
    void navigate({
      to: '/improvements',
      search: {
        ...(next.look === 'board' ? {} : { look: 'list' }),
        ...(ends ? { board: 'closed' } : {}),
        ...(next.ownerId ? { ownerId: next.ownerId } : {}),
        ...(next.stage && !ends ? { stage: next.stage } : {}),
        ...(next.late && !ends ? { late: next.late } : {}),
      } as never,
      replace: true,
    })
  }
  const open = (id: string) => void navigate({ to: `/improvements/${id}` })
  return { look, filters, owner: filters.ownerId, from, go, open }
}

export default function BoardPage() {
  const { look, filters, owner, from, go, open } = usePlace()
  const rows = useRowColumns(look === 'closed')
  const views = useViews('findings', improvements.list, rows)
  const may = useMay()
  const [adding, setAdding] = useState(false)
  useFresh('finding', 'improvements')
  const mayWrite = may('improvement:write')
  const opened = adding || (from !== null && mayWrite)
  useHotkey('c', () => setAdding(true), mayWrite && !opened)
  useCommands(
    mayWrite ? [{ id: 'improvements.new', name: w.add, key: 'C', icon: <IconPlus size={16} />, run: () => setAdding(true) }] : [],
    String(mayWrite),
  )
  return (
    <div className="page improvepage">
      <header>
        <h1 className="hidden">{w.improvements}</h1>
        <Tabs />
        <span className="end row wrap">
          <PersonSelect
            width={136}
            aria-label={w.owner}
            placeholder={w.anyOwner}
            value={owner ?? null}
            onChange={id => go({ ownerId: id ?? undefined })}
          />
          {look !== 'closed' && (
            <>
              <Select<Stage>
                style={{ width: 112 }}
                allowClear
                aria-label={w.stage}
                placeholder={w.anyStage}
                value={filters.stage ?? null}
                onChange={stage => go({ stage: stage ?? undefined })}
                options={Stage.exclude(['closed', 'dropped']).options.map(value => ({ value, label: stageWord(value) }))}
              />
              <Button
                aria-pressed={filters.late === 'true'}
                color={filters.late ? 'primary' : 'default'}
                variant={filters.late ? 'filled' : 'outlined'}
                icon={<IconAlertTriangle size={16} />}
                onClick={() => go({ late: filters.late ? undefined : 'true' })}
              >
                {w.late}
              </Button>
            </>
          )}
          <Segmented<Look>
            value={look}
            onChange={to => go({ look: to })}
            options={[
              { value: 'board', label: w.board },
              { value: 'list', label: w.list },
              { value: 'closed', label: w.closedList },
            ]}
          />
          <ExportButton of={findingExports} filter={filters} what={w.improvements} />
          {mayWrite && (
            <Button type="primary" icon={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {w.add} <Kbd>C</Kbd>
            </Button>
          )}
        </span>
      </header>
      {look === 'board' ? (
        <Board filters={filters} />
      ) : (
        <>
          <div className="row wrap">
            <ViewBar of={{ ...views, leave: () => go({ look: 'list' }) }} first={w.list} />
            <ViewTools of={views} />
          </div>
          <Rows filters={filters} views={views} columns={inView(views, rows)} />
        </>
      )}
      {opened && (
        <NewFinding
          from={from}
          close={made => {
            setAdding(false)
            if (made) open(made)
            else if (from) go({})
          }}
        />
      )}
    </div>
  )
}

type RowColumn = TableColumnType<Card> & ViewColumn
function useRowColumns(closed: boolean): readonly RowColumn[] {
  const { of } = useDeclared()
  return [
    {
      key: 'title',
      title: w.title,
      ellipsis: true,
      render: (_, f) => (
        <Link className="m5" to={`/improvements/${f.id}`}>
          {f.title}
        </Link>
      ),
    },
    {
      key: 'stage',
      title: w.stage,
      width: 148,
      render: (_, f) => (
        <span className="row">
          <StageTag card={f} />
          {f.round > 1 && <span className="t3 f12 nowrap">{w.round(f.round)}</span>}
        </span>
      ),
    },
    { key: 'source', title: w.source, width: 72, render: (_, f) => <span className="t2">{sourceWord(f.source.noun)}</span> },
    {
      key: 'figure',
      title: w.figure,
      width: 216,
      ellipsis: true,
      render: (_, f) => {
        const definition = f.figure && of(f.figure.figure)
        return f.figure && definition ? (
          <span className="t2">
            {nameOf(definition)}
            <i className="sep" />
            {subjectText(f.figure.subject)}
          </span>
        ) : null
      },
    },
    { key: 'owner', title: w.owner, width: 96, render: (_, f) => f.ownerName ?? <span className="t3">{w.nobody}</span> },
    {
      key: 'due',
      title: w.due,
      width: 128,
      ...(closed ? { spare: true as const } : { order: 'due' }),
      render: (_, f) => f.dueAt && <SlaChip due={f.dueAt} start={f.openedAt} />,
    },
    {
      key: 'closed',
      title: w.closedCol,
      width: 112,
      ...(closed ? {} : { spare: true as const }),
      render: (_, f) => f.closedAt && day(f.closedAt),
    },
    { key: 'opened', title: w.openedCol, width: 112, spare: true, order: 'opened', render: (_, f) => day(f.openedAt) },
  ]
}

function Rows({ filters, views, columns }: { filters: Record<string, unknown>; views: SavedViews; columns: readonly RowColumn[] }) {
  const list = useListing(improvements.list, filters)
  return <ListTable<Card> list={list} views={views} empty={<Empty title={w.nothing} hint={w.nothingHint} />} columns={columns} />
}
