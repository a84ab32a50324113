/*
 * A board's firmware for Linux: connects to an MQTT broker with the real Mbed TLS as an ESP32 does, prints what the
 * board prints, publishes telemetry, reconnects. Ends on SIGTERM, after --count messages, or after --attempts failures.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>

#include "deviceLog.h"
#include "deviceMqtt.h"
#include "deviceTls.h"

typedef struct {
  tls_options tls;
  const char *client_id;
  const char *topic;
  long count;
  long attempts;
  long interval_ms;
  long backoff_ms;
} options;

static const char *USAGE =
    "deviceClient --host H --port P [--servername N] [--ca F] [--cert F --key F] [--insecure]\n"
    "             [--platform esp-idf|arduino-esp32] [--client-id ID] [--topic T] [--count N]\n"
    "             [--interval-ms 2000] [--backoff-ms 5000] [--attempts N] [--check-dates] [--debug]\n";

static volatile sig_atomic_t stopped = 0;

static void stop(int signal_number) {
  (void)signal_number;
  stopped = 1;
}

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    fprintf(stderr, "deviceClient: %s: %s\n", path, strerror(errno));
    exit(2);
  }
  char *text = calloc(1, 65536);
  if (text != NULL) text[fread(text, 1, 65535, file)] = '\0';
  fclose(file);
  return text;
}

static options parse(int argc, char **argv) {
  options o = {.client_id = "esp32-device-001", .interval_ms = 2000, .backoff_ms = 5000};
  for (int i = 1; i < argc; i++) {
    const char *name = argv[i];
    if (strcmp(name, "--insecure") == 0) o.tls.insecure = true;
    else if (strcmp(name, "--check-dates") == 0) o.tls.check_dates = true;
    else if (strcmp(name, "--debug") == 0) o.tls.debug = true;
    else {
      const char *text = i + 1 < argc ? argv[++i] : NULL;
      if (text == NULL) goto wrong;
      if (strcmp(name, "--host") == 0) o.tls.host = text;
      else if (strcmp(name, "--port") == 0) o.tls.port = text;
      else if (strcmp(name, "--servername") == 0) o.tls.servername = text;
      else if (strcmp(name, "--ca") == 0) o.tls.ca = read_file(text);
      else if (strcmp(name, "--cert") == 0) o.tls.cert = read_file(text);
      else if (strcmp(name, "--key") == 0) o.tls.key = read_file(text);
      else if (strcmp(name, "--platform") == 0) o.tls.platform = strcmp(text, "esp-idf") != 0 ? PLATFORM_ARDUINO : 0;
      else if (strcmp(name, "--client-id") == 0) o.client_id = text;
      else if (strcmp(name, "--topic") == 0) o.topic = text;
      else if (strcmp(name, "--count") == 0) o.count = atol(text);
      else if (strcmp(name, "--attempts") == 0) o.attempts = atol(text);
      else if (strcmp(name, "--interval-ms") == 0) o.interval_ms = atol(text);
      else if (strcmp(name, "--backoff-ms") == 0) o.backoff_ms = atol(text);
      else goto wrong;
    }
  }
  if (o.tls.host != NULL && o.tls.port != NULL) {
    if (o.tls.servername == NULL) o.tls.servername = o.tls.host;
    return o;
  }
wrong:
  fputs(USAGE, stderr);
  exit(2);
}

/* Waits until `fd` (or nothing, -1) is readable, the time is over, or a signal came. 1 when readable. */
static int wait_ms(int fd, long ms) {
  fd_set readable;
  struct timeval limit = {.tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000};
  FD_ZERO(&readable);
  if (fd >= 0) FD_SET(fd, &readable);
  return select(fd + 1, &readable, NULL, NULL, &limit) > 0;
}

static void say(const options *o, char level, const char *text) {
  if (o->tls.platform == PLATFORM_ARDUINO) plain_log("%s", text);
  else idf_log(level, "mqtt_example", "%s", text);
}

static void say_refused(const options *o, int code) {
  static const char *const reasons[] = {"bad protocol", "Unknow reason", "server unavailable",
                                        "bad username or password", "not authorized"};
  if (o->tls.platform == PLATFORM_ARDUINO) {
    plain_log("MQTT connection failed, rc=%d", code < 0 ? -4 : code);
    return;
  }
  if (code > 0) idf_log('W', "mqtt_client", "Connection refused, %s", reasons[code > 5 ? 1 : code - 1]);
  idf_log('E', "mqtt_client", "MQTT connect failed");
}

/* Reads what came; the broker sends only PINGRESP to a client that subscribes to nothing. False when the line is lost. */
static bool drain(const options *o, tls_connection *tls) {
  unsigned char bytes[256];
  const int ret = mbedtls_ssl_read(&tls->ssl, bytes, sizeof bytes);
  if (ret > 0 || ret == MBEDTLS_ERR_SSL_WANT_READ) return true;
  if (ret != 0 && ret != MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY && o->tls.platform == PLATFORM_ESP_IDF)
    idf_log('E', "esp-tls-mbedtls", "read error :-0x%04X", (unsigned)-ret);
  return false;
}

/* Publishes until it is told to stop or the line is lost. Returns the messages published. */
static long run(const options *o, tls_connection *tls, long published) {
  char topic[256], status[256], payload[256];
  snprintf(topic, sizeof topic, "%s", o->topic != NULL ? o->topic : "");
  if (o->topic == NULL) snprintf(topic, sizeof topic, "devices/%s/telemetry", o->client_id);
  snprintf(status, sizeof status, "devices/%s/status", o->client_id);
  mqtt_publish(tls, status, "{\"online\":true}", true);
  unsigned long pinged = device_millis();
  while (!stopped) {
    const double temperature = 20.0 + (double)((published * 7) % 50) / 10.0;
    snprintf(payload, sizeof payload, "{\"temperature\":%.1f,\"uptime\":%lu,\"rssi\":%ld,\"seq\":%ld}", temperature,
             device_millis() / 1000, -52 - published % 9, published);
    if (mqtt_publish(tls, topic, payload, false) != 0) break;
    published++;
    if (o->tls.platform == PLATFORM_ARDUINO) plain_log("published %s %s", topic, payload);
    else idf_log('I', "mqtt_example", "published %s %s", topic, payload);
    if (o->count > 0 && published >= o->count) break;
    const unsigned long until = device_millis() + (unsigned long)o->interval_ms;
    for (unsigned long now = device_millis(); !stopped && now < until; now = device_millis()) {
      if (wait_ms(tls->socket.fd, (long)(until - now)) && !drain(o, tls)) return published;
    }
    if (device_millis() - pinged > MQTT_KEEP_ALIVE_SECONDS * 500UL) {
      if (mqtt_ping(tls) != 0) break;
      pinged = device_millis();
    }
  }
  mqtt_publish(tls, status, "{\"online\":false}", true);
  mqtt_disconnect(tls);
  return published;
}

int main(int argc, char **argv) {
  const options o = parse(argc, argv);
  const struct sigaction action = {.sa_handler = stop};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
  char status[256], line[256];
  snprintf(status, sizeof status, "devices/%s/status", o.client_id);
  long published = 0;
  for (long failures = 0; !stopped;) {
    tls_connection tls;
    snprintf(line, sizeof line, "Connecting to mqtts://%s:%s as %s", o.tls.servername, o.tls.port, o.client_id);
    say(&o, 'I', line);
    int code = tls_open(&tls, &o.tls);
    if (code == 0) {
      code = mqtt_connect(&tls, o.client_id, status, "{\"online\":false}");
      if (code == 0) {
        failures = 0;
        say(&o, 'I', o.tls.platform == PLATFORM_ARDUINO ? "MQTT connected" : "MQTT_EVENT_CONNECTED");
        published = run(&o, &tls, published);
      } else {
        say_refused(&o, code);
      }
    }
    tls_close(&tls);
    if (stopped || (o.count > 0 && published >= o.count)) break;
    if (code != 0) failures++;
    if (o.attempts > 0 && failures >= o.attempts) return 1;
    say(&o, 'I', code == 0 ? "MQTT_EVENT_DISCONNECTED" : "Reconnect after back-off");
    for (unsigned long until = device_millis() + (unsigned long)o.backoff_ms; !stopped && device_millis() < until;)
      wait_ms(-1, (long)(until - device_millis()));
  }
  return 0;
}
