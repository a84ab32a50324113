// What to say of an ELF file that is not there (any more), or not for us to read.
import { UserError } from '../../core/errors';

export function unreadable(elf: string): never {
  throw new UserError('elf-not-found', `"${elf}" cannot be read. Build the project first, or name its ELF file.`);
}
