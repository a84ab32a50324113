// `secure-iot broker-settings`: what to paste into EMQX, HiveMQ or AWS IoT Core for the same certificates.
import { BROKER_PRODUCTS, type BrokerProduct, brokerSettings } from '../core/mqtt/brokerSettings';
import { brokerNames, deviceNames } from '../io/broker/brokerFiles';
import { CliUsageError, parseOptions, portNumber } from './arguments';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    dir: { type: 'string', default: 'certs' },
    name: { type: 'string' },
    port: { type: 'string', default: '8883' },
  });
  const [product, ...rest] = positionals;
  if (product === undefined || rest.length > 0 || !isProduct(product)) {
    throw new CliUsageError(`name one of ${Object.keys(BROKER_PRODUCTS).join(', ')}`);
  }
  const port = portNumber(values.port);
  const [broker = 'broker'] = values.name === undefined ? await brokerNames(values.dir) : [values.name];
  const [device = 'NAME'] = await deviceNames(values.dir);
  process.stdout.write(brokerSettings(product, { port, broker, device }));
  return 0;
}

function isProduct(text: string): text is BrokerProduct {
  return Object.hasOwn(BROKER_PRODUCTS, text);
}
