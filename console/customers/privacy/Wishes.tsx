import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { ConsentChannel, ConsentPurpose, type ConsentWord, consentStanding, reaching } from '#contract/outgoing.ts'
import { useMay } from '../../app/me.ts'
import { Beside } from '../../kit/Beside.tsx'
import { useAct, useFetch } from '../../kit/data.ts'
import { IconHistory } from '../../kit/icons.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { day, full } from '../../kit/time.ts'
import './wishes.css'
import { WhyButton } from '../../kit/WhyButton.tsx'
import { x } from './wishes.words.ts'

const AloneForm = lazy(() => import('./AloneForm.tsx'))
const WishDrawer = lazy(() => import('./WishDrawer.tsx'))

export type Cell = { purpose: ConsentPurpose; channel: ConsentChannel }
const tones = { given: 'ok', declined: 'ba', expired: '' } as const

/** What the customer agreed to, by purpose and channel, with the history behind each; and whether to leave them alone. */
export function Wishes({ customerId }: { customerId: string }) {
  const may = useMay()
  const [open, setOpen] = useState<Cell | 'all' | null>(null)
  const { data, error, refetch } = useFetch(reaching.read, { id: customerId }, { keep: false })
  const disturb = useAct(reaching.disturb, { also: ['left-alone'] })
  const writes = may('customer:write')
  const word = ({ purpose, channel }: Cell) => data?.consents.find(c => c.purpose === purpose && c.channel === channel)
  return (
    <section className="card" aria-label={x.reach}>
      <header>
        <h3>{x.reach}</h3>
        <Button
          className="end"
          type="text"
          size="small"
          icon={<IconHistory size={16} stroke={1.75} />}
          aria-label={`${x.reach} ${x.history}`}
          title={x.history}
          onClick={() => setOpen('all')}
        />
      </header>
      <div className="body col" style={{ gap: 8 }}>
        {error && <Failure error={error} retry={() => void refetch()} />}
        {!data && !error && <Waiting rows={3} />}
        {data && (
          <>
            <div className="row wrap">
              {data.undisturbed ? (
                <>
                  <span className="tag ba">{x.alone}</span>
                  <span className="t3 f12 grow" title={data.undisturbed.reason}>
                    {data.undisturbed.until ? x.aloneUntil(day(data.undisturbed.until)) : x.aloneSince(day(data.undisturbed.since))}{' '}
                    {data.undisturbed.byName} {data.undisturbed.reason}
                  </span>
                </>
              ) : (
                <span className="t2 grow">{data.listed.phone || data.listed.email ? '' : x.notAlone}</span>
              )}
              {writes &&
                (data.undisturbed ? (
                  <WhyButton
                    key="lift"
                    label={x.lift}
                    title={x.liftWhy}
                    act={reason => disturb.act({ id: customerId, body: { on: false, until: null, reason } })}
                    acting={disturb.acting}
                    button={{ size: 'small' }}
                  />
                ) : (
                  <Beside key="alone" title={x.setAlone} ask={close => <AloneForm customerId={customerId} close={close} />}>
                    <Button size="small">{x.setAlone}</Button>
                  </Beside>
                ))}
            </div>
            {(['phone', 'email'] as const).map(way => {
              const listed = data.listed[way]
              return (
                listed && (
                  <div key={way} className="row wrap">
                    <span className="tag ba">{way === 'phone' ? x.listedPhone : x.listedEmail}</span>
                    {listed.until && <span className="t3 f12">{x.aloneUntil(day(listed.until))}</span>}
                  </div>
                )
              )
            })}
            <table className="wishes">
              <caption className="sr">{x.table}</caption>
              <thead>
                <tr>
                  <td />
                  {ConsentChannel.options.map(channel => (
                    <th key={channel} scope="col">
                      {x[channel]}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {ConsentPurpose.options.map(purpose => (
                  <tr key={purpose}>
                    <th scope="row">{x[purpose]}</th>
                    {ConsentChannel.options.map(channel => (
                      <td key={channel}>
                        <Standing cell={{ purpose, channel }} word={word({ purpose, channel })} open={setOpen} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
            <span className="t3 f12">{x.needsYes}</span>
          </>
        )}
      </div>
      {open && (
        <Suspense>
          <WishDrawer customerId={customerId} cell={open === 'all' ? null : open} writes={writes} close={() => setOpen(null)} />
        </Suspense>
      )}
    </section>
  )
}

function Standing({ cell, word, open }: { cell: Cell; word: ConsentWord | undefined; open: (cell: Cell) => void }) {
  const stands = word && consentStanding(word, new Date())
  const long = { given: x.givenLong, declined: x.declinedLong, expired: x.expiredLong }
  const said = stands ? long[stands] : x.notSaid
  return (
    <button
      type="button"
      aria-label={`${x[cell.purpose]} ${x[cell.channel]} ${said}`}
      title={word ? `${said} ${full(word.at)} ${word.byName} ${word.wording}` : said}
      onClick={() => open(cell)}
    >
      {stands ? <span className={`tag ${tones[stands]}`}>{x[stands]}</span> : <span className="t3">–</span>}
    </button>
  )
}
