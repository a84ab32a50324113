// All families in order of precedence: where two read the same text, the first one keeps it.
import { mbedtls } from './mbedtls';
import type { Recognizer } from './recognizer';

export const families: readonly Recognizer[] = [mbedtls];
