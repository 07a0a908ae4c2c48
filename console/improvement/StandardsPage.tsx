import { Link } from '@tanstack/react-router'
import { Button, Select, Switch, type TableColumnType } from 'antd'
import { useState } from 'react'
import { standardExports } from '#contract/lists.ts'
import { goals, type Standard, standards } from '#contract/standards.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { ListTable } from '../kit/DataTable.tsx'
import { useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { IconPlus } from '../kit/icons.ts'
import { Empty } from '../kit/parts.tsx'
import { inView, useViews, type ViewColumn } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { nameOf } from '../kit/words.ts'
import { ExportButton } from '../runs/ExportButton.tsx'
import { kindWord, periodWord, Spark, StateTag, targetText } from './attainment.tsx'
import { subjectText, useDeclared, valueText } from './figures.ts'
import './improvement.css'
import { NewStandard } from './StandardForm.tsx'
import { s } from './standards.words.ts'
import { Tabs } from './Tabs.tsx'

export default function StandardsPage() {
  const may = useMay()
  const { of } = useDeclared()
  const [filters, change] = useFilters(standards.list)
  const list = useListing(standards.list, filters)
  const all = useFetch(goals.list, { query: {} }).data ?? []
  const [adding, setAdding] = useState(false)
  useFresh('standard', 'standards')
  const columns: (TableColumnType<Standard> & ViewColumn)[] = [
    {
      key: 'name',
      title: s.name,
      order: 'name',
      render: (_, one) => (
        <span className="twolines">
          <Link className="m5" to={`/improvements/standards/${one.id}`}>
            {nameOf(one)}
          </Link>
          <span className="t3 f12">{one.source || kindWord(one.kind)}</span>
        </span>
      ),
    },
    {
      key: 'of',
      title: s.measured,
      width: 200,
      render: (_, { version: v }) => {
        const definition = v && of(v.figure)
        return v ? (
          <span className="twolines">
            <span>{definition ? nameOf(definition) : ''}</span>
            <span className="t3 f12">
              {subjectText(v.subject)}
              <i className="sep" />
              {periodWord(v.period)}
            </span>
          </span>
        ) : (
          <span className="t3">{s.notMeasured}</span>
        )
      },
    },
    {
      key: 'running',
      title: s.running,
      width: 168,
      render: (_, { version: v, running }) =>
        v && running ? (
          <span className="twolines">
            <span className="row">
              <b className={running.endangeredAt ? 'wac' : ''}>{valueText(of(v.figure), running.value)}</b>
              {running.endangeredAt && <StateTag attainment={running} />}
            </span>
            <span className="t3 f12">{targetText(of(v.figure), v)}</span>
          </span>
        ) : null,
    },
    {
      key: 'last',
      title: s.last,
      width: 112,
      render: (_, { past }) => {
        const last = past.at(-1)
        return last ? <StateTag attainment={last} /> : null
      },
    },
    {
      key: 'past',
      title: s.past,
      width: 136,
      render: (_, { version: v, past }) => v && <Spark past={past} version={v} definition={of(v.figure)} />,
    },
    { key: 'owner', title: s.owner, width: 88, render: (_, one) => one.ownerName ?? <span className="t3">{s.nobody}</span> },
  ]
  const views = useViews('standards', standards.list, columns)
  return (
    <div className="page improvepage">
      <header>
        <h1 className="hidden">{s.title}</h1>
        <Tabs />
        <span className="end row wrap">
          <ExportButton of={standardExports} filter={filters} what={s.title} />
          {may('standard:configure') && (
            <Button type="primary" icon={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {s.add}
            </Button>
          )}
        </span>
      </header>
      <ViewBar of={views} first={s.all} />
      <div className="row wrap">
        <Select
          style={{ width: 208 }}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={s.anyGoal}
          aria-label={s.goal}
          value={filters.goalId ?? null}
          onChange={goalId => change({ goalId: goalId ?? undefined })}
          options={all.map(goal => ({ value: goal.id, label: nameOf(goal) }))}
        />
        <span className="row f12 t3">
          <Switch
            size="small"
            checked={filters.retired === 'true'}
            onChange={on => change({ retired: on ? 'true' : undefined })}
            aria-label={s.withRetired}
          />
          {s.withRetired}
        </span>
        <ViewTools of={views} />
      </div>
      <ListTable<Standard>
        list={list}
        empty={<Empty title={s.nothing} hint={s.nothingHint} />}
        views={views}
        faded={one => one.retired}
        columns={inView(views, columns)}
      />
      {adding && <NewStandard close={() => setAdding(false)} />}
    </div>
  )
}
