// The authority's passphrase in VS Code's secret storage, by the authority's fingerprint; asked for where it is missing.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import type { Issuer } from '../../io/pki/certificateAuthority';
import type { CertificateStore } from '../../io/pki/certificateStore';

export class AuthorityPassphrase {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  /**
   * Call before a key is made with a passphrase that nobody has seen. Throws UserError "secret-storage" where VS Code keeps
   * no secrets (a Linux without a keyring, for example): the key could never be opened again.
   */
  async proveKept(passphrase: string): Promise<void> {
    const name = secretName('trial');
    const read = async () => {
      await this.secrets.store(name, passphrase);
      return this.secrets.get(name);
    };
    const kept = await read().catch(() => undefined);
    await this.secrets.delete(name).then(undefined, () => undefined);
    if (kept === passphrase) return;
    throw new UserError(
      'secret-storage',
      'VS Code cannot keep the passphrase of the new key: its secret storage does not work here (on Linux it needs a keyring such as gnome-keyring). Nothing was made. Mend that, or make the authority with "secure-iot certs ca".',
    );
  }

  async keep(fingerprint: string, passphrase: string): Promise<void> {
    await this.secrets.store(secretName(fingerprint), passphrase);
  }

  async find(fingerprint: string): Promise<string | undefined> {
    return this.secrets.get(secretName(fingerprint));
  }

  /**
   * The unlocked authority of `store`, or the intermediate one of that name: with `given`, else with the kept
   * passphrase, else by asking.
   */
  async unlock(store: CertificateStore, given?: string, intermediate?: string): Promise<Issuer> {
    const { unlockAuthority } = await import('../../io/pki/issueCertificates');
    const { firstCertificate } = await import('../../io/pki/pemCertificates');
    const role = intermediate === undefined ? 'authority' : 'intermediate';
    const paths = store.pathsOf(role, intermediate ?? 'ca');
    const { fingerprint256 } = firstCertificate(await store.readAuthority(intermediate), paths.certificate);
    const known = given ?? (await this.find(fingerprint256));
    if (known !== undefined) {
      try {
        return await unlockAuthority(store, known, intermediate);
      } catch (error) {
        if (given !== undefined || !isWrong(error)) throw error; // a kept one that is stale: ask
      }
    }
    for (let prompt = 'It was set when the authority was created.'; ; ) {
      const answer = await vscode.window.showInputBox({
        title: `Passphrase of the certificate authority${intermediate === undefined ? '' : ` "${intermediate}"`}`,
        prompt,
        password: true,
        ignoreFocusOut: true,
      });
      if (answer === undefined) throw new CancelledError();
      try {
        const issuer = await unlockAuthority(store, answer, intermediate);
        await this.keep(fingerprint256, answer);
        return issuer;
      } catch (error) {
        if (!isWrong(error)) throw error;
        prompt = 'That passphrase does not open the key. Try again.';
      }
    }
  }
}

function secretName(fingerprint: string): string {
  return `secureIot.authorityPassphrase.${fingerprint}`;
}

function isWrong(error: unknown): boolean {
  return error instanceof UserError && error.code === 'passphrase';
}
