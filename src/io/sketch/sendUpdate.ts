// Sends a signed update to a board over MQTT: offers it, hands over the pieces that the board asks for, hears the end.
import { UserError } from '../../core/errors';
import { type SignedUpdate, updatePiece } from '../../core/firmware/signedUpdate';
import type { ConnectFailure } from '../../core/mqtt/connectFailure';
import { MqttSession, type ReceivedMessage, type SessionOptions, type SessionState } from '../mqtt/mqttSession';

export interface SendUpdateOptions {
  readonly session: SessionOptions;
  readonly topicPrefix: string;
  readonly device: string;
  /** Bytes that the board has. */
  readonly onProgress?: (received: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** How long the board may say nothing; default 60 s. */
  readonly silenceMs?: number;
}

/** Resolves once the board restarts into the image. Throws UserError `update-refused`, `update-no-answer`, … */
export async function sendUpdate(update: SignedUpdate, options: SendUpdateOptions): Promise<void> {
  const transfer = new Transfer(update, options);
  try {
    await transfer.run();
  } finally {
    await transfer.close();
  }
}

class Transfer {
  private readonly session: MqttSession;
  private readonly base: string;
  private readonly outcome: Promise<void>;
  private resolve: () => void = () => {};
  private reject: (error: Error) => void = () => {};
  private silence: NodeJS.Timeout | undefined;

  constructor(
    private readonly update: SignedUpdate,
    private readonly options: SendUpdateOptions,
  ) {
    this.base = `${options.topicPrefix}/${options.device}`;
    this.session = new MqttSession(options.session, {
      onState: (state) => this.onState(state),
      onMessage: (message) => this.onMessage(message),
    });
    this.outcome = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.outcome.catch(() => {}); // run() awaits it; it may fail before
  }

  async run(): Promise<void> {
    const { signal } = this.options;
    const cancel = (): void => this.reject(new DOMException('cancelled', 'AbortError'));
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      signal?.throwIfAborted();
      this.heard();
      this.session.connect();
      await this.outcome;
    } finally {
      signal?.removeEventListener('abort', cancel);
      clearTimeout(this.silence);
    }
  }

  close(): Promise<void> {
    return this.session.disconnect();
  }

  private onState(state: SessionState): void {
    if (state.type === 'failed') this.reject(refusal(state.failure));
    if (state.type === 'connected') this.offer().catch(this.reject);
  }

  private async offer(): Promise<void> {
    for (const name of ['want', 'event']) {
      const answer = await this.session.subscribe(`${this.base}/${name}`, 1);
      if (answer.type === 'refused') {
        throw new UserError(
          'update-refused',
          `The broker does not let you read ${this.base}/${name}: ${answer.reason}.`,
        );
      }
    }
    await this.session.publish(`${this.base}/update/offer`, this.update.offer, { qos: 1 });
  }

  private onMessage({ topic, payload, retain }: ReceivedMessage): void {
    if (retain) return;
    const text = new TextDecoder().decode(payload);
    if (topic === `${this.base}/want`) this.sendPiece(text).catch(this.reject);
    if (topic !== `${this.base}/event`) return;
    this.heard();
    if (text.startsWith('update installed')) this.resolve();
    else if (/^update (refused|given up)/.test(text)) {
      this.reject(new UserError('update-refused', `${this.options.device} says: ${text}.`));
    }
  }

  private async sendPiece(wanted: string): Promise<void> {
    const offset = Number(wanted);
    const { image } = this.update;
    if (!Number.isInteger(offset) || offset < 0 || offset >= image.length) return;
    this.heard();
    this.options.onProgress?.(offset, image.length);
    await this.session.publish(`${this.base}/update/data`, updatePiece(image, offset), { qos: 1 });
  }

  private heard(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.reject(
        new UserError(
          'update-no-answer',
          `${this.options.device} says nothing on ${this.base}. Is it connected, and may this client write to ${this.base}/update/offer (access list of the broker)?`,
        ),
      );
    }, this.options.silenceMs ?? 60_000);
  }
}

function refusal(failure: ConnectFailure): UserError {
  return new UserError('broker-unreachable', failure.reason);
}
