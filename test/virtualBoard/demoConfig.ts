// What a demo firmware image carries: where to connect, and with which certificates. Kept in the image behind a marker.

export const FIRMWARE_MARKER = 'SECURE-IOT-VIRTUAL-FIRMWARE:';

export interface DemoConfig {
  readonly host: string;
  readonly port: number;
  readonly deviceId: string;
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly insecure: boolean;
  readonly platform: 'esp-idf' | 'arduino-esp32';
  /** CA, certificate and key are not in the image but in this namespace of NVS. */
  readonly nvsNamespace?: string;
  /** Where telemetry goes; `devices/<deviceId>/telemetry` without it. */
  readonly topic?: string;
}

export function telemetryTopic(config: DemoConfig): string {
  return config.topic ?? `devices/${config.deviceId}/telemetry`;
}

/** Marker, JSON and a closing NUL. */
export function encodeDemoConfig(config: DemoConfig): Uint8Array {
  return new TextEncoder().encode(`${FIRMWARE_MARKER}${JSON.stringify(config)}\0`);
}

/** The configuration in a segment of an image, or undefined for any other firmware. */
export function findDemoConfig(bytes: Uint8Array): DemoConfig | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = buffer.indexOf(FIRMWARE_MARKER);
  if (at < 0) return undefined;
  const end = buffer.indexOf(0, at);
  return JSON.parse(buffer.toString('utf8', at + FIRMWARE_MARKER.length, end < 0 ? undefined : end)) as DemoConfig;
}
