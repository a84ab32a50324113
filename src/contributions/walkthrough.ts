// The walkthrough "Get started".
import type { CommandId } from './commands';

export const WALKTHROUGH_ID = 'getStarted';

/** Steps of the walkthrough, in order. Pages are in media/walkthrough/. A step is ticked when its command ran. */
export const walkthroughSteps: readonly {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly completedBy: CommandId;
}[] = [
  {
    id: 'certificates',
    title: 'Make your certificates',
    description:
      'A certificate authority of your own, one certificate for the broker, one for the board.\n[Generate Certificates](command:secureIot.generateCertificates)',
    completedBy: 'secureIot.generateCertificates',
  },
  {
    id: 'broker',
    title: 'Start a TLS broker',
    description:
      'A broker inside VS Code that asks every client for a certificate of your authority.\n[Start Local TLS Broker](command:secureIot.startBroker)',
    completedBy: 'secureIot.startBroker',
  },
  {
    id: 'sketch',
    title: 'Create a secure sketch',
    description:
      'Firmware with those certificates wired in and nothing secret in git.\n[New Secure Sketch](command:secureIot.newSketch)',
    completedBy: 'secureIot.newSketch',
  },
  {
    id: 'flash',
    title: 'Flash the board',
    description: 'No Python needed.\n[Flash Board](command:secureIot.flashBoard)',
    completedBy: 'secureIot.flashBoard',
  },
  {
    id: 'monitor',
    title: 'Watch what it says',
    description:
      'Error codes are explained under the line that prints them.\n[Open Serial Monitor](command:secureIot.openMonitor)',
    completedBy: 'secureIot.openMonitor',
  },
  {
    id: 'diagnose',
    title: 'Find out why',
    description:
      'The board cannot say why it refused the broker. We replay its handshake with its own files and name the cause.\n[Diagnose Connection](command:secureIot.diagnoseConnection)',
    completedBy: 'secureIot.diagnoseConnection',
  },
  {
    id: 'explorer',
    title: 'See the messages arrive',
    description: 'Topics live, over TLS.\n[MQTT Explorer](command:secureIot.openExplorer)',
    completedBy: 'secureIot.openExplorer',
  },
];
