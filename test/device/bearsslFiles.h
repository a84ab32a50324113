/*
 * PEM texts as BearSSL wants them, decoded with BearSSL's own decoders, as BearSSLHelpers.cpp of the ESP8266 core does.
 * A header, so that the C program here and the C++ shims of test/firmwareHost use the same. What is allocated is kept
 * until the program ends.
 */
#pragma once

#include <bearssl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  unsigned char *data;
  size_t length;
} bearssl_bytes;

static inline void bearssl_append(void *context, const void *bytes, size_t length) {
  bearssl_bytes *all = (bearssl_bytes *)context;
  all->data = (unsigned char *)realloc(all->data, all->length + length);
  memcpy(all->data + all->length, bytes, length);
  all->length += length;
}

/* The next block of `*pem` whose label ends with `label`; moves `*pem` behind it. False where there is none. */
static inline bool bearssl_next_block(const char **pem, const char *label, bearssl_bytes *block) {
  static const char end[] = "\n"; /* the core adds one: a literal may lack the last */
  br_pem_decoder_context decoder;
  bool wanted = false;
  size_t rest = strlen(*pem);
  br_pem_decoder_init(&decoder);
  block->data = NULL;
  block->length = 0;
  for (const char *at = *pem;;) {
    const bool last = rest == 0;
    const size_t taken = br_pem_decoder_push(&decoder, last ? end : at, last ? 1 : rest);
    if (!last) {
      at += taken;
      rest -= taken;
    }
    const int event = br_pem_decoder_event(&decoder);
    if (event == BR_PEM_BEGIN_OBJ) {
      const char *name = br_pem_decoder_name(&decoder);
      const size_t length = strlen(name), tail = strlen(label);
      wanted = length >= tail && strcmp(name + length - tail, label) == 0;
      br_pem_decoder_setdest(&decoder, wanted ? bearssl_append : NULL, block);
    } else if (event == BR_PEM_END_OBJ && wanted) {
      *pem = at;
      return true;
    } else if (event == BR_PEM_ERROR || (event == 0 && last)) {
      return false;
    }
  }
}

/* A name and a key; a CA only where the certificate's basicConstraints say so. False where it cannot be read. */
static inline bool bearssl_anchor(const bearssl_bytes *der, br_x509_trust_anchor *anchor) {
  br_x509_decoder_context decoder;
  bearssl_bytes name = {NULL, 0}, key = {NULL, 0};
  br_x509_decoder_init(&decoder, bearssl_append, &name);
  br_x509_decoder_push(&decoder, der->data, der->length);
  const br_x509_pkey *public_key = br_x509_decoder_get_pkey(&decoder);
  if (public_key == NULL) return false;
  memset(anchor, 0, sizeof *anchor);
  anchor->dn.data = name.data;
  anchor->dn.len = name.length;
  anchor->flags = br_x509_decoder_isCA(&decoder) ? BR_X509_TA_CA : 0;
  anchor->pkey = *public_key;
  if (public_key->key_type == BR_KEYTYPE_EC) {
    bearssl_append(&key, public_key->key.ec.q, public_key->key.ec.qlen);
    anchor->pkey.key.ec.q = key.data;
  } else {
    bearssl_append(&key, public_key->key.rsa.n, public_key->key.rsa.nlen);
    bearssl_append(&key, public_key->key.rsa.e, public_key->key.rsa.elen);
    anchor->pkey.key.rsa.n = key.data;
    anchor->pkey.key.rsa.e = key.data + public_key->key.rsa.nlen;
  }
  return true;
}

/* WiFiClientSecure::_installClientX509Validator: the hashes and algorithms of its x509_minimal. */
static inline void bearssl_minimal(br_x509_minimal_context *x509, const br_x509_trust_anchor *anchors, size_t count) {
  br_x509_minimal_init(x509, &br_sha256_vtable, anchors, count);
  br_x509_minimal_set_rsa(x509, br_rsa_pkcs1_vrfy_get_default());
  br_x509_minimal_set_ecdsa(x509, br_ec_get_default(), br_ecdsa_vrfy_asn1_get_default());
  br_x509_minimal_set_hash(x509, br_md5_ID, &br_md5_vtable);
  br_x509_minimal_set_hash(x509, br_sha1_ID, &br_sha1_vtable);
  br_x509_minimal_set_hash(x509, br_sha224_ID, &br_sha224_vtable);
  br_x509_minimal_set_hash(x509, br_sha256_ID, &br_sha256_vtable);
  br_x509_minimal_set_hash(x509, br_sha384_ID, &br_sha384_vtable);
  br_x509_minimal_set_hash(x509, br_sha512_ID, &br_sha512_vtable);
}
