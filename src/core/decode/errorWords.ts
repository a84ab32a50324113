// What stands in front of an error number, and what in front of a number that is none. Shared by the numeric families.

/** The end of the text before a number: `err=`, `ret = `, `failed: `, `error (`, `code: `, `returned `. */
export const ERROR_BEFORE =
  /(?:\berr(?:or|no|_code|code)?s?|_err(?:or)?|\bret(?:urn(?:ed|s)?|val)?|\bres(?:ult)?|\brc|\bstatus|\bcode|\bfail(?:ed|ure|s)?|\bhandshake|start_ssl_client|\bnumber|\breason|\boserror|\bwith|\balert|esp_err_t)\b["')\]]*\s{0,2}[:=：,]?\s{0,2}[([]?(?:code|number|is|was|of)?\s?[:=：]?\s{0,2}[*`"']{0,2}$/i;

/** `offset `, `size=`: a place or an amount follows. */
export const PLACE_BEFORE =
  /(?:offset|addr(?:ess)?|rssi|snr|size|len(?:gth)?|pos(?:ition)?|delta|range|reg(?:ister)?|heap|bytes|slave|port|id)\s*[:=]?\s*$/i;
