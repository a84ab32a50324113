// Where this device reports to, and which firmware this is. Nothing secret in here, and nothing that differs from board
// to board: one image serves them all.
#pragma once

// Must be a name (or address) in the broker certificate's subjectAltName, spelled the same.
#define MQTT_HOST {{host|c}}
#define MQTT_PORT {{port|int}}

// Topics are TOPIC_PREFIX/NAME/…, where NAME is the CN of the device's certificate.
#define TOPIC_PREFIX {{topicPrefix|c}}

// A whole number, higher with each release: a board takes no image whose number is not higher than its own.
#define FIRMWARE_VERSION {{firmwareVersion|int}}

// POSIX form (IANA names are no use to a board). Reports print the time in it; certificates and NTP count in UTC.
#define TIME_ZONE {{timeZone|c}}

#define TELEMETRY_INTERVAL_MS ({{intervalSeconds|int}}UL * 1000UL)
#define MQTT_KEEP_ALIVE_S 30
// Holds a certificate chain, or a piece of a firmware image. PubSubClient drops what does not fit, in silence.
#define MQTT_BUFFER_BYTES 4096

// Whose signature makes a firmware image one of ours. The private key is in your certificates folder, update/signing.key.
static const char UPDATE_KEY[] = {{updateKey|raw}};
