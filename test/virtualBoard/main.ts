// `node --require ./scripts/typescript.cjs test/virtualBoard/main.ts --port 4000 --flash FILE [--device-client BIN]`: a board to play with.
import { parseArgs } from 'node:util';
import { buildDeviceClient } from '../device/build';
import { readBuildFolder } from './buildFolder';
import { VirtualBoard } from './virtualBoard';

const USAGE = `usage: main.ts [--port N] [--flash FILE] [--device-client PROGRAM] [--stand-in] [--preload BUILD]
               [--chip NAME] [--socket] [--blank] [--pacing] [--boot]
  --port N               TCP port on 127.0.0.1 (default: a free one)
  --flash FILE           keeps the flash in FILE
  --device-client FILE   the Mbed TLS program that acts as firmware (default: the one of test/device)
  --stand-in             a stand-in in Node acts as firmware, also where the Mbed TLS program can be compiled
  --preload BUILD        flashes what BUILD/flasher_args.json lists before power comes
  --chip NAME            as esptool names it: ESP32-C3 (default: ESP32)
  --socket               raw bytes instead of RFC 2217
  --blank                an erased flash, without bootloader and partition table
  --pacing               bytes travel at the baud rate
  --boot                 power up with the BOOT button held (download mode)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      flash: { type: 'string' },
      'device-client': { type: 'string' },
      'stand-in': { type: 'boolean', default: false },
      preload: { type: 'string' },
      chip: { type: 'string' },
      socket: { type: 'boolean', default: false },
      blank: { type: 'boolean', default: false },
      pacing: { type: 'boolean', default: false },
      boot: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const deviceClient = values['device-client'] ?? (values['stand-in'] ? undefined : await buildDeviceClient());
  const board = await VirtualBoard.start({
    port: Number(values.port),
    protocol: values.socket ? 'socket' : 'rfc2217',
    factory: !values.blank,
    pacing: values.pacing,
    bootButton: values.boot,
    ...(values.chip ? { chip: values.chip } : {}),
    ...(values.flash ? { flashFile: values.flash } : {}),
    ...(values.preload ? { preload: await readBuildFolder(values.preload) } : {}),
    ...(deviceClient ? { deviceClient } : {}),
  });
  process.stdout.write(`virtual board at ${board.address}\n`);
  const stop = () => void board.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n${USAGE}`);
  process.exit(2);
});
