// What a mosquitto configuration is made from.

export interface MosquittoRequest {
  readonly port: number;
  /** Folder of the certificates as mosquitto sees it, with / between its parts. */
  readonly certificates: string;
  /** Folder of the files that this makes, as mosquitto sees it. */
  readonly configuration: string;
  /** Name of the pair in broker/. */
  readonly broker: string;
  /** Who gets in: a client certificate of the CA (its CN is the user name), or a user name and a password. */
  readonly login: 'certificate' | 'password';
  /** Files in the certificates folder; a revocation list is used where there is one. */
  readonly revocationList?: string;
  /** User names that may read and write everything, for people and services. */
  readonly administrators: readonly string[];
  /** Where it will run: decides the installation steps, and `container` adds a compose file. */
  readonly target: MosquittoTarget;
  /** Also MQTT without TLS, for this machine only. It wants a user name and a password. */
  readonly plainPort?: number;
}

export type MosquittoTarget = 'here' | 'server' | 'container';

/** A password file is read by `login: password`, and for the plain listener, where nobody shows a certificate. */
export function needsPasswords({ login, plainPort }: Pick<MosquittoRequest, 'login' | 'plainPort'>): boolean {
  return login === 'password' || plainPort !== undefined;
}
