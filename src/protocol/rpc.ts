// Requests, replies and events over a message channel. Both ends use this one class, with its type parameters swapped.
import { CancelledError, UserError } from '../core/errors';

interface Tagged {
  readonly type: string;
}

/** What one end can say: a union of requests with the result of each, and a union of events (which have no reply). */
export interface Side {
  readonly request: Tagged;
  /** Key: a request's `type`. */
  readonly results: object;
  readonly event: Tagged;
}

type ResultOf<S extends Side, T> = T extends keyof S['results'] ? S['results'][T] : never;

/** One handler for each request the other end can make. */
export type Handlers<S extends Side> = {
  readonly [T in S['request']['type']]: (
    request: Extract<S['request'], { readonly type: T }>,
  ) => ResultOf<S, T> | Promise<ResultOf<S, T>>;
};

/** An error as it crosses: a UserError keeps its words, anything else stays in the host's log. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly action?: { readonly title: string; readonly command: string };
}

type Envelope =
  | { readonly kind: 'request'; readonly id: number; readonly body: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly ok: false; readonly error: WireError }
  | { readonly kind: 'event'; readonly body: unknown };

/** A reply's error arm, as the asking end sees it. `CLOSED` is its code when the channel closed first. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  constructor(readonly wire: WireError) {
    super(wire.message);
  }
}

export const CLOSED = 'closed';

export interface RpcOptions<Theirs extends Side> {
  /** Sends one message; a structured clone or JSON of it arrives at the other end's `receive`. */
  readonly post: (message: unknown) => void;
  /** Proves what arrives; throws when it is not a request or an event of `Theirs`. */
  readonly parseRequest: (value: unknown) => Theirs['request'];
  readonly parseEvent: (value: unknown) => Theirs['event'];
  readonly handlers: Handlers<Theirs>;
  readonly onEvent: (event: Theirs['event']) => void;
  /** Called with what is our own mistake: a handler's unexpected error, or a message that does not parse. */
  readonly onBug: (error: unknown) => void;
}

export class Rpc<Mine extends Side, Theirs extends Side> {
  private readonly pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private nextId = 1;
  private closed = false;

  constructor(private readonly options: RpcOptions<Theirs>) {}

  /** Asks the other end. Rejects with a RemoteError: its own words, or `CLOSED` after `dispose`. */
  request<R extends Mine['request']>(request: R): Promise<ResultOf<Mine, R['type']>> {
    if (this.closed) return Promise.reject(closedError());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve: (value) => resolve(value as ResultOf<Mine, R['type']>), reject });
      this.post({ kind: 'request', id, body: request });
    });
  }

  tell(event: Mine['event']): void {
    if (!this.closed) this.post({ kind: 'event', body: event });
  }

  /** Takes one message from the channel. Never throws: what does not parse is refused and reported. */
  receive(message: unknown): void {
    if (this.closed) return;
    const envelope = readEnvelope(message);
    if (!envelope) this.options.onBug(new Error('a message without an envelope was ignored'));
    else if (envelope.kind === 'request') void this.answer(envelope.id, envelope.body);
    else if (envelope.kind === 'reply') this.settle(envelope);
    else this.deliver(envelope.body);
  }

  /** Rejects what is pending; nothing is sent or taken afterwards. */
  dispose(): void {
    this.closed = true;
    for (const { reject } of this.pending.values()) reject(closedError());
    this.pending.clear();
  }

  private async answer(id: number, body: unknown): Promise<void> {
    try {
      const request = this.options.parseRequest(body);
      const type: Theirs['request']['type'] = request.type;
      const handler = this.options.handlers[type] as (request: Theirs['request']) => unknown;
      const result = await handler(request);
      if (!this.closed) this.post({ kind: 'reply', id, ok: true, result });
    } catch (error) {
      if (!this.closed) this.post({ kind: 'reply', id, ok: false, error: this.toWire(error) });
    }
  }

  private settle(reply: Extract<Envelope, { kind: 'reply' }>): void {
    const waiting = this.pending.get(reply.id);
    this.pending.delete(reply.id);
    if (!waiting) this.options.onBug(new Error(`a reply to no request: ${reply.id}`));
    else if (reply.ok) waiting.resolve(reply.result);
    else waiting.reject(new RemoteError(reply.error));
  }

  private deliver(body: unknown): void {
    try {
      this.options.onEvent(this.options.parseEvent(body));
    } catch (error) {
      this.options.onBug(error);
    }
  }

  private toWire(error: unknown): WireError {
    if (error instanceof CancelledError) return { code: 'cancelled', message: error.message };
    if (error instanceof UserError) {
      const { code, message, action } = error;
      return {
        code,
        message,
        ...(action?.command ? { action: { title: action.title, command: action.command } } : {}),
      };
    }
    this.options.onBug(error);
    return { code: 'bug', message: 'This failed because of a bug in Secure IoT. The log has the details.' };
  }

  private post(envelope: Envelope): void {
    this.options.post(envelope);
  }
}

function closedError(): RemoteError {
  return new RemoteError({ code: CLOSED, message: 'The panel was closed.' });
}

function readEnvelope(message: unknown): Envelope | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined;
  const { kind } = message;
  if (kind === 'event' && 'body' in message) return { kind, body: message.body };
  if (!('id' in message) || typeof message.id !== 'number') return undefined;
  const { id } = message;
  if (kind === 'request' && 'body' in message) return { kind, id, body: message.body };
  if (kind !== 'reply' || !('ok' in message)) return undefined;
  if (message.ok === true) return { kind, id, ok: true, result: 'result' in message ? message.result : undefined };
  return { kind, id, ok: false, error: readError('error' in message ? message.error : undefined) };
}

function readError(value: unknown): WireError {
  const fields = typeof value === 'object' && value !== null ? value : {};
  const word = (key: string, otherwise: string, source: object = fields): string => {
    const found: unknown = Reflect.get(source, key);
    return typeof found === 'string' ? found : otherwise;
  };
  const action: unknown = Reflect.get(fields, 'action');
  return {
    code: word('code', 'bug'),
    message: word('message', 'The request failed.'),
    ...(typeof action === 'object' && action !== null
      ? { action: { title: word('title', '', action), command: word('command', '', action) } }
      : {}),
  };
}
