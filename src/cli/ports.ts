// `secure-iot ports`: the serial ports that can carry a board.
import { usbName } from '../core/boards/usbNames';
import { listPorts } from '../io/serial/portList';
import { CliUsageError, parseOptions } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } });
  if (positionals.length > 0) throw new CliUsageError('ports takes options only.');
  const ports = (await listPorts()).map((port) => {
    const { usbVendorId: vid, usbProductId: pid } = port;
    const name = vid !== undefined && pid !== undefined ? usbName(vid, pid) : undefined;
    return { ...port, ...(name ? { name } : {}) };
  });
  if (values.json) process.stdout.write(`${JSON.stringify(ports)}\n`);
  else if (ports.length === 0) process.stderr.write('No serial port found. Plug a board in.\n');
  else
    for (const { address, name, manufacturer, serialNumber } of ports)
      process.stdout.write(`${[address, name ?? manufacturer ?? '', serialNumber ?? ''].join('\t').trimEnd()}\n`);
  return 0;
}
