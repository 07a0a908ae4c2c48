import { w } from './words.ts'

/** A word goes out, the answer comes back: rings around a bubble. */
export function Left() {
  const rings = [61, 92, 123, 154]
  return (
    <section className="left" aria-hidden="true">
      <svg aria-hidden="true" className="rings" viewBox="0 0 360 400" preserveAspectRatio="xMidYMid slice" fill="none">
        {rings.map((half, i) => (
          <rect
            key={half}
            x={180 - half}
            y={200 - half}
            width={half * 2}
            height={half * 2}
            rx={half * 0.34}
            stroke="#fff"
            strokeWidth=".5"
            opacity={0.5 - i * 0.11}
          />
        ))}
        <path
          d="M161 170h38a11 11 0 0 1 11 11v34a11 11 0 0 1-11 11h-19l-11.4 9.4c-1.8 1.5-4.5.2-4.5-2.1v-7.300h-3.100a11 11 0 0 1-11-11v-34a11 11 0 0 1 11-11z"
          fill="#f3f5ff"
        />
      </svg>
      <div className="name">
        <img src="/favicon.svg" width={36} height={36} alt="" />
        <b>回音 Huiyin</b>
      </div>
      <div className="slogan">
        {w.slogan1}
        <br />
        {w.slogan2}
      </div>
    </section>
  )
}
