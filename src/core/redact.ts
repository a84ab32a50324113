// Takes secrets out of text that leaves the program: logs, bug reports, log files on request.

const PRIVATE_KEY = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+):[^\s@/]+@/gi;
const NAMED_SECRET =
  /(\b(?:wifi_?|mqtt_?|ap_?)?(?:pass(?:word|phrase|wd)?|pwd|psk|secret|token|api_?key)\b["']?\s*[:=]\s*)(["']?)([^\s"',;]+)\2/gi;

/**
 * Replaces private keys, passwords in URLs and values named like a secret by `<redacted>`.
 * What is no secret is returned unchanged.
 */
export function redact(text: string): string {
  return text
    .replace(PRIVATE_KEY, '<private key redacted>')
    .replace(URL_PASSWORD, '$1:<redacted>@')
    .replace(NAMED_SECRET, '$1$2<redacted>$2');
}
