// Connection profiles of this workspace. Profiles are plain; passwords and passphrases are in SecretStorage only.
import type { Memento, SecretStorage } from 'vscode';
import { type ConnectionProfile, profile as parseProfile } from '../../core/mqtt/connectionProfile';
import { ParseError } from '../../core/parse';

const PROFILES = 'explorer.profiles';
const LAST_USED = 'explorer.lastUsed';
const SECRETS = ['password', 'passphrase'] as const;
type Secret = (typeof SECRETS)[number];

export class ProfileStore {
  constructor(
    private readonly state: Memento,
    private readonly secrets: SecretStorage,
    /** Tells workspaces apart in SecretStorage, which is shared by all. */
    private readonly workspace: string,
  ) {}

  /** The saved profiles; one written by another version that does not parse is passed over. */
  all(): readonly ConnectionProfile[] {
    return this.state.get<readonly unknown[]>(PROFILES, []).flatMap((value) => {
      try {
        return [parseProfile(value, 'profile')];
      } catch (error) {
        if (error instanceof ParseError) return [];
        throw error;
      }
    });
  }

  get lastUsed(): string | undefined {
    return this.state.get<string>(LAST_USED);
  }

  async use(id: string): Promise<void> {
    await this.state.update(LAST_USED, id);
  }

  /** Saves `profile` in place of the one with its id. A null secret keeps what is stored, an empty one forgets it. */
  async save(profile: ConnectionProfile, secrets: Readonly<Record<Secret, string | null>>): Promise<void> {
    const others = this.all();
    const known = others.some(({ id }) => id === profile.id);
    const next = known ? others.map((other) => (other.id === profile.id ? profile : other)) : [...others, profile];
    await this.state.update(PROFILES, next);
    for (const name of SECRETS) {
      const value = secrets[name];
      if (value !== null && value !== '') await this.secrets.store(this.keyOf(profile.id, name), value);
      else if (value === '') await this.secrets.delete(this.keyOf(profile.id, name));
    }
  }

  async remove(id: string): Promise<void> {
    await this.state.update(
      PROFILES,
      this.all().filter((profile) => profile.id !== id),
    );
    for (const name of SECRETS) await this.secrets.delete(this.keyOf(id, name));
  }

  async secret(id: string, name: Secret): Promise<string | undefined> {
    return await this.secrets.get(this.keyOf(id, name));
  }

  private keyOf(id: string, name: Secret): string {
    return `explorer/${this.workspace}/${id}/${name}`;
  }
}
