import { useState } from 'react'
import type * as z from 'zod'
import { RoutingRule, routingRules, routingTrial } from '#contract/routingRules.ts'
import { CatalogHeader, retiring } from '../kit/CatalogHeader.tsx'
import { CatalogTable } from '../kit/CatalogTable.tsx'
import { call } from '../kit/call.ts'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { Failure, Waiting } from '../kit/parts.tsx'
import { nameOf } from '../kit/words.ts'
import { b } from './business.words.ts'
import { useQueues, useTeams } from './fields.tsx'
import { UpDown } from './Moves.tsx'
import { RuleFields } from './RuleFields.tsx'
import { RuleTrial } from './RuleTrial.tsx'
import { useConditionWords } from './ruleWords.ts'
import { w } from './words.ts'

type Rule = z.output<typeof routingRules.Row>
const retire = retiring(routingRules.retire)
const fresh = RoutingRule.omit({ name: true }).parse({ conditions: {} })

export default function RoutingRulesPage() {
  const [withRetired, setWithRetired] = useState(false)
  const [open, setOpen] = useState<Rule | 'new' | null>(null)
  const listing = useFetch(routingRules.list, { query: { retired: withRetired } })
  const queues = useQueues()
  const teams = useTeams()
  const say = useConditionWords()
  const ordering = useAct(routingTrial.order)
  const rows = listing.data ?? []
  const live = rows.filter(r => !r.retired)
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['routing-rules'] })
  const move = (id: string, by: number) => {
    const ids = live.map(r => r.id).filter(other => other !== id)
    ids.splice(live.findIndex(r => r.id === id) + by, 0, id)
    void ordering.act({ body: { ids } })
  }
  const queueName = (id: string | null) => {
    const queue = queues.find(q => q.id === id)
    return queue ? nameOf(queue) : b.asChosen
  }
  return (
    <div className="page">
      <CatalogHeader
        title={b.rules}
        hint={b.rulesHint}
        retired={[withRetired, setWithRetired]}
        add={{ label: b.addRule, begin: () => setOpen('new') }}
      />
      {listing.error && <Failure error={listing.error} retry={() => void listing.refetch()} readAt={listing.dataUpdatedAt} />}
      {listing.isPending ? (
        <Waiting />
      ) : (
        <CatalogTable<Rule>
          rows={rows}
          open={setOpen}
          retire={rule => () => void retire(rule, rule.name, !rule.retired)}
          empty={{ title: b.noRules, hint: b.noRulesHint }}
          columns={[
            {
              key: 'order',
              title: '',
              width: 88,
              show: rule => {
                const at = live.findIndex(r => r.id === rule.id)
                if (at < 0) return null
                return (
                  <span className="row nowrap">
                    <span className="t3" style={{ minWidth: 16 }}>
                      {at + 1}
                    </span>
                    <UpDown first={at === 0} last={at === live.length - 1} busy={ordering.acting} move={by => move(rule.id, by)} />
                  </span>
                )
              },
            },
            { key: 'name', title: w.name, show: rule => <b className="m5">{rule.name}</b> },
            {
              key: 'when',
              title: b.when,
              show: rule => {
                const said = say(rule.conditions)
                return said.length === 0 ? (
                  <span className="t3">{b.everyone}</span>
                ) : (
                  <div className="f12 conditions">
                    {said.map(c => (
                      <div key={c.name}>
                        <span className="t3">{c.name}</span> {c.value}
                      </div>
                    ))}
                  </div>
                )
              },
            },
            {
              key: 'then',
              title: b.goes,
              show: rule => (
                <div className="f12">
                  <div>{queueName(rule.queueId)}</div>
                  {rule.priority !== 0 && (
                    <div className="t2">
                      {b.priority} {rule.priority}
                    </div>
                  )}
                  {rule.teamId && (
                    <div className="t2">
                      {b.preferTeam} {teams.find(t => t.id === rule.teamId)?.name}
                    </div>
                  )}
                </div>
              ),
            },
          ]}
        />
      )}
      <RuleTrial rules={live} queueName={queueName} />
      <FormDrawer<z.output<typeof RoutingRule>>
        open={open !== null}
        title={open === 'new' ? b.addRule : b.editRule(open?.name ?? '')}
        values={open === 'new' || open === null ? fresh : open}
        close={() => setOpen(null)}
        width={520}
        save={async values => {
          const { conditions, queueId, teamId, ...rest } = values
          const body = {
            ...rest,
            conditions: { ...fresh.conditions, ...conditions, hours: conditions.hours ?? null, calendarId: conditions.calendarId ?? null },
            queueId: queueId ?? null,
            teamId: teamId ?? null,
            priority: rest.priority ?? 0,
          }
          if (open === 'new') await call(routingRules.add, { body })
          else if (open) await call(routingRules.change, { id: open.id, body })
          await refresh()
        }}
      >
        <RuleFields />
      </FormDrawer>
    </div>
  )
}
