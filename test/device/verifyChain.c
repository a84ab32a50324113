/*
 * What Mbed TLS says of certificate chains. For each case of chainCases.h it prints one line: the code of parsing or
 * verifying and the verify flags, in hex.
 */
#include <mbedtls/oid.h>
#include <mbedtls/x509_crt.h>

#include "chainCases.h"

static int parse(mbedtls_x509_crt *list, const pem_text *pem) {
  mbedtls_x509_crt_init(list);
  return mbedtls_x509_crt_parse(list, (const unsigned char *)pem->text, pem->length + 1);
}

static void answer(const chain_case *asked) {
  mbedtls_x509_crt anchors, served;
  uint32_t flags = 0;
  /* As ssl_client.cpp and esp_tls_mbedtls.c: a negative code ends it, a positive one counts those that did not parse. */
  const int ca_code = parse(&anchors, &asked->ca);
  int code = parse(&served, &asked->chain);
  if (code == 0 && ca_code < 0) code = ca_code;
  if (code == 0) {
    code = mbedtls_x509_crt_verify(&served, &anchors, NULL, asked->host, &flags, NULL, NULL);
    /* ssl_tls.c, mbedtls_ssl_check_cert_usage: done for every server certificate with an ECDHE suite. */
    if (mbedtls_x509_crt_check_key_usage(&served, MBEDTLS_X509_KU_DIGITAL_SIGNATURE) != 0)
      flags |= MBEDTLS_X509_BADCERT_KEY_USAGE;
    if (mbedtls_x509_crt_check_extended_key_usage(&served, MBEDTLS_OID_SERVER_AUTH,
                                                  MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)) != 0)
      flags |= MBEDTLS_X509_BADCERT_EXT_KEY_USAGE;
    if (!asked->check_dates) flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
  }
  printf("%x %x\n", (unsigned)-code, (unsigned)flags);
  mbedtls_x509_crt_free(&anchors);
  mbedtls_x509_crt_free(&served);
}
