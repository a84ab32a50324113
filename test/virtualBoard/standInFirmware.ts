// Stands in for the Mbed TLS program where that cannot be compiled: the same handshake by node:tls with the image's CA,
// certificate and key, and the log lines and codes of ESP-IDF or arduino-esp32 for what goes wrong. It says so.
import { connect as connectTcp, isIP } from 'node:net';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import { MqttClient } from 'mqtt';
import { telemetryTopic } from './demoConfig';
import type { Firmware, FirmwareOptions } from './firmware';
import { isDateError, type MbedtlsVerdict, mbedtlsVerdict } from './mbedtlsVerdict';

const RETRY_MS = 5000;
const TELEMETRY_MS = 2000;
const HANDSHAKE_DEADLINE_MS = 10_000;

export class StandInFirmware implements Firmware {
  readonly #startedAt = performance.now();
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #close: () => void = () => undefined;
  #count = 0;

  constructor(private readonly options: FirmwareOptions) {
    this.#info('main_task', 'Calling app_main()');
    this.#info('app', 'STAND-IN firmware: node:tls makes the handshake; codes are those of Mbed TLS for that failure');
    this.#info('wifi', 'connected to "virtual", IP address 192.168.4.2, RSSI -52');
    void this.#attempt();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#close();
  }

  async #attempt(): Promise<void> {
    if (this.#stopped) return;
    const { host, port } = this.options.config;
    this.#info('app', `Connecting to mqtts://${host}:${port}`);
    let tcpUp = false;
    try {
      const socket = await this.#handshake(() => {
        tcpUp = true;
      });
      await this.#session(socket);
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (!this.#stopped) this.#explain(code, message, tcpUp);
    }
    this.#close();
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#attempt(), RETRY_MS);
  }

  #handshake(tcpUp: () => void): Promise<TLSSocket> {
    const { host, port, ca, cert, key, insecure } = this.options.config;
    return new Promise((resolve, reject) => {
      const tcp = connectTcp({ host, port });
      tcp.once('connect', tcpUp);
      // Destroying the socket under a TLS socket inside its own event crashes Node 20; the TLS socket goes first, later.
      const fail = (error: Error) => {
        reject(error);
        setImmediate(() => tls.destroy());
      };
      // ESP-IDF's default is TLS 1.2; a client certificate is not sent when verification is off (setInsecure drops it).
      const tls = connectTls({
        socket: tcp,
        maxVersion: 'TLSv1.2',
        rejectUnauthorized: false,
        ...(isIP(host) ? {} : { servername: host }),
        ...(ca && !insecure ? { ca } : {}),
        ...(cert && key && !insecure ? { cert, key } : {}),
      });
      this.#close = () => tls.destroy();
      tls.setTimeout(HANDSHAKE_DEADLINE_MS, () => fail(new Error('timeout')));
      tls.once('error', fail);
      tcp.once('error', fail);
      tls.once('secureConnect', () => {
        tls.setTimeout(0);
        const refusal = insecure ? undefined : serverRefusal(tls, host);
        if (refusal) fail(refusal);
        else resolve(tls);
      });
    });
  }

  #session(socket: TLSSocket): Promise<void> {
    const { config } = this.options;
    return new Promise((resolve, reject) => {
      const client = new MqttClient(() => socket, {
        clientId: config.deviceId,
        reconnectPeriod: 0,
        protocolVersion: 4,
      });
      this.#close = () => client.end(true);
      client.once('connect', () => {
        this.#info('mqtt_client', `MQTT_EVENT_CONNECTED ${socket.getProtocol()} ${socket.getCipher().standardName}`);
        this.#publish(client);
      });
      client.once('error', reject);
      client.once('close', () => {
        if (!this.#stopped) this.#info('mqtt_client', 'MQTT_EVENT_DISCONNECTED');
        resolve();
      });
      socket.once('error', reject);
    });
  }

  #publish(client: MqttClient): void {
    if (this.#stopped || !client.connected) return;
    const n = this.#count++;
    const payload = {
      temperature: 21 + Math.round(Math.sin(n / 5) * 20) / 10,
      humidity: 45 + (n % 7),
      heap: 182_344,
      rssi: -52,
    };
    const topic = telemetryTopic(this.options.config);
    client.publish(topic, JSON.stringify({ ...payload, uptime: Math.round(this.#uptime() / 1000) }));
    this.#info('app', `Published ${topic}: temperature=${payload.temperature}`);
    this.#timer = setTimeout(() => this.#publish(client), TELEMETRY_MS);
  }

  #explain(code: string, message: string, tcpUp: boolean): void {
    const verdict = mbedtlsVerdict(code, message, tcpUp);
    if (!tcpUp) this.#refused(code);
    else if (verdict) this.#handshakeFailed(verdict);
    else this.#print(`stand-in: ${message} (no Mbed TLS code is known for ${code || 'this'})`);
  }

  #handshakeFailed({ code, text }: MbedtlsVerdict): void {
    if (this.options.config.platform === 'arduino-esp32') {
      this.#arduino('ssl_client.cpp:37', `_handle_error(): [start_ssl_client():273]: (-${code}) ${text}`);
      this.#arduino('WiFiClientSecure.cpp:144', `connect(): start_ssl_client: -${code}`);
      this.#print('MQTT connection failed, rc=-2, next try in 5 seconds');
    } else {
      this.#error(
        'esp-tls-mbedtls',
        `mbedtls_ssl_handshake returned -0x${code.toString(16).toUpperCase().padStart(4, '0')}`,
      );
      this.#transportFailed();
    }
  }

  /** lwIP answers a refused connection with ECONNRESET (104), an unknown name with EAI_FAIL (202). */
  #refused(code: string): void {
    const unknownName = code === 'ENOTFOUND' || code === 'EAI_AGAIN';
    const { host, platform } = this.options.config;
    if (platform === 'arduino-esp32') {
      if (unknownName) this.#arduino('NetworkManager.cpp:118', `hostByName(): DNS Failed for ${host}`);
      else this.#arduino('ssl_client.cpp:132', 'start_ssl_client(): Connect to Server failed!');
      this.#arduino('WiFiClientSecure.cpp:144', 'connect(): start_ssl_client: -1');
      this.#print('MQTT connection failed, rc=-2, next try in 5 seconds');
      return;
    }
    if (unknownName)
      this.#error('esp-tls', `couldn't get hostname for :${host}: getaddrinfo() returns 202, addrinfo=0x0`);
    else this.#error('esp-tls', '[sock=54] delayed connect error: Connection reset by peer');
    this.#transportFailed();
  }

  #transportFailed(): void {
    this.#error('esp-tls', 'Failed to open new connection');
    this.#error('transport_base', 'Failed to open a new connection');
    this.#error('mqtt_client', 'Error transport connect');
  }

  #arduino(place: string, text: string): void {
    this.#print(`[${String(this.#uptime()).padStart(6)}][E][${place}] ${text}`);
  }

  #error(tag: string, text: string): void {
    this.#print(`E (${this.#uptime()}) ${tag}: ${text}`);
  }

  #info(tag: string, text: string): void {
    this.#print(`I (${this.#uptime()}) ${tag}: ${text}`);
  }

  #print(line: string): void {
    if (!this.#stopped) this.options.print(`${line}\n`);
  }

  #uptime(): number {
    return 310 + Math.round(performance.now() - this.#startedAt);
  }
}

function serverRefusal(tls: TLSSocket, host: string): Error | undefined {
  const error = tls.authorizationError as unknown as { code?: string } | string | undefined;
  const code = typeof error === 'string' ? error : error?.code;
  if (!tls.authorized && code && !isDateError(code)) return Object.assign(new Error(code), { code });
  return checkServerIdentity(host, tls.getPeerCertificate());
}
