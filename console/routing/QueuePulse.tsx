export default function QueuePulse() {
  return null
}
