// From a certificate's name to the name of its files, the same on Linux, macOS and Windows.
import { UserError } from '../errors';

const WINDOWS_DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * "mqtt.example.com" stays; "*.example.com" becomes "_wildcard.example.com"; spaces become "-". Throws UserError for
 * what no file can be called (path separators, "..", Windows' reserved names).
 */
export function fileNameOf(commonName: string): string {
  const name = commonName.replace(/^\*\./, '_wildcard.').replaceAll(' ', '-').replaceAll(':', '-');
  if (!/^[\w@+=,()-][\w.@+=,()-]*$/.test(name) || name.endsWith('.') || WINDOWS_DEVICES.test(name)) {
    throw new UserError(
      'file-name',
      `"${commonName}" cannot name a file, and the certificate's files carry its name. Use letters, digits, "-", "_" and "."`,
    );
  }
  return name;
}
