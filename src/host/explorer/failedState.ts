// A connection that did not come up, as the pane shows it: the reason, and the one button that helps.

import { refusesVersion } from '../../core/mqtt/connectFailure';
import { addressOf, type ConnectionProfile } from '../../core/mqtt/connectionProfile';
import type { SessionState } from '../../io/mqtt/mqttSession';
import type { ConnectionState, PaneAction } from '../../protocol/explorerModel';

type Failed = Extract<SessionState, { readonly type: 'failed' }>;
type FailedState = Extract<ConnectionState, { readonly type: 'failed' }>;

const LOCAL: readonly string[] = ['localhost', '127.0.0.1', '::1', '[::1]'];

export function failedState(profile: ConnectionProfile, { failure, retryAtMs }: Failed): FailedState {
  const action = actionFor(profile, failure.code);
  return {
    type: 'failed',
    address: addressOf(profile),
    reason: failure.reason,
    code: failure.code,
    retrying: retryAtMs !== null,
    ...(action ? { action } : {}),
    ...(profile.version === '5' && refusesVersion(failure.code) ? { offersOlderVersion: true } : {}),
  };
}

function actionFor(profile: ConnectionProfile, code: string): PaneAction | undefined {
  if (code === 'ECONNREFUSED' && LOCAL.includes(profile.host))
    return { title: 'Start Local TLS Broker', command: 'secureIot.startBroker' };
  return undefined;
}
