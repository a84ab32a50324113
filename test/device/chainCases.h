/*
 * Reads cases of certificate chains from standard input, many in one run: lines "HOST name", "TIME seconds", "DATES", "CA"
 * and "CHAIN" each followed by PEM blocks, "END". The program that includes this answers each with a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY (256 * 1024)

typedef struct {
  char text[CAPACITY];
  size_t length;
} pem_text;

typedef struct {
  pem_text ca, chain;
  char host[1024];
  /* Seconds since 1970; 0 where none was given. */
  unsigned long now;
  int check_dates;
} chain_case;

static void answer(const chain_case *asked);

int main(void) {
  static chain_case asked;
  static char line[4096];
  pem_text *current = NULL;
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strcmp(line, "CA\n") == 0) current = &asked.ca;
    else if (strcmp(line, "CHAIN\n") == 0) current = &asked.chain;
    else if (strcmp(line, "DATES\n") == 0) asked.check_dates = 1;
    else if (strncmp(line, "TIME ", 5) == 0) asked.now = strtoul(line + 5, NULL, 10);
    else if (strncmp(line, "HOST ", 5) == 0) {
      line[strcspn(line, "\n")] = '\0';
      snprintf(asked.host, sizeof asked.host, "%s", line + 5);
    } else if (strcmp(line, "END\n") == 0) {
      answer(&asked);
      asked.ca.length = asked.chain.length = 0;
      asked.ca.text[0] = asked.chain.text[0] = '\0';
      asked.check_dates = 0;
      current = NULL;
    } else if (current != NULL && current->length + strlen(line) < CAPACITY) {
      memcpy(current->text + current->length, line, strlen(line) + 1);
      current->length += strlen(line);
    }
  }
  return 0;
}
