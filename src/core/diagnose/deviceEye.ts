// Would the board accept this chain for this host name? Asks the rules of the board's own TLS stack.
import { verifyAsBearssl } from './bearsslEye';
import type { BoardQuestion, BoardView } from './boardView';
import { verifyAsMbedtls } from './mbedtlsEye';
import { tlsStacks } from './tlsStack';

export function lookAsBoard(question: BoardQuestion): BoardView {
  const stack = tlsStacks[question.stack];
  return stack.library === 'bearssl' ? verifyAsBearssl(question, stack) : verifyAsMbedtls(question, stack);
}
