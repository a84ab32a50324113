// All families in order of precedence: where two read the same text, the first one keeps it.
import { arduinoTls, arduinoUpdate } from './arduino';
import { axtls } from './axtls';
import { bearssl } from './bearssl';
import { bootErrors } from './bootErrors';
import { dns, errno } from './errno';
import { espErr } from './espErr';
import { httpclient } from './httpclient';
import { mbedtls } from './mbedtls';
import { mbedtlsText } from './mbedtlsText';
import { mqtt, mqtt5 } from './mqtt';
import { openssl } from './openssl';
import { panic } from './panic';
import { psa } from './psa';
import { pubsubclientState } from './pubsubclient';
import type { Recognizer } from './recognizer';
import { reset } from './reset';
import { tlsAlert } from './tlsAlert';
import { wifi } from './wifi';
import { x509Flags } from './x509Flags';

export const families: readonly Recognizer[] = [
  psa,
  arduinoTls,
  axtls,
  mbedtls,
  mbedtlsText,
  x509Flags,
  tlsAlert,
  bearssl,
  openssl,
  dns,
  errno,
  espErr,
  mqtt,
  mqtt5,
  pubsubclientState,
  httpclient,
  wifi,
  panic,
  reset,
  bootErrors,
  arduinoUpdate,
];
