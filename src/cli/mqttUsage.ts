// What `secure-iot sub --help` and `pub --help` say.

const CONNECTION = `Connection (both):
  ADDRESS            mqtts://HOST[:8883], mqtt://HOST[:1883], wss://HOST[:443]/PATH or ws://…; a bare HOST means mqtts
  --connection NAME  instead of ADDRESS: one of those that Export Connections… in VS Code wrote to --connections FILE
                     (default: mqtt-connections.json); other options take the place of what it says
  --certs DIR        certificates folder (default: certs). Its authority and its newest client certificate (operators/
                     first) are used unless something else is said here
  --ca FILE|system   trust this authority instead, or the well-known ones; without the folder it is those
  --as NAME          show this certificate of the folder; "nobody" shows none
  --cert FILE --key FILE     the same from files; an encrypted key's passphrase: SECURE_IOT_KEY_PASSPHRASE or asked for
  --servername NAME  in the place of HOST, for TLS     --alpn NAME[,NAME]  application protocols offered in TLS
  -u, --user NAME    its password: SECURE_IOT_MQTT_PASSWORD or asked for
  -i, --client-id ID --mqtt 3.1.1|5     --keep-alive SECONDS   --keep-session   --session-expiry SECONDS (MQTT 5)
  --will-topic TOPIC [--will-message TEXT] [--will-qos 0|1|2] [--will-retain]
  --timeout SECONDS  of each step of connecting (default: 15)
  --trace            every packet on stderr            --quiet  no line about the connection
The broker's certificate is always checked.`;

export const subUsage = `Usage: secure-iot sub ADDRESS|--connection NAME [-t FILTER]… [-q 0|1|2] [--count N] [--for SECONDS] [--no-retained]
                      [--json | --pretty | --payload] [--hex | --base64] [--timestamps] [connection]

Subscribes (default: to #) and prints messages as they come, one a line, characters that would steer the terminal shown
as marks. Comes back by itself when the connection breaks. Payloads that were sealed with a key of the certificates folder
are opened.
  -t, --topic FILTER  more than one can be given       -q, --qos      at most this QoS (default: 0)
  -C, --count N       end after N messages             --for SECONDS  end after this time
  --json              one object a message: time, topic, qos, retained, bytes, encoding, payload, properties
  --pretty            JSON, CBOR and Sparkplug B laid out, other bytes as a hex dump
  --payload           only the payload's bytes, then a line feed
Exit code: 0; 1 fewer than N messages came, or a filter was refused; 2 could not connect, or the connection broke for good.

${CONNECTION}`;

export const pubUsage = `Usage: secure-iot pub ADDRESS|--connection NAME -t TOPIC (-m TEXT | -f FILE|- | --lines | --empty) [-q 0|1|2] [-r]
                      [--hex | --base64] [--repeat N --every SECONDS] [--json] [connection]
       secure-iot pub ADDRESS|--connection NAME --clear FILTER… [--yes] [connection]

Publishes and ends when the broker has it: acknowledged for QoS 1 and 2, handed to the network for QoS 0.
  -m, --message TEXT  with --hex or --base64: bytes     -f, --file FILE  its bytes; - is standard input
  -l, --lines         a message for each line of standard input
  -n, --empty         nothing; with --retain it clears the retained message
  -q, --qos           default: 0                        -r, --retain     the broker keeps it for later subscribers
  --repeat N          N times, --every SECONDS (default: 1)
  --content-type, --response-topic, --correlation TEXT, --expiry SECONDS, --property NAME=VALUE…   MQTT 5 properties
  --clear FILTER      shows the topics with a retained message, and with --yes clears them
Exit code: 0; 1 it may not have arrived, or was refused; 2 could not connect.

${CONNECTION}`;
