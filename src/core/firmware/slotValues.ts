// From what the user gave to a complete, checked set of values: defaults filled in, unknown names refused.
import { UserError } from '../errors';
import { canonicalSlotValue, refuseSlotValue } from './slotValue';
import type { Template } from './template';
import type { Slot } from './templateParts';
import { fillDefault } from './templateText';

const quote = (value: string): string => (value.length > 60 ? `${value.slice(0, 57)}…` : value);

/** Refuses one value; `secret` values are not repeated in the message. */
export function checkSlot(slot: Slot, value: string): void {
  const reason = refuseSlotValue(slot.kind, value);
  if (!reason) return;
  const shown = slot.secret || slot.kind === 'certificate' ? '' : ` "${quote(value)}"`;
  throw new UserError('bad-slot-value', `${slot.title}${shown} cannot be used: ${reason}.`);
}

/**
 * Every slot's value, in the template's order. Throws UserError `unknown-slot`, `missing-slot` or `bad-slot-value`.
 * Optional slots without a value are the empty string.
 */
export function completeValues(
  template: Template,
  given: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  for (const name of Object.keys(given)) {
    if (!template.slots.some((slot) => slot.name === name)) {
      const names = template.slots.filter(({ from }) => !from || from === 'random').map((slot) => slot.name);
      throw new UserError(
        'unknown-slot',
        `The template "${template.id}" has no value named "${quote(name)}". It has: ${names.join(', ')}.`,
      );
    }
  }
  const values = new Map<string, string>();
  for (const slot of template.slots) {
    const own = Object.hasOwn(given, slot.name) ? given[slot.name] : undefined;
    const value = own !== undefined && own !== '' ? own : fillDefault(slot.default ?? '', values);
    if (value === '') {
      if (!slot.optional) {
        throw new UserError('missing-slot', `${slot.title} is missing: give it as "${slot.name}".`);
      }
    } else checkSlot(slot, value);
    values.set(slot.name, canonicalSlotValue(slot.kind, value));
  }
  return values;
}
