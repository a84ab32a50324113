// What GCC adds to the name of a function that it copied or split: `.constprop.0`, on Xtensa `$constprop$0`, demangled
// ` [clone .constprop.0]`.
const CLONE = /(?:[.$](?:isra|constprop|part|cold|lto_priv)(?:[.$]\d+)?| \[clone [^\]]+\])+$/;

/** The function's own name. */
export const withoutClone = (name: string): string => name.replace(CLONE, '');
