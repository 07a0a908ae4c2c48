import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { hears, openHeadset, wearHeadset } from './headset.ts'

test('a browser says its tone through everything a telephone does to a microphone, and what a page hears is measured', async () => {
  const server = createServer((_, answer) => void answer.setHeader('content-type', 'text/html').end('<p>'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const { browser, close } = await openHeadset(620)
  try {
    const context = await browser.newContext()
    await wearHeadset(context)
    const page = await context.newPage()
    await page.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`)
    // Its own telephone at both ends.
    await page.evaluate(async () => {
      const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()]
      one.onicecandidate = ({ candidate }) => void (candidate && other.addIceCandidate(candidate))
      other.onicecandidate = ({ candidate }) => void (candidate && one.addIceCandidate(candidate))
      const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
      const microphone = await navigator.mediaDevices.getUserMedia({ audio })
      for (const track of microphone.getTracks()) one.addTrack(track, microphone)
      const ear = document.body.appendChild(new Audio())
      other.ontrack = ({ streams }) => {
        ear.srcObject = streams[0] ?? null
        void ear.play()
      }
      await one.setLocalDescription(await one.createOffer())
      if (one.localDescription) await other.setRemoteDescription(one.localDescription)
      await other.setLocalDescription(await other.createAnswer())
      if (other.localDescription) await one.setRemoteDescription(other.localDescription)
    })
    await expect.poll(() => hears(page, 620)).toBeGreaterThan(0.5)
    expect(await hears(page, 1_000)).toBe(0)
  } finally {
    await close()
    server.close()
  }
})
