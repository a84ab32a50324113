// package.json's part that VS Code reads, made from the other files of this folder (`npm run contributions`;
// `npm run check` fails when they differ).
import { CATEGORY, type CommandSpec, commands } from './commands';
import { customEditors } from './editors';
import { languages } from './languages';
import { menus } from './menus';
import { settings } from './settings';
import { buildTask, flashTask, problemMatchers } from './tasks';
import { views, viewsWelcome } from './views';
import { WALKTHROUGH_ID, walkthroughSteps } from './walkthrough';

/** package.json's `contributes`, `capabilities` and `activationEvents`, as a plain value. */
export function manifest(): Record<string, unknown> {
  const specs: readonly [string, CommandSpec][] = Object.entries(commands);
  const hidden = specs.filter(([, spec]) => spec.hidden);
  const restricted = specs.filter(([, spec]) => !spec.untrusted && !spec.hidden);
  return {
    contributes: {
      commands: specs.map(([command, spec]) => ({
        command,
        title: spec.title,
        category: CATEGORY,
        ...(spec.icon ? { icon: spec.icon } : {}),
        ...(spec.untrusted ? {} : { enablement: 'isWorkspaceTrusted' }),
      })),
      viewsContainers: { activitybar: [{ id: 'secureIot', title: CATEGORY, icon: 'media/activity-bar.svg' }] },
      views: { secureIot: Object.entries(views).map(([id, view]) => ({ id, ...view })) },
      viewsWelcome,
      customEditors,
      languages,
      menus: {
        ...menus,
        commandPalette: [
          ...hidden.map(([command]) => ({ command, when: 'false' })),
          ...restricted.map(([command]) => ({ command, when: 'isWorkspaceTrusted' })),
        ],
      },
      configuration: { title: CATEGORY, properties: settings },
      taskDefinitions: [buildTask, flashTask],
      problemMatchers,
      walkthroughs: [
        {
          id: WALKTHROUGH_ID,
          title: 'Get started with Secure IoT',
          description: 'From a board that cannot connect to one that can, in under five minutes.',
          steps: walkthroughSteps.map(({ id, title, description, completedBy }) => ({
            id,
            title,
            description,
            media: { markdown: `media/walkthrough/${id}.md` },
            completionEvents: [`onCommand:${completedBy}`],
          })),
        },
      ],
    },
    activationEvents: [],
    capabilities: {
      untrustedWorkspaces: {
        supported: 'limited',
        description: 'In an untrusted folder Secure IoT decodes and reads; it does not flash boards or write keys.',
      },
      virtualWorkspaces: {
        supported: 'limited',
        description: 'Certificates and sketches need a folder on a disk; decoding works everywhere.',
      },
    },
  };
}
