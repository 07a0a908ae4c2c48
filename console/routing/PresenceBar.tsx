export default function PresenceBar() {
  return null
}
