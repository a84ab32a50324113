// What this device is called and where it reports to. Nothing secret in here.
#pragma once

// Must be a name (or address) in the broker certificate's subjectAltName, spelled the same.
#define MQTT_HOST {{host|c}}
#define MQTT_PORT {{port|int}}

// MQTT client id, and the CN of the device certificate.
#define DEVICE_ID {{device|c}}

#define TOPIC_TELEMETRY {{telemetryTopic|c}}
#define TOPIC_STATUS {{statusTopic|c}}    // retained: "online", or the Last Will "offline"
#define TOPIC_COMMAND {{commandTopic|c}}  // what this device listens to

// GPIO of the button that opens the portal; 0 is FLASH on most boards.
#define PORTAL_BUTTON {{button|int}}

// POSIX form (IANA names are no use to a board). Reports print the time in it; certificates and NTP count in UTC.
#define TIME_ZONE {{timeZone|c}}

#define TELEMETRY_INTERVAL_MS ({{intervalSeconds|int}}UL * 1000UL)
#define MQTT_KEEP_ALIVE_S 30
// PubSubClient drops what does not fit, in silence: its own limit is 256 bytes for topic, payload and header together.
#define MQTT_BUFFER_BYTES 1024
