// Causes, fixes and sources that several codes share.
import type { CauseRule, FixRule } from './entry';
import { bufferInPsram, dynamicBuffer } from './repairs';

export const ARDUINO_SSL = 'arduino-esp32 libraries/NetworkClientSecure/src/ssl_client.cpp';
export const IDF_TLS = 'esp-idf components/esp-tls/esp_tls_mbedtls.c';
export const MBEDTLS_SSL_H = 'mbedtls include/mbedtls/ssl.h';
export const MBEDTLS_X509_H = 'mbedtls include/mbedtls/x509.h';

/** Lines that say the heap is short. */
export const LOW_MEMORY =
  /low heap|out of memory|alloc(?:ation)? fail|no_mem|not enough (?:memory|heap)|mem alloc fail|std::bad_alloc/i;

export const diagnose: FixRule = {
  text: "Run Diagnose Connection: it replays the handshake with this board's own certificates and names the cause.",
  command: 'secureIot.diagnoseConnection',
};

export const lowMemory: CauseRule = {
  text: 'The heap ran out: a TLS handshake needs 40 to 60 kB on an ESP32, most of it in one piece.',
  source: 'mbedtls issue #663; esp-idf issues #4594, #13424',
  evidence: LOW_MEMORY,
};

export const memoryFixes: readonly FixRule[] = [
  {
    text: 'Print the largest free block before connecting (ESP.getMaxAllocHeap(), heap_caps_get_largest_free_block()); keep at least 50 kB for the handshake.',
    platforms: ['arduino-esp32', 'esp-idf'],
  },
  {
    text: 'Keep one TLS connection at a time, connect before other big allocations, and stop() a client before it connects again.',
  },
  dynamicBuffer,
  bufferInPsram,
  {
    text: 'Use setBufferSizes() with what the broker can do (probeMaxFragmentLength()); free RAM before connect: BearSSL needs about 22 kB of heap and 6 kB of stack for a connection.',
    platforms: ['esp8266'],
  },
];

export const brokerClosed: CauseRule = {
  text: 'The broker, or something between, closed the TCP connection: its own log names the reason.',
  source: MBEDTLS_SSL_H,
};

export const readBrokerLog: FixRule = {
  text: "Read the broker's log for the same second: only the side that refuses knows why.",
};
