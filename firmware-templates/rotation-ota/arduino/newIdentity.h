// Makes a key and a certificate signing request on the board, and checks the certificate that comes back for it.
// Mbed TLS 2.28 (arduino-esp32 2.x) and 3.6 (3.x).
#pragma once
#include <Arduino.h>
#include <esp_system.h>
#if __has_include(<esp_random.h>)
#include <esp_random.h>  // older ESP-IDFs declare the random generator in esp_system.h
#endif
#include <mbedtls/ecp.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#include <mbedtls/x509_csr.h>

#if !defined(MBEDTLS_X509_CSR_WRITE_C) || !defined(MBEDTLS_PEM_WRITE_C)
#error "this board package's Mbed TLS cannot write signing requests: update the board package"
#endif

// Real noise while the radio is on, and a key is made while the board is connected.
inline int hardwareRandom(void *, unsigned char *out, size_t size) {
  esp_fill_random(out, size);
  return 0;
}

inline bool makeKeyAndRequest(const char *name, char *key, size_t keySize, char *csr, size_t csrSize) {
  char subject[80];
  snprintf(subject, sizeof subject, "CN=%s", name);
  mbedtls_pk_context pk;
  mbedtls_x509write_csr request;
  mbedtls_pk_init(&pk);
  mbedtls_x509write_csr_init(&request);
  mbedtls_x509write_csr_set_md_alg(&request, MBEDTLS_MD_SHA256);
  mbedtls_x509write_csr_set_key(&request, &pk);
  bool made = mbedtls_pk_setup(&pk, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)) == 0 &&
              mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(pk), hardwareRandom, nullptr) == 0 &&
              mbedtls_pk_write_key_pem(&pk, reinterpret_cast<unsigned char *>(key), keySize) == 0 &&
              mbedtls_x509write_csr_set_subject_name(&request, subject) == 0 &&
              mbedtls_x509write_csr_pem(&request, reinterpret_cast<unsigned char *>(csr), csrSize, hardwareRandom,
                                        nullptr) == 0;
  mbedtls_x509write_csr_free(&request);
  mbedtls_pk_free(&pk);
  return made;
}

// The CN of the first certificate of `pem`; false where there is none that fits.
inline bool readCommonName(const mbedtls_x509_crt &certificate, char *name, size_t size) {
  for (const mbedtls_x509_name *part = &certificate.subject; part; part = part->next) {
    if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &part->oid) != 0) continue;
    if (part->val.len == 0 || part->val.len >= size) return false;
    memcpy(name, part->val.p, part->val.len);
    name[part->val.len] = '\0';
    return true;
  }
  return false;
}

inline bool readCommonName(const char *pem, char *name, size_t size) {
  mbedtls_x509_crt certificate;
  mbedtls_x509_crt_init(&certificate);
  bool read = mbedtls_x509_crt_parse(&certificate, reinterpret_cast<const unsigned char *>(pem), strlen(pem) + 1) == 0 &&
              readCommonName(certificate, name, size);
  mbedtls_x509_crt_free(&certificate);
  return read;
}

inline bool samePublicKey(mbedtls_pk_context *a, mbedtls_pk_context *b) {
  unsigned char left[160], right[160];  // written from the end of the buffer
  int leftSize = mbedtls_pk_write_pubkey_der(a, left, sizeof left);
  int rightSize = mbedtls_pk_write_pubkey_der(b, right, sizeof right);
  return leftSize > 0 && leftSize == rightSize &&
         memcmp(left + sizeof left - leftSize, right + sizeof right - rightSize, leftSize) == 0;
}

// Why this certificate is not the one for `key` and `name`; nullptr where it is.
inline const char *refuseCertificate(const char *pem, const char *key, const char *name) {
  mbedtls_x509_crt certificate;
  mbedtls_pk_context pk;
  mbedtls_x509_crt_init(&certificate);
  mbedtls_pk_init(&pk);
  const unsigned char *keyText = reinterpret_cast<const unsigned char *>(key);
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
  int keyError = mbedtls_pk_parse_key(&pk, keyText, strlen(key) + 1, nullptr, 0, hardwareRandom, nullptr);
#else
  int keyError = mbedtls_pk_parse_key(&pk, keyText, strlen(key) + 1, nullptr, 0);
#endif
  char found[80];
  const char *reason = nullptr;
  if (keyError != 0) {
    reason = "the new key is damaged";
  } else if (mbedtls_x509_crt_parse(&certificate, reinterpret_cast<const unsigned char *>(pem), strlen(pem) + 1) != 0) {
    reason = "it is no certificate in PEM";
  } else if (!samePublicKey(&certificate.pk, &pk)) {
    reason = "it is for another key than the one that waits";
  } else if (!readCommonName(certificate, found, sizeof found) || strcmp(found, name) != 0) {
    reason = "its CN is not this device's name";
  }
  mbedtls_pk_free(&pk);
  mbedtls_x509_crt_free(&certificate);
  return reason;
}
