import * as z from 'zod'

/** What we read of Asterisk's own description (rest-api/*.json of release 22); everything else passes unread. */
export const Channel = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  caller: z.object({ name: z.string(), number: z.string() }),
  dialplan: z.object({ exten: z.string(), app_name: z.string(), app_data: z.string() }).partial().optional(),
  channelvars: z.record(z.string(), z.string()).optional(),
})
export type Channel = z.output<typeof Channel>
export const Channels = z.array(Channel)
export const Bridge = z.object({ id: z.string(), channels: z.array(z.string()) })
export const Bridges = z.array(Bridge)
export const Info = z.object({ system: z.object({ version: z.string() }) })
export const Endpoints = z.array(
  z.object({ technology: z.string(), resource: z.string(), state: z.string().optional(), channel_ids: z.array(z.string()) }),
)
export const Modules = z.array(z.object({ name: z.string(), status: z.string() }))
export const Variable = z.object({ value: z.string() })

/** Seconds, and shares of packets, as the RTP engine counted them. */
export const RtpStatistics = z.object({
  txcount: z.number(),
  rxcount: z.number(),
  txploss: z.number(),
  rxploss: z.number(),
  rxjitter: z.number().optional(),
  txjitter: z.number().optional(),
  rtt: z.number().optional(),
})
export type RtpStatistics = z.output<typeof RtpStatistics>

const on = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), timestamp: z.string().optional(), ...shape })
const ended = { channel: Channel, cause: z.number().optional(), tech_cause: z.number().optional() }
export const AriEvent = z.discriminatedUnion('type', [
  on('StasisStart', { channel: Channel, args: z.array(z.string()) }),
  on('ChannelStateChange', { channel: Channel }),
  on('ChannelHangupRequest', ended),
  on('ChannelDestroyed', ended),
  on('ChannelDtmfReceived', { channel: Channel, digit: z.string() }),
  on('PlaybackFinished', { playback: z.object({ id: z.string(), target_uri: z.string(), state: z.string() }) }),
  on('RecordingFinished', {
    recording: z.object({ name: z.string(), duration: z.number().optional(), target_uri: z.string().optional() }),
  }),
  on('RecordingFailed', { recording: z.object({ name: z.string() }) }),
  on('ContactStatusChange', {
    endpoint: z.object({ resource: z.string() }),
    contact_info: z.object({ uri: z.string(), contact_status: z.string() }),
  }),
  on('ApplicationReplaced', {}),
])
export type AriEvent = z.output<typeof AriEvent>
/** Nothing else is sent over: ChannelVarset alone would be most of the traffic. */
export const wanted = AriEvent.options.map(o => o.shape.type.value)
