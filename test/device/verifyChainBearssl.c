/*
 * What BearSSL's x509_minimal, set up as the ESP8266 core sets it up, says of certificate chains: many in one run. Standard
 * input as for verifyChain.c; for each case it prints BearSSL's error number (0: accepted) and the usages of the key.
 */
#include <stdio.h>

#include "bearsslFiles.h"

#define CAPACITY (256 * 1024)
#define MOST 16
/* BearSSL counts days from the year 0. */
#define DAYS_TO_1970 719528

typedef struct {
  char text[CAPACITY];
  size_t length;
} pem_text;

static void answer(const pem_text *ca, const pem_text *chain, const char *host, unsigned long now) {
  static br_x509_minimal_context x509;
  br_x509_trust_anchor anchors[MOST];
  size_t count = 0;
  bearssl_bytes der;
  for (const char *pem = ca->text; count < MOST && bearssl_next_block(&pem, "CERTIFICATE", &der);)
    count += bearssl_anchor(&der, &anchors[count]) ? 1 : 0;
  bearssl_minimal(&x509, anchors, count);
  br_x509_minimal_set_time(&x509, (uint32_t)(now / 86400) + DAYS_TO_1970, (uint32_t)(now % 86400));
  x509.vtable->start_chain(&x509.vtable, host[0] == '\0' ? NULL : host); /* by IPAddress: no name */
  for (const char *pem = chain->text; bearssl_next_block(&pem, "CERTIFICATE", &der);) {
    x509.vtable->start_cert(&x509.vtable, (uint32_t)der.length);
    x509.vtable->append(&x509.vtable, der.data, der.length);
    x509.vtable->end_cert(&x509.vtable);
  }
  const unsigned code = x509.vtable->end_chain(&x509.vtable);
  unsigned usages = 0;
  if (code == 0) x509.vtable->get_pkey(&x509.vtable, &usages);
  printf("%u %u\n", code, usages);
}

int main(void) {
  static pem_text ca, chain;
  static char line[1100], host[1100];
  pem_text *current = NULL;
  unsigned long now = 0;
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strcmp(line, "CA\n") == 0) current = &ca;
    else if (strcmp(line, "CHAIN\n") == 0) current = &chain;
    else if (strncmp(line, "TIME ", 5) == 0) now = strtoul(line + 5, NULL, 10);
    else if (strncmp(line, "HOST ", 5) == 0) {
      line[strcspn(line, "\n")] = '\0';
      snprintf(host, sizeof host, "%s", line + 5);
    } else if (strcmp(line, "END\n") == 0) {
      answer(&ca, &chain, host, now);
      ca.length = chain.length = 0;
      ca.text[0] = chain.text[0] = '\0';
      current = NULL;
    } else if (current != NULL && current->length + strlen(line) < CAPACITY) {
      memcpy(current->text + current->length, line, strlen(line) + 1);
      current->length += strlen(line);
    }
  }
  return 0;
}
