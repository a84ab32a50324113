/*
 * What Mbed TLS says of certificate chains, many in one run. Standard input holds cases: lines "HOST name", "DATES",
 * "CA" and "CHAIN" each followed by PEM blocks, "END". For each it prints one line: the code of parsing or verifying and
 * the verify flags, in hex.
 */
#include <mbedtls/oid.h>
#include <mbedtls/x509_crt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY (256 * 1024)

typedef struct {
  char text[CAPACITY];
  size_t length;
} pem_text;

static int parse(mbedtls_x509_crt *list, const pem_text *pem) {
  mbedtls_x509_crt_init(list);
  return mbedtls_x509_crt_parse(list, (const unsigned char *)pem->text, pem->length + 1);
}

static void answer(const pem_text *ca, const pem_text *chain, const char *host, int check_dates) {
  mbedtls_x509_crt anchors, served;
  uint32_t flags = 0;
  /* As ssl_client.cpp and esp_tls_mbedtls.c: a negative code ends it, a positive one counts those that did not parse. */
  const int ca_code = parse(&anchors, ca);
  int code = parse(&served, chain);
  if (code == 0 && ca_code < 0) code = ca_code;
  if (code == 0) {
    code = mbedtls_x509_crt_verify(&served, &anchors, NULL, host, &flags, NULL, NULL);
    /* ssl_tls.c, mbedtls_ssl_check_cert_usage: done for every server certificate with an ECDHE suite. */
    if (mbedtls_x509_crt_check_key_usage(&served, MBEDTLS_X509_KU_DIGITAL_SIGNATURE) != 0)
      flags |= MBEDTLS_X509_BADCERT_KEY_USAGE;
    if (mbedtls_x509_crt_check_extended_key_usage(&served, MBEDTLS_OID_SERVER_AUTH,
                                                  MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)) != 0)
      flags |= MBEDTLS_X509_BADCERT_EXT_KEY_USAGE;
    if (!check_dates) flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
  }
  printf("%x %x\n", (unsigned)-code, (unsigned)flags);
  mbedtls_x509_crt_free(&anchors);
  mbedtls_x509_crt_free(&served);
}

int main(void) {
  static pem_text ca, chain;
  static char line[4096], host[1024];
  pem_text *current = NULL;
  int check_dates = 0;
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strcmp(line, "CA\n") == 0) current = &ca;
    else if (strcmp(line, "CHAIN\n") == 0) current = &chain;
    else if (strcmp(line, "DATES\n") == 0) check_dates = 1;
    else if (strncmp(line, "HOST ", 5) == 0) {
      line[strcspn(line, "\n")] = '\0';
      snprintf(host, sizeof host, "%s", line + 5);
    } else if (strcmp(line, "END\n") == 0) {
      answer(&ca, &chain, host, check_dates);
      ca.length = chain.length = 0;
      ca.text[0] = chain.text[0] = '\0';
      current = NULL;
      check_dates = 0;
    } else if (current != NULL && current->length + strlen(line) < CAPACITY) {
      memcpy(current->text + current->length, line, strlen(line) + 1);
      current->length += strlen(line);
    }
  }
  return 0;
}
