// What a failed open of a serial device means and what to do about it, from the binding's words on each system.
import { readFile, stat } from 'node:fs/promises';
import { UserError } from '../../core/errors';
import { portHolders } from './portHolders';

/** The binding's messages are strerror() texts on Unix and fixed English words on Windows. */
export async function serialOpenError(path: string, cause: Error): Promise<UserError> {
  const text = cause.message;
  const say = (code: string, message: string) => new UserError(code, message, undefined, { cause });
  if (/No such (file|device)|File not found|not configured/i.test(text))
    return say('port-missing', `There is no port ${path}. Plug the board in, or choose another port.`);
  if (/lock port|temporarily unavailable|busy|Access denied/i.test(text)) return say('port-busy', await busy(path));
  if (/Permission denied/i.test(text)) return say('port-permission', await permission(path));
  if (/Inappropriate ioctl|Not a typewriter|Is a directory/i.test(text))
    return say('port-invalid', `${path} is not a serial port. Choose the port of the board.`);
  if (/baud rate/i.test(text))
    return say('baud-refused', `${path} cannot be opened at this baud rate. Choose a lower one.`);
  return say(
    'port-failed',
    `${path} cannot be opened: ${text.replace(/^Error:?\s*/, '')}. Unplug the board, plug it in again, and try again.`,
  );
}

async function busy(path: string): Promise<string> {
  const holders = await portHolders(path);
  const who = holders.map(({ name, pid }) => (pid === process.pid ? 'this program' : `"${name}" (process ${pid})`));
  const by = who.length > 0 ? who.join(' and ') : 'another program';
  return `${path} is in use by ${by}. Close it there (a serial monitor, for example), then try again.`;
}

async function permission(path: string): Promise<string> {
  if (process.platform !== 'linux') return `You have no permission to open ${path}.`;
  const { gid = 0, mode = 0 } = (await stat(path).catch(() => undefined)) ?? {};
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  return permissionAdvice(path, gid, mode, groups);
}

/** What to do on Linux about a device of group `gid` with `mode`; `groups` is the text of /etc/group. */
export function permissionAdvice(path: string, gid: number, mode: number, groups: string): string {
  const rules = "udev rules for the board (such as PlatformIO's 99-platformio-udev.rules)";
  const name = groups
    .split('\n')
    .find((entry) => entry.split(':')[2] === String(gid))
    ?.split(':')[0];
  const groupMay = (mode & 0o060) === 0o060;
  if (gid === 0 || !groupMay || name === undefined)
    return `You have no permission to open ${path}: only root may. Install ${rules}, then plug the board in again.`;
  return (
    `You have no permission to open ${path}, which belongs to the group "${name}". ` +
    `Run "sudo usermod -aG ${name} $USER", then log out and in again; or install ${rules}.`
  );
}
