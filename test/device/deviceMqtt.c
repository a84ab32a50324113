#include "deviceMqtt.h"

#include <string.h>

#define MAX_PACKET 1024

typedef struct {
  unsigned char bytes[MAX_PACKET];
  size_t length;
} packet;

static void put(packet *p, const void *bytes, size_t length) {
  if (p->length + length > MAX_PACKET) return;
  memcpy(p->bytes + p->length, bytes, length);
  p->length += length;
}

static void put_string(packet *p, const char *text) {
  const size_t length = strlen(text);
  const unsigned char prefix[2] = {(unsigned char)(length >> 8), (unsigned char)length};
  put(p, prefix, 2);
  put(p, text, length);
}

static int write_all(tls_connection *tls, const unsigned char *bytes, size_t length) {
  while (length > 0) {
    const int ret = mbedtls_ssl_write(&tls->ssl, bytes, length);
    if (ret == MBEDTLS_ERR_SSL_WANT_READ || ret == MBEDTLS_ERR_SSL_WANT_WRITE) continue;
    if (ret <= 0) return ret < 0 ? ret : -1;
    bytes += ret;
    length -= (size_t)ret;
  }
  return 0;
}

static int send_packet(tls_connection *tls, unsigned char type, const packet *body) {
  packet whole = {.length = 0};
  size_t rest = body->length;
  put(&whole, &type, 1);
  do {
    const unsigned char digit = (unsigned char)(rest % 128 | (rest >= 128 ? 0x80 : 0));
    put(&whole, &digit, 1);
    rest /= 128;
  } while (rest > 0);
  put(&whole, body->bytes, body->length);
  return write_all(tls, whole.bytes, whole.length);
}

int mqtt_connect(tls_connection *tls, const char *client_id, const char *will_topic, const char *will_payload) {
  packet body = {.length = 0};
  /* Level 4; flags: will retained, will, clean session. */
  const unsigned char header[4] = {4, 0x26, MQTT_KEEP_ALIVE_SECONDS >> 8, MQTT_KEEP_ALIVE_SECONDS & 0xff};
  put_string(&body, "MQTT");
  put(&body, header, sizeof header);
  put_string(&body, client_id);
  put_string(&body, will_topic);
  put_string(&body, will_payload);
  if (send_packet(tls, 0x10, &body) != 0) return -1;
  unsigned char answer[4];
  size_t got = 0;
  while (got < sizeof answer) {
    const int ret = mbedtls_ssl_read(&tls->ssl, answer + got, sizeof answer - got);
    if (ret == MBEDTLS_ERR_SSL_WANT_READ || ret == MBEDTLS_ERR_SSL_WANT_WRITE) continue;
    if (ret <= 0) return -1;
    got += (size_t)ret;
  }
  return answer[0] == 0x20 && answer[1] == 2 ? answer[3] : -1;
}

int mqtt_publish(tls_connection *tls, const char *topic, const char *payload, bool retain) {
  packet body = {.length = 0};
  put_string(&body, topic);
  put(&body, payload, strlen(payload));
  return send_packet(tls, retain ? 0x31 : 0x30, &body);
}

int mqtt_ping(tls_connection *tls) {
  const packet body = {.length = 0};
  return send_packet(tls, 0xc0, &body);
}

void mqtt_disconnect(tls_connection *tls) {
  const packet body = {.length = 0};
  send_packet(tls, 0xe0, &body);
}
