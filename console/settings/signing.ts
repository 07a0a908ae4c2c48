/** How a site signs its customer, in the languages of its servers. The same text as the server checks: base64url(JSON) "." base64url(HMAC-SHA256). */
export const signing = {
  'Node.js': `import { createHmac } from 'node:crypto'

const customer = { number: user.number, name: user.name, exp: Math.floor(Date.now() / 1000) + 300 }
const text = Buffer.from(JSON.stringify(customer)).toString('base64url')
const signed = text + '.' + createHmac('sha256', process.env.HUIYIN_SECRET).update(text).digest('base64url')`,
  Java: `String json = new ObjectMapper().writeValueAsString(Map.of(
    "number", user.number(), "name", user.name(), "exp", Instant.now().getEpochSecond() + 300));
Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
String text = base64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
Mac mac = Mac.getInstance("HmacSHA256");
mac.init(new SecretKeySpec(System.getenv("HUIYIN_SECRET").getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
String signed = text + "." + base64.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));`,
  PHP: `$base64url = fn ($bytes) => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
$text = $base64url(json_encode(['number' => $user->number, 'name' => $user->name, 'exp' => time() + 300]));
$signed = $text . '.' . $base64url(hash_hmac('sha256', $text, getenv('HUIYIN_SECRET'), true));`,
} as const
export type Tongue = keyof typeof signing
export const tongues: readonly Tongue[] = ['Node.js', 'Java', 'PHP']

/** What the page does with it once the customer is signed in. */
export const identifyCode = 'huiyin.identify(signed)'
