// Does a project speak MQTT without TLS? Where no word of its sources belongs to TLS and one is a plain client.
import { cppTokens } from './cppTokens';
import type { SourceFile, SourceRange } from './sourceSymbols';

/** Clients and calls of the TLS libraries that Arduino and ESP-IDF projects use. */
const TLS =
  /^(\w*Client_?Secure\w*|\w*SSL_?Client\w*|BearSSL|X509List|setCACert\w*|setTrustAnchors|setInsecure|setFingerprint|setPreSharedKey|setSecure|setCertificate\w*|esp_tls\w*|esp_transport_ssl\w*|\w*crt_bundle\w*|psk_hint_key|mbedtls_(?:ssl|x509)\w*|MQTT_TRANSPORT_OVER_(?:SSL|WSS)|connectSSL)$/;
const PLAIN = /^(WiFiClient|NetworkClient|EthernetClient|TinyGsmClient|MQTT_TRANSPORT_OVER_TCP)$/;
const TLS_URI = /^(mqtts|ssl|tls|wss):\/\//i;
const PLAIN_URI = /^(mqtt|tcp):\/\//i;

/** The plain client (or the `mqtt://` address), or undefined when anything in the sources speaks of TLS. */
export function plainClient(sources: readonly SourceFile[]): SourceRange | undefined {
  let found: SourceRange | undefined;
  for (const file of sources) {
    for (const token of cppTokens(file.text)) {
      const isWord = token.kind === 'word';
      const isText = token.kind === 'string';
      if ((isWord && TLS.test(token.text)) || (isText && TLS_URI.test(token.value))) return undefined;
      if (!found && ((isWord && PLAIN.test(token.text)) || (isText && PLAIN_URI.test(token.value)))) {
        const line = file.text.slice(0, token.start).split('\n').length;
        found = { file: file.path, start: token.start, end: token.end, line };
      }
    }
  }
  return found;
}
