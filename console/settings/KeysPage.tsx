import { Button, Form, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import type { Grants } from '#contract/rights.ts'
import { type ApiKey, apiKeys } from '#contract/security.ts'
import { permissionWord, scopeWords } from '../identity/permissions.words.ts'
import { call } from '../kit/call.ts'
import { col } from '../kit/columns.tsx'
import { DataTable } from '../kit/DataTable.tsx'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconPlus } from '../kit/icons.ts'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { ago, day } from '../kit/time.ts'
import { GrantsField } from './GrantsField.tsx'
import { Once } from './Once.tsx'
import { s } from './security.words.ts'
import { w } from './words.ts'

type Values = { name: string; days: number; grants: Grants }

export default function KeysPage() {
  const listing = useFetch(apiKeys.list, {})
  const { act: revoke } = useAct(apiKeys.revoke)
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const [ending, setEnding] = useState<ApiKey | null>(null)
  return (
    <div className="page">
      <header>
        <h1>{s.keys}</h1>
        <span className="t3 cut">{s.keysHint}</span>
        <Button className="end" type="primary" icon={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          {s.addKey}
        </Button>
      </header>
      {listing.error && <Failure error={listing.error} retry={() => void listing.refetch()} readAt={listing.dataUpdatedAt} />}
      {listing.isPending ? (
        <Waiting />
      ) : (
        <div className="card">
          <DataTable<ApiKey>
            dataSource={listing.data ?? []}
            empty={<Empty title={s.noKeys} hint={s.noKeysHint} />}
            columns={[
              { key: 'name', title: s.keyName, render: (_, key) => <b className="m5">{key.name}</b> },
              {
                key: 'grants',
                title: s.grants,
                render: (_, key) => {
                  const all = Object.entries(key.acts).map(([p, scope]) => `${permissionWord(p)} ${scopeWords[scope]}`)
                  const less = Object.entries(key.grants).some(([p, scope]) => key.acts[p] !== scope)
                  return (
                    <span className="row t2 nowrap" title={all.join('\n')}>
                      {all.length === 1 ? all[0] : s.grantCount(all.length)}
                      {less && !key.makerRetired && (
                        <span className="tag wa" title={s.keyLessHint}>
                          {s.keyLess}
                        </span>
                      )}
                    </span>
                  )
                },
              },
              col.status<ApiKey>('state', s.keyState, stateOf),
              {
                key: 'expires',
                title: s.expires,
                width: 112,
                render: (_, key) => <span className="t2 nowrap">{key.expiresAt ? day(key.expiresAt) : s.never}</span>,
              },
              {
                key: 'used',
                title: s.used,
                width: 112,
                render: (_, key) => <span className="t2 nowrap">{key.usedAt ? ago(key.usedAt) : s.notUsed}</span>,
              },
              col.text<ApiKey>('madeByName', s.madeBy, 112),
              {
                key: 'acts',
                align: 'end',
                width: 88,
                render: (_, key) =>
                  !key.revokedAt && (
                    <Button type="text" size="small" onClick={() => setEnding(key)}>
                      {s.revoke}
                    </Button>
                  ),
              },
            ]}
          />
        </div>
      )}
      <FormDrawer<Values>
        open={adding}
        width={560}
        title={s.addKey}
        values={{ days: 365, grants: {} }}
        close={() => setAdding(false)}
        save={async ({ name, days, grants }) => {
          const expiresAt = days === 0 ? null : new Date(Date.now() + days * 86_400_000)
          const { token } = await call(apiKeys.add, { body: { name, grants, expiresAt } })
          await queryClient.invalidateQueries({ queryKey: ['api-keys'] })
          setMade(token)
        }}
      >
        <Form.Item name="name" label={s.keyName} extra={s.keyNameHint} rules={[{ required: true, whitespace: true, message: w.required }]}>
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item name="days" label={s.expires}>
          <Select style={{ width: 160 }} options={[30, 90, 365, 0].map(n => ({ value: n, label: n === 0 ? s.never : s.days(n) }))} />
        </Form.Item>
        <GrantsField />
      </FormDrawer>
      <Modal
        open={made !== null}
        title={s.keyMade}
        onCancel={() => setMade(null)}
        footer={<Button onClick={() => setMade(null)}>{s.done}</Button>}
        mask={{ closable: false }}
      >
        {made && <Once text={made} hint={s.bearer} />}
      </Modal>
      <Modal
        open={ending !== null}
        title={s.revoke}
        okText={s.revoke}
        cancelText={s.cancel}
        okButtonProps={{ danger: true }}
        onCancel={() => setEnding(null)}
        onOk={async () => {
          if (ending) await revoke({ id: ending.id })
          setEnding(null)
        }}
      >
        {ending && s.revokeAsk(ending.name)}
      </Modal>
    </div>
  )
}

function stateOf(key: ApiKey): { word: string; tone?: 'ok' | 'wa' } {
  if (key.revokedAt) return { word: s.keyRevoked }
  if (key.makerRetired) return { word: s.keyStopped, tone: 'wa' }
  return key.expiresAt && key.expiresAt.getTime() < Date.now() ? { word: s.keyOver, tone: 'wa' } : { word: s.keyLive, tone: 'ok' }
}
