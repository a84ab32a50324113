// Questions asked in turn, with a way back: an answer that is taken back is proposed when its question comes again.

/** What a question returns for the Back button. */
export const BACK: unique symbol = Symbol('back');

export interface Step {
  readonly title: string;
  /** Counted from 1. */
  readonly place: number;
  readonly total: number;
  /** The answer given before the person came back. */
  readonly earlier: string | undefined;
}

export interface Question {
  readonly id: string;
  /** Throws CancelledError for Escape. */
  ask(step: Step): Promise<string | typeof BACK>;
}

export type Answers = ReadonlyMap<string, string>;

/** `questions` gives all of them, in order, as far as the answers so far tell. Resolves once each has an answer. */
export async function askInTurn(
  title: string,
  questions: (answers: Answers) => readonly Question[] | Promise<readonly Question[]>,
): Promise<Answers> {
  const answers = new Map<string, string>();
  const earlier = new Map<string, string>();
  for (;;) {
    const all = await questions(answers);
    const next = all.find(({ id }) => !answers.has(id));
    if (!next) return answers;
    const step = { title, place: answers.size + 1, total: all.length, earlier: earlier.get(next.id) };
    const answer = await next.ask(step);
    if (answer === BACK) {
      const [id, given] = [...answers].at(-1) ?? [];
      if (id === undefined || given === undefined) continue;
      answers.delete(id);
      earlier.set(id, given);
    } else answers.set(next.id, answer);
  }
}
