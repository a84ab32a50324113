// The codicons that the pane uses, as inline pictures coloured by the text around them.
import add from '@vscode/codicons/src/icons/add.svg';
import chevronDown from '@vscode/codicons/src/icons/chevron-down.svg';
import chevronRight from '@vscode/codicons/src/icons/chevron-right.svg';
import clearAll from '@vscode/codicons/src/icons/clear-all.svg';
import close from '@vscode/codicons/src/icons/close.svg';
import collapseAll from '@vscode/codicons/src/icons/collapse-all.svg';
import copy from '@vscode/codicons/src/icons/copy.svg';
import debugPause from '@vscode/codicons/src/icons/debug-pause.svg';
import debugStart from '@vscode/codicons/src/icons/debug-start.svg';
import errorIcon from '@vscode/codicons/src/icons/error.svg';
import exportIcon from '@vscode/codicons/src/icons/export.svg';
import goToFile from '@vscode/codicons/src/icons/go-to-file.svg';
import info from '@vscode/codicons/src/icons/info.svg';
import pass from '@vscode/codicons/src/icons/pass.svg';
import pinned from '@vscode/codicons/src/icons/pinned.svg';
import search from '@vscode/codicons/src/icons/search.svg';
import settings from '@vscode/codicons/src/icons/settings-gear.svg';
import trash from '@vscode/codicons/src/icons/trash.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';

const sources = {
  add,
  chevronDown,
  chevronRight,
  clearAll,
  close,
  collapseAll,
  copy,
  error: errorIcon,
  export: exportIcon,
  goToFile,
  info,
  pass,
  pause: debugPause,
  pinned,
  resume: debugStart,
  search,
  settings,
  trash,
  warning,
};
export type IconName = keyof typeof sources;

/** Decorative: whoever uses it gives the meaning in words beside it. */
export function icon(name: IconName): SVGElement {
  const parsed = new DOMParser().parseFromString(sources[name], 'image/svg+xml').documentElement;
  const element = document.importNode(parsed, true);
  element.setAttribute('class', 'icon');
  element.setAttribute('aria-hidden', 'true');
  element.setAttribute('width', '16');
  element.setAttribute('height', '16');
  return element as unknown as SVGElement;
}
