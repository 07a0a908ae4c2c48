import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Button, Input, Select } from 'antd'
import { Suspense, useEffect, useRef, useState } from 'react'
import { useMay, useMe } from '../app/me.ts'
import { Count } from '../app/Rail.tsx'
import '../identity/words.ts'
import { IconSearch } from '../kit/icons.ts'
import { Empty, Waiting } from '../kit/parts.tsx'
import '../messaging/words.ts'
import '../routing/words.ts'
import './settings.css'
import { sections } from './sections.ts'
import { w } from './words.ts'

/** The catalogue of settings at the left, the chosen one beside it; on a phone the catalogue is a list to choose from. */
export default function SettingsPage() {
  const given: Record<string, string | undefined> = useParams({ strict: false })
  const may = useMay()
  const me = useMe()
  const go = useNavigate()
  const [text, setText] = useState('')
  const nav = useRef<HTMLElement>(null)
  useEffect(() => {
    if (given.section && me) nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [given.section, me])
  if (!me) return <Waiting />
  const allowed = sections.filter(s => may(s.may))
  const found = allowed.filter(s => s.name().toLowerCase().includes(text.trim().toLowerCase()))
  const groups = [...new Set(found.map(s => s.group()))]
  const chosen = given.section === undefined ? allowed[0] : allowed.find(s => s.key === given.section)
  return (
    <div className="settings">
      <nav ref={nav} className="catalogue" aria-label={w.settings}>
        <Input
          value={text}
          onChange={e => setText(e.target.value)}
          prefix={<IconSearch size={16} />}
          placeholder={w.find}
          aria-label={w.find}
          allowClear
        />
        {groups.map(group => (
          <div key={group}>
            <h3>{group}</h3>
            {found
              .filter(s => s.group() === group)
              .map(s => (
                <Link key={s.key} to={`/settings/${s.key}`} {...(s === chosen ? { 'aria-current': 'page' as const } : {})}>
                  {s.name()}
                  {s.count && <Count of={s.count} />}
                </Link>
              ))}
          </div>
        ))}
        {found.length === 0 && <p className="t3 f12">{w.noneFound}</p>}
      </nav>
      <div className="choose">
        <Select
          value={chosen?.key ?? null}
          aria-label={w.settings}
          onChange={key => {
            void go({ to: `/settings/${key}` })
          }}
          options={[...new Set(allowed.map(s => s.group()))].map(group => ({
            label: group,
            title: group,
            options: allowed.filter(s => s.group() === group).map(s => ({ value: s.key, label: s.name() })),
          }))}
        />
      </div>
      <div className="setting">
        {chosen ? (
          <Suspense key={chosen.key} fallback={<Waiting rows={6} />}>
            <chosen.page />
          </Suspense>
        ) : (
          <Empty title={w.noneFound}>
            <Button
              onClick={() => {
                void go({ to: '/settings' })
              }}
            >
              {w.settings}
            </Button>
          </Empty>
        )}
      </div>
    </div>
  )
}
