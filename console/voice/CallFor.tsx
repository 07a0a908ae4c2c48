import { Button } from 'antd'
import { CallPurpose, ConsentPurpose } from '#contract/consent.ts'
import { reaching } from '#contract/outgoing.ts'
import { useFetch } from '../kit/data.ts'
import { w } from './words.ts'

type Props = { customerId: string | undefined; asksPeace: boolean; acting: boolean; choose: (purpose: CallPurpose) => void }

/** What a call is for; what the customer does not want to be called for stands there with why. */
export default function CallFor({ customerId, asksPeace, acting, choose }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a set of choices, not of fields
    <div role="group" aria-label={w.whatFor} className="callfor col">
      <span className="t2">{asksPeace ? w.asksPeace : w.whatFor}</span>
      {CallPurpose.options.map(purpose => {
        const consented = ConsentPurpose.safeParse(purpose).data
        return consented && customerId ? (
          <Consented key={purpose} customerId={customerId} purpose={consented} acting={acting} choose={choose} />
        ) : (
          <Button key={purpose} autoFocus={purpose === 'service'} disabled={acting} onClick={() => choose(purpose)}>
            {w[`for_${purpose}`]}
          </Button>
        )
      })}
    </div>
  )
}

function Consented({ customerId, purpose, acting, choose }: Omit<Props, 'asksPeace'> & { customerId: string; purpose: ConsentPurpose }) {
  const { data } = useFetch(reaching.mayCall, { id: customerId, query: { purpose } }, { keep: false })
  return (
    <Button disabled={acting || !data?.may} onClick={() => choose(purpose)}>
      {w[`for_${purpose}`]}
      {data?.reason && <span className="t3 f12">{w[`why_${data.reason}`]}</span>}
    </Button>
  )
}
