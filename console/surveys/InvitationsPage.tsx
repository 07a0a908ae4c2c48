import { Link } from '@tanstack/react-router'
import { Segmented, type TableColumnType } from 'antd'
import { type Invitation, InvitationState, invitations } from '#contract/invitations.ts'
import { invitationExports } from '#contract/lists.ts'
import { useFresh } from '../app/live.ts'
import { col } from '../kit/columns.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { ChannelGlyph, Empty } from '../kit/parts.tsx'
import { inView, useViews, type ViewColumn } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { ExportButton } from '../runs/ExportButton.tsx'
import { InvitationTag } from './Asked.tsx'
import { matterText, v, whyText } from './invitations.words.ts'
import { Places } from './Places.tsx'
import './surveys.css'

/** Who was asked how it went, and who was not and why. */
export default function InvitationsPage() {
  const [filters, filter] = useFilters(invitations.list)
  const list = useListing(invitations.list, filters)
  useFresh('invitation', 'invitations')
  const columns: (TableColumnType<Invitation> & ViewColumn)[] = [
    {
      key: 'customer',
      title: v.customer,
      width: 160,
      ellipsis: true,
      render: (_, i) => <Link to={`/customers/${i.customerId}`}>{i.customerName}</Link>,
    },
    {
      key: 'matter',
      title: v.matter,
      ellipsis: true,
      render: (_, i) => (i.ticketId ? <Link to={`/tickets/${i.ticketId}`}>{matterText(i)}</Link> : matterText(i)),
    },
    { key: 'way', title: v.way, width: 64, render: (_, i) => i.channel && <ChannelGlyph channel={i.channel} /> },
    { key: 'state', title: v.state, width: 112, render: (_, i) => <InvitationTag invitation={i} /> },
    { key: 'why', title: v.why, ellipsis: true, render: (_, i) => <span className="t2">{whyText(i)}</span> },
    { ...col.time<Invitation>('madeAt', v.when), key: 'madeAt', title: v.when, order: 'time' },
  ]
  const views = useViews('invitations', invitations.list, columns)
  return (
    <div className="page">
      <header>
        <h1>{v.title}</h1>
        <span className="t3 cut">{v.hint}</span>
        <span className="end row">
          <Places here="/ratings/invitations" />
          <ExportButton of={invitationExports} filter={filters} what={v.title} />
        </span>
      </header>
      <ViewBar of={views} first={v.all} />
      <div className="row wrap">
        <Segmented<InvitationState | 'all'>
          value={filters.state ?? 'all'}
          aria-label={v.state}
          onChange={state => filter({ state: state === 'all' ? undefined : state })}
          options={[{ value: 'all', label: v.all }, ...InvitationState.options.map(value => ({ value, label: v[value] }))]}
        />
        <ViewTools of={views} />
      </div>
      <ListTable<Invitation>
        list={list}
        views={views}
        empty={<Empty title={v.none} hint={v.noneHint} />}
        columns={inView(views, columns)}
      />
    </div>
  )
}
