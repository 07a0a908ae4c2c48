export default function Ringing() {
  return null
}
