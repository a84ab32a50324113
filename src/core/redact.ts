// Takes secrets out of text that leaves the program: logs, bug reports, log files on request.

const PRIVATE_KEY = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+):[^\s@/]+@/gi;
/** In quotes a secret may have spaces. */
const NAMED_SECRET =
  /(\b(?:wifi_?|mqtt_?|ap_?)?(?:pass(?:word|phrase|wd)?|pwd|psk|secret|token|api_?key)\b["']?\s*[:=]\s*)(?:(["'])(.+?)\2|[^\s"',;]+)/gi;
const AUTHORIZATION = /(\bAuthorization:\s*(?:Basic|Bearer)\s+)[^\s"',;]+/gi;
/** Azure IoT Hub's password; `X-Amz-Signature` of a signed URL. */
const SIGNATURE = /(\b(?:sig|X-Amz-Signature|X-Amz-Security-Token)=)[^\s&"']+/gi;

/**
 * Replaces private keys, passwords in URLs, credentials of HTTP and values named like a secret by `<redacted>`.
 * What is no secret is returned unchanged.
 */
export function redact(text: string): string {
  return text
    .replace(PRIVATE_KEY, '<private key redacted>')
    .replace(URL_PASSWORD, '$1:<redacted>@')
    .replace(AUTHORIZATION, '$1<redacted>')
    .replace(SIGNATURE, '$1<redacted>')
    .replace(NAMED_SECRET, (_all, name: string, quote = '') => `${name}${quote}<redacted>${quote}`);
}
