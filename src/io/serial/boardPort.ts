// The one shape of a byte line to a board, whatever carries it: a serial port, a raw socket or RFC 2217.

/** Modem lines. Always the full state: serialport takes an omitted line as asserted. */
export interface ModemLines {
  readonly dtr: boolean;
  readonly rts: boolean;
  readonly brk?: boolean;
}

/** What an address says about itself, numbers not strings, for the flasher and the Boards view. */
export interface PortInfo {
  /** `/dev/ttyUSB0`, `COM3`, `socket://host:port`, `rfc2217://host:port`. */
  readonly address: string;
  readonly usbVendorId?: number;
  readonly usbProductId?: number;
  readonly serialNumber?: string;
  readonly manufacturer?: string;
}

export interface BoardPort {
  readonly info: PortInfo;
  /** False for `socket://`: modem lines and baud rate cannot be changed there, and the calls that try throw. */
  readonly hasModemLines: boolean;
  /** Rejects with a UserError (`port-busy`, `port-missing`, `port-permission`, ...) that says what to do. */
  open(baudRate: number): Promise<void>;
  /** Resolves when the bytes were handed to the line, rejects when it closed. Never hangs on a closed line. */
  write(bytes: Uint8Array): Promise<void>;
  setLines(lines: ModemLines): Promise<void>;
  setBaudRate(baudRate: number): Promise<void>;
  /** Stops and resumes reading: back-pressure. */
  pause(): void;
  resume(): void;
  /** Returns a function that stops listening. */
  onData(listener: (bytes: Uint8Array) => void): () => void;
  /** Called once; with an error when the line was lost, without when it was closed on purpose. */
  onClose(listener: (error?: Error) => void): () => void;
  close(): Promise<void>;
}
