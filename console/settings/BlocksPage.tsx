import { useNavigate } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { type Block, blocks } from '#contract/blocks.ts'
import { useFresh } from '../app/live.ts'
import { ListTable } from '../kit/DataTable.tsx'
import { useAct, useListing } from '../kit/data.ts'
import { Empty } from '../kit/parts.tsx'
import { clockTime } from '../kit/time.ts'
import { w } from './blocks.words.ts'

type Box = 'proposed' | 'active' | 'past'
const names: Record<Box, () => string> = { active: () => w.active, proposed: () => w.proposed, past: () => w.past }
const kinds: Record<Block['kind'], () => string> = {
  visitor: () => w.visitor,
  customer: () => w.customer,
  address: () => w.address,
  number: () => w.number,
}
const states: Record<Block['state'], () => string> = {
  proposed: () => w.proposed,
  active: () => w.active,
  refused: () => w.refused,
  lifted: () => w.lifted,
  over: () => w.over,
}

/** Whom nobody serves for a while, who asked for it, and until when. */
export default function BlocksPage() {
  const go = useNavigate()
  const [box, setBox] = useState<Box>('active')
  const list = useListing(blocks.list, { box })
  useFresh('block', 'blocks')
  const deciding = useAct(blocks.decide)
  const lifting = useAct(blocks.lift)
  return (
    <div className="page">
      <header>
        <h1>{w.title}</h1>
        <span className="t3 cut">{w.hint}</span>
        <Segmented<Box>
          className="end"
          value={box}
          onChange={setBox}
          options={(['active', 'proposed', 'past'] as const).map(value => ({ value, label: names[value]() }))}
        />
      </header>
      <ListTable<Block>
        list={list}
        empty={<Empty title={w.none} hint={w.noneHint} />}
        columns={[
          { key: 'name', title: w.who, render: (_, b) => <b className="m5">{b.name || w.visitorName}</b> },
          { key: 'kind', title: w.kind, render: (_, b) => kinds[b.kind]() },
          { key: 'reason', title: w.reason, render: (_, b) => <span className="t2">{b.reason}</span> },
          { key: 'until', title: w.until, render: (_, b) => clockTime(b.until) },
          {
            key: 'by',
            title: w.by,
            render: (_, b) =>
              b.decidedByName && b.decidedByName !== b.proposedByName ? `${b.proposedByName} / ${b.decidedByName}` : b.proposedByName,
          },
          ...(box === 'past' ? [{ key: 'state', title: w.state, render: (_: unknown, b: Block) => states[b.state]() }] : []),
          {
            key: 'acts',
            align: 'end',
            render: (_, b) => (
              <span className="row nowrap" style={{ justifyContent: 'flex-end', gap: 4 }}>
                {b.conversationId && (
                  <Button
                    size="small"
                    type="text"
                    onClick={() => void go({ to: '/desk', search: { c: b.conversationId, box: 'team' } as never })}
                  >
                    {w.look}
                  </Button>
                )}
                {b.state === 'proposed' && (
                  <>
                    <Button size="small" onClick={() => void deciding.act({ id: b.id, body: { accept: false } })}>
                      {w.refuse}
                    </Button>
                    <Button size="small" type="primary" onClick={() => void deciding.act({ id: b.id, body: { accept: true } })}>
                      {w.accept}
                    </Button>
                  </>
                )}
                {b.state === 'active' && (
                  <Button size="small" onClick={() => void lifting.act({ id: b.id })}>
                    {w.lift}
                  </Button>
                )}
              </span>
            ),
          },
        ]}
      />
    </div>
  )
}
