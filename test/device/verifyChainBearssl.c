/*
 * What BearSSL's x509_minimal, set up as the ESP8266 core sets it up, says of certificate chains. For
 * each case of chainCases.h it prints BearSSL's error number (0: accepted) and the usages of the key.
 */
#include "bearsslFiles.h"
#include "chainCases.h"

#define MOST 16
/* BearSSL counts days from the year 0. */
#define DAYS_TO_1970 719528

static void answer(const chain_case *asked) {
  static br_x509_minimal_context x509;
  br_x509_trust_anchor anchors[MOST];
  size_t count = 0;
  bearssl_bytes der;
  for (const char *pem = asked->ca.text; count < MOST && bearssl_next_block(&pem, "CERTIFICATE", &der);)
    count += bearssl_anchor(&der, &anchors[count]) ? 1 : 0;
  bearssl_minimal(&x509, anchors, count);
  br_x509_minimal_set_time(&x509, (uint32_t)(asked->now / 86400) + DAYS_TO_1970, (uint32_t)(asked->now % 86400));
  x509.vtable->start_chain(&x509.vtable, asked->host[0] == '\0' ? NULL : asked->host); /* by IPAddress: no name */
  for (const char *pem = asked->chain.text; bearssl_next_block(&pem, "CERTIFICATE", &der);) {
    x509.vtable->start_cert(&x509.vtable, (uint32_t)der.length);
    x509.vtable->append(&x509.vtable, der.data, der.length);
    x509.vtable->end_cert(&x509.vtable);
  }
  const unsigned code = x509.vtable->end_chain(&x509.vtable);
  unsigned usages = 0;
  if (code == 0) x509.vtable->get_pkey(&x509.vtable, &usages);
  printf("%u %u\n", code, usages);
}
