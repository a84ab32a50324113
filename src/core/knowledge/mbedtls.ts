// What Mbed TLS codes mean on a board that connects to a broker: the ones that people meet.
import type { Entry } from './entry';
import { fullBundle, longerHandshake, longerNetworkTimeout, talkativeTls, wholeRecords } from './repairs';
import {
  ARDUINO_SSL,
  brokerClosed,
  diagnose,
  IDF_TLS,
  lowMemory,
  MBEDTLS_SSL_H,
  MBEDTLS_X509_H,
  memoryFixes,
  readBrokerLog,
} from './shared';

export const outOfMemory = (where: string): Entry => ({
  title: `The board ran out of memory${where && ` ${where}`}.`,
  causes: [
    {
      text: 'The free heap is too small, or in too many pieces, for the TLS buffers: ESP32 takes 16 kB for input and 4 kB for output by default and 40 to 60 kB in a handshake.',
      source: 'esp-idf components/mbedtls/Kconfig; arduino-esp32 issue #211',
      platforms: ['arduino-esp32', 'esp-idf'],
    },
    {
      text: 'A second TLS connection, Bluetooth, or a connection that was never stopped holds the memory.',
      source: 'meshtastic/firmware issue #6960; ESP32-audioI2S issue #912',
    },
  ],
  fixes: memoryFixes,
  sources: [MBEDTLS_SSL_H],
});

export const mbedtlsEntries: Readonly<Record<string, Entry>> = {
  MBEDTLS_ERR_X509_CERT_VERIFY_FAILED: {
    title: "The board refused the broker's certificate; it does not print why.",
    causes: [
      {
        text: 'The certificate is signed by another CA than the one in the firmware, or the broker leaves an intermediate certificate out.',
        source: 'arduino-esp32 issues #6060, #8384; esp-idf issue #12311',
        evidence: /not correctly signed by the trusted CA|BADCERT_NOT_TRUSTED|flags?\s*[:=]?\s*(?:0x)?0*8\b/i,
      },
      {
        text: 'The host name or IP address that the board connects to is not in the certificate. An IP address among the subject alternative names counts only from Mbed TLS 3.5.',
        source: 'mbedtls ChangeLog 3.5.0; esp-idf issue #9954; esp-mqtt issue #158',
        evidence: /Common Name \(CN\) does not match|BADCERT_CN_MISMATCH|does not match with the expected CN/i,
      },
      {
        text: 'The validity dates do not fit the clock of the board: this firmware checks them.',
        source: 'esp-idf components/mbedtls/Kconfig (MBEDTLS_HAVE_TIME_DATE is off unless set)',
        evidence: /validity (?:has expired|starts in the future)|BADCERT_(?:EXPIRED|FUTURE)/i,
        needsEvidence: true,
      },
      {
        text: 'The key or the signature of the certificate is of a kind this firmware refuses: RSA under 2048 bits, SHA-1, an unknown curve.',
        source: MBEDTLS_X509_H,
        evidence: /unacceptable key|unacceptable (?:hash|signature)|BADCERT_BAD_(?:KEY|MD|PK)/i,
      },
      {
        text: 'The CA in the firmware is damaged: a PEM text that lost its line breaks, or a String that went out of scope after setCACert().',
        source: 'arduino-esp32 NetworkClientSecure.cpp (setCACert keeps the pointer)',
        platforms: ['arduino-esp32'],
      },
      { ...lowMemory, text: `${lowMemory.text} It then shows as a failed verification.`, needsEvidence: true },
    ],
    fixes: [
      diagnose,
      {
        text: 'Put the CA that signed the certificate of the broker into the firmware (the root, not the certificate of the broker itself).',
        command: 'secureIot.generateCertificates',
      },
      {
        text: 'Connect by a name that stands in the certificate, or issue one with that name or IP address.',
      },
      talkativeTls,
    ],
    sources: [MBEDTLS_X509_H, ARDUINO_SSL, IDF_TLS],
  },
  MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE: {
    title: 'The broker sent a fatal TLS alert: it refused this board.',
    causes: [
      {
        text: 'Here the board is the server: a browser or client refused its certificate, as it does with every self-signed one until the user allows it.',
        source: 'esp-idf components/esp_https_server/src/https_server.c; esp-idf issue #15423',
        evidence: /esp_https_server|httpd_accept_conn/,
        needsEvidence: true,
      },
      {
        text: 'The broker wants a client certificate and the board sent none.',
        source: 'mosquitto.conf(5) require_certificate; aws-iot-device-sdk-embedded-C issue #1898',
        evidence: /client cert|certificate_required|setInsecure|peer did not return a certificate|no client cert/i,
      },
      {
        text: 'setInsecure() also drops the client certificate: ssl_client loads the pair only when the connection is verified.',
        source: ARDUINO_SSL,
        platforms: ['arduino-esp32'],
        evidence: /insecure/i,
      },
      {
        text: "The broker does not trust the CA that signed the board's certificate.",
        source: 'RFC 5246 section 7.2.2 (unknown_ca)',
        evidence: /unknown.?ca|\bmsg 48\b|alert number 48|message=48/i,
      },
      {
        text: 'The two have no protocol version or cipher suite in common.',
        source: 'RFC 5246 section 7.2.2 (handshake_failure, protocol_version)',
        evidence: /\bmsg (?:40|70|71)\b|alert number (?:40|70|71)|wrong version|no shared cipher/i,
      },
      {
        text: 'The name in SNI is unknown to the broker.',
        source: 'RFC 6066 section 3 (unrecognized_name)',
        evidence: /\bmsg 112\b|unrecognized.?name/i,
        needsEvidence: true,
      },
    ],
    fixes: [
      diagnose,
      readBrokerLog,
      {
        text: 'Give the board its certificate and key: client.setCertificate() and client.setPrivateKey(), and setCACert() instead of setInsecure().',
        platforms: ['arduino-esp32'],
      },
      {
        text: 'Give the board its certificate and key: credentials.authentication.certificate and .key of esp_mqtt_client_config_t.',
        platforms: ['esp-idf'],
      },
    ],
    sources: [MBEDTLS_SSL_H],
  },
  MBEDTLS_ERR_SSL_CONN_EOF: {
    title: 'The other side closed the connection in the middle of the TLS handshake or record.',
    causes: [
      {
        text: 'The port does not speak TLS: 1883 is plain MQTT, 8883 is TLS.',
        source: 'pcbreflux/espressif issue #18',
        evidence: /:1883\b|port[ :=]+1883|:80\b/,
      },
      {
        text: 'The broker refused in silence: it wants a client certificate, another protocol version, or has reached its connection limit.',
        source: 'esp-idf issue #5374',
      },
      brokerClosed,
    ],
    fixes: [diagnose, readBrokerLog, { text: 'Check the port: TLS brokers listen on 8883 as a rule.' }],
    sources: [MBEDTLS_SSL_H],
  },
  MBEDTLS_ERR_SSL_INVALID_RECORD: {
    title: 'What arrived is not a TLS record: the two sides do not speak the same protocol.',
    causes: [
      {
        text: 'The port answers in plain text (an MQTT or HTTP port without TLS).',
        source: '78/xiaozhi-esp32 issue #7; esp-faq mbedtls.rst',
        evidence: /\bws:\/\/|:(?:80|1883|8080|8090)\b|mqtt:\/\//,
      },
      {
        text: 'A record larger than the input buffer of the board (CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN).',
        source: 'esp-idf components/mbedtls/Kconfig',
        platforms: ['esp-idf', 'arduino-esp32'],
      },
      {
        ...lowMemory,
        text: 'Two tasks used one client at a time, or memory was damaged: the stream of records is out of step.',
        source: 'arduino-esp32 issue #7511',
      },
    ],
    fixes: [diagnose, { text: 'Check the port and the scheme: mqtts:// and 8883 for TLS.' }, wholeRecords],
    sources: [MBEDTLS_SSL_H],
  },
  MBEDTLS_ERR_SSL_ALLOC_FAILED: outOfMemory('while it set up TLS'),
  MBEDTLS_ERR_X509_ALLOC_FAILED: outOfMemory('while it read a certificate'),
  MBEDTLS_ERR_MPI_ALLOC_FAILED: outOfMemory('in the arithmetic of the key exchange'),
  MBEDTLS_ERR_PK_ALLOC_FAILED: outOfMemory('while it read a key'),
  MBEDTLS_ERR_ECP_ALLOC_FAILED: outOfMemory('in the key exchange'),
  MBEDTLS_ERR_ASN1_ALLOC_FAILED: outOfMemory('while it read a certificate'),
  MBEDTLS_ERR_PEM_ALLOC_FAILED: outOfMemory('while it read a PEM text'),
  MBEDTLS_ERR_NET_RECV_FAILED: {
    title: 'Reading from the socket failed: the connection is gone.',
    causes: [
      {
        text: 'The broker, the router or the Wi-Fi dropped the connection while the board waited for data.',
        source: 'FastBot2 issue #14; arduinoWebSockets issue #705',
        evidence: /disconnect|beacon|errno: ?(?:104|113|128)/i,
      },
      {
        text: 'The keep-alive passed without a packet, so the broker closed the connection.',
        source: 'esp-aws-iot issue #193',
      },
    ],
    fixes: [
      { text: 'Reconnect with a growing pause; look at the Wi-Fi signal and at the keep-alive of the client.' },
      readBrokerLog,
    ],
    sources: ['mbedtls include/mbedtls/net_sockets.h'],
  },
  MBEDTLS_ERR_NET_SEND_FAILED: {
    title: 'Writing to the socket failed: the connection is gone or its buffers are full.',
    causes: [
      {
        text: 'The peer closed the connection, or lwIP had no buffer left for a large message.',
        source: 'ESP8266_RTOS_SDK issue #886; mbedtls include/mbedtls/net_sockets.h',
      },
    ],
    fixes: [{ text: 'Reconnect with a growing pause, and send smaller messages.' }, readBrokerLog],
    sources: ['mbedtls include/mbedtls/net_sockets.h'],
  },
  MBEDTLS_ERR_NET_CONN_RESET: {
    title: 'The peer reset the connection.',
    causes: [
      {
        text: 'The broker process refused the handshake or restarted, or nothing listens for TLS on that port.',
        source: 'esp-idf issue #5374',
      },
    ],
    fixes: [diagnose, readBrokerLog],
    sources: ['mbedtls include/mbedtls/net_sockets.h'],
  },
  MBEDTLS_ERR_NET_CONNECT_FAILED: {
    title: 'The TCP connection could not be opened: TLS never started.',
    causes: [
      {
        text: 'Wrong address or port, a firewall, a broker that is down, or one that listens on localhost only.',
        source: 'mbedtls include/mbedtls/net_sockets.h',
      },
    ],
    fixes: [{ text: 'From a computer in the same network: openssl s_client -connect HOST:8883' }, diagnose],
    sources: ['mbedtls include/mbedtls/net_sockets.h'],
  },
  MBEDTLS_ERR_NET_UNKNOWN_HOST: {
    title: 'The name of the broker could not be resolved.',
    causes: [
      {
        text: 'A typing error in the name, no DNS server yet, or a .local name (mDNS is no DNS).',
        source: 'mbedtls include/mbedtls/net_sockets.h',
      },
    ],
    fixes: [{ text: 'Connect only after an IP address was got; test the name with nslookup in the same network.' }],
    sources: ['mbedtls include/mbedtls/net_sockets.h'],
  },
  MBEDTLS_ERR_SSL_TIMEOUT: {
    title: 'The broker did not answer in time.',
    causes: [
      {
        text: 'A slow link (GSM), or a handshake that takes the board longer than its timeout.',
        source: 'esp-idf components/esp-tls/esp_tls_mbedtls.c; esp-faq mbedtls.rst',
      },
      { text: 'The port takes TCP connections but never speaks TLS.', source: MBEDTLS_SSL_H },
    ],
    fixes: [longerHandshake, longerNetworkTimeout, diagnose],
    sources: [MBEDTLS_SSL_H],
  },
  MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY: {
    title: 'The broker ended the TLS session in good order.',
    causes: [
      {
        text: 'It closed an idle or unwanted connection: keep-alive passed, the same client id connected again, or the login was refused.',
        source: MBEDTLS_SSL_H,
      },
    ],
    fixes: [readBrokerLog, { text: 'Give each board its own client id.' }],
    sources: [MBEDTLS_SSL_H],
  },
  MBEDTLS_ERR_SSL_CA_CHAIN_REQUIRED: {
    title: 'The board has no CA certificate to check the broker with.',
    causes: [
      {
        text: 'setCACert() was never called, was called on another client, or was given an empty text.',
        source: ARDUINO_SSL,
        platforms: ['arduino-esp32'],
      },
      {
        text: 'Neither a CA certificate nor the certificate bundle is set in the configuration.',
        source: IDF_TLS,
        platforms: ['esp-idf'],
      },
    ],
    fixes: [
      { text: 'Call client.setCACert(ROOT_CA) before connect().', platforms: ['arduino-esp32'] },
      { text: 'Set broker.verification.certificate (or crt_bundle_attach).', platforms: ['esp-idf'] },
    ],
    sources: [MBEDTLS_SSL_H],
  },
  MBEDTLS_ERR_X509_INVALID_FORMAT: {
    title: 'A certificate in the firmware cannot be read.',
    causes: [
      {
        text: 'The PEM text is damaged: line breaks lost, BEGIN or END line missing, or a String that no longer exists.',
        source: 'esp32FOTA issue #78',
      },
      {
        text: 'Not NUL-terminated, or its length without the NUL: Mbed TLS then takes PEM for DER.',
        source: 'mbedtls include/mbedtls/x509_crt.h (mbedtls_x509_crt_parse)',
      },
    ],
    fixes: [
      {
        text: 'Use a raw string literal (R"PEM(…)PEM") so that no line break is lost; New Secure Sketch writes one.',
        command: 'secureIot.newSketch',
      },
      { text: 'Check the text: openssl x509 -in FILE -noout -text' },
    ],
    sources: [MBEDTLS_X509_H],
  },
  MBEDTLS_ERR_X509_FATAL_ERROR: {
    title: 'Checking the chain stopped: it is too long, or the verify callback refused it.',
    causes: [
      {
        text: 'The certificate bundle has no root for this broker.',
        source: 'arduino-esp32 issue #8626; esp-idf components/mbedtls/esp_crt_bundle/esp_crt_bundle.c',
        evidence: /esp_crt_bundle|esp-x509-crt-bundle|No matching trusted root/i,
      },
      {
        text: 'More intermediate certificates than MBEDTLS_X509_MAX_INTERMEDIATE_CA (8).',
        source: 'mbedtls include/mbedtls/x509_crt.h',
      },
    ],
    fixes: [
      { text: 'Add the root CA of this broker to the bundle, or set it as the CA certificate.' },
      fullBundle,
      diagnose,
    ],
    sources: [MBEDTLS_X509_H],
  },
  MBEDTLS_ERR_SSL_NO_USABLE_CIPHERSUITE: noCommonSuite(),
  MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE: noCommonSuite(),
  MBEDTLS_ERR_PK_KEY_INVALID_FORMAT: badKey('The private key cannot be read.'),
  MBEDTLS_ERR_PK_PASSWORD_REQUIRED: badKey('The private key is encrypted and no password was given.'),
  MBEDTLS_ERR_PK_PASSWORD_MISMATCH: badKey('The password does not open the private key.'),
  MBEDTLS_ERR_PKCS12_FEATURE_UNAVAILABLE: badKey(
    'The private key is encrypted in a way this firmware cannot read (PKCS#12).',
  ),
  MBEDTLS_ERR_PEM_NO_HEADER_FOOTER_PRESENT: {
    title: 'The text holds no PEM block.',
    causes: [
      {
        text: 'BEGIN or END line missing, or DER given where PEM is expected.',
        source: 'mbedtls include/mbedtls/pem.h',
      },
    ],
    fixes: [{ text: 'Copy the whole block, with both lines of dashes.' }],
    sources: ['mbedtls include/mbedtls/pem.h'],
  },
};

function noCommonSuite(): Entry {
  return {
    title: 'Board and broker found no protocol version, cipher suite or key type in common.',
    causes: [
      {
        text: 'The broker allows TLS 1.3 only and the firmware is built for 1.2, or the reverse.',
        source: MBEDTLS_SSL_H,
      },
      {
        text: 'The certificate of the broker has a key type that the firmware left out (RSA or ECDSA).',
        source: 'esp-idf components/mbedtls/Kconfig',
      },
    ],
    fixes: [diagnose, { text: 'See what the broker offers: openssl s_client -connect HOST:8883 -tls1_2' }],
    sources: [MBEDTLS_SSL_H],
  };
}

function badKey(title: string): Entry {
  return {
    title,
    causes: [
      {
        text: 'The key is encrypted, damaged, or of a type that this firmware does not support.',
        source: 'mbedtls include/mbedtls/pk.h; esp-idf issue #6465',
      },
    ],
    fixes: [
      { text: 'Check the key: openssl pkey -in FILE -noout -text' },
      {
        text: 'Issue a new ECDSA P-256 key for the board, without a password.',
        command: 'secureIot.generateCertificates',
      },
    ],
    sources: ['mbedtls include/mbedtls/pk.h'],
  };
}
