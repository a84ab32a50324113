// Every subcommand of `secure-iot`, once; each loads its file only when it runs.
import { certsUsage } from './certsUsage';
import { pubUsage, subUsage } from './mqttUsage';

export interface SubcommandModule {
  /** Resolves to the exit code. Throws UserError for what the user can mend. */
  run(args: readonly string[]): Promise<number>;
}

export interface Subcommand {
  readonly summary: string;
  readonly usage: string;
  readonly load: () => Promise<SubcommandModule>;
}

export const subcommands: Readonly<Record<string, Subcommand>> = {
  new: {
    summary: 'make a firmware project from a template',
    usage: `Usage: secure-iot new --list [--json]
       secure-iot new TEMPLATE --out DIR --set host=HOST --set device=NAME [--set NAME=VALUE …]
                      [--certs DIR] [--framework arduino|platformio|esp-idf] [--board BOARD]

Makes a firmware project in DIR, which must not exist or be empty.
  --set NAME=VALUE   a value of the template; "new --list" names them
  --set-env NAME=VAR the value is that of an environment variable: for secrets such as wifiPassword
  --set-file NAME=FILE the value is the text of a file, such as rootCa=AmazonRootCA1.pem
  --certs DIR        folder of the certificates (default: certs)
  --preview          names the files and writes nothing`,
    load: () => import('./new'),
  },
  secure: {
    summary: 'turn a plain MQTT sketch on port 1883 into one with mutual TLS',
    usage: `Usage: secure-iot secure SKETCH --device NAME [--certs DIR] [--write]

Shows what changes in the sketch; with --write it is written. The device's key goes into secrets.h, which git ignores.
  --certs DIR   folder of the certificates (default: certs)`,
    load: () => import('./secure'),
  },
  build: {
    summary: 'build a firmware project with arduino-cli, PlatformIO or ESP-IDF',
    usage: `Usage: secure-iot build [DIR]

Runs the tool that the project in DIR belongs to; "secure-iot flash" finds what it makes.`,
    load: () => import('./build'),
  },
  decode: {
    summary: 'find and explain the errors in a serial log',
    usage: `Usage: secure-iot decode [FILE|-] [--json | --problems] [--project FOLDER] [--elf FILE] [--edits | --apply N,N|all]
                         [--platform auto|arduino-esp32|esp-idf|esp8266] [--mbedtls 2.28|3.6|4.x]

Reads a log from FILE, or from standard input, of any size. Prints each kind of error once with its causes (-) and
fixes (>), and how often it came; with --json one object for every finding.
  --problems         every finding as FILE:LINE:COLUMN: error: …, which VS Code's $secure-iot-decode matcher reads
  --project FOLDER   its files say platform and versions where the log does not
  --elf FILE         the firmware's ELF file: resolves the addresses of crashes to function, file and line
  --edits            the changes of the project in FOLDER (default: this folder) that would mend what was found
  --apply N,N|all    makes them, by their numbers`,
    load: () => import('./decode'),
  },
  explain: {
    summary: 'explain one error code',
    usage: `Usage: secure-iot explain CODE [--json] [--project FOLDER] [--edits | --apply N,N|all]
                          [--platform auto|arduino-esp32|esp-idf|esp8266] [--mbedtls 2.28|3.6|4.x]

CODE as the board prints it: -0x2700, -9984, 0x8010, "rc=-2", "start_ssl_client: -1", MBEDTLS_ERR_SSL_CONN_EOF.
With --edits the changes of the project in FOLDER that would mend it; --apply makes them, by their numbers.`,
    load: () => import('./explain'),
  },
  lint: {
    summary: 'find the TLS mistakes that tutorials teach, in sketches, mosquitto.conf and partition tables',
    usage: `Usage: secure-iot lint [FOLDER] [--json]

Reads the sources, mosquitto.conf and partitions.csv in FOLDER (default: this folder). Exit code 1 when there are problems.`,
    load: () => import('./lint'),
  },
  diagnose: {
    summary: 'find out why a board cannot connect: replay its handshake with its own files',
    usage: `Usage: secure-iot diagnose [FOLDER] [--host HOST] [--port PORT] [--servername NAME]
                        [--ca FILE] [--cert FILE --key FILE] [--certs DIR]
                        [--stack mbedtls-2.28|mbedtls-3.4|mbedtls-3.6|mbedtls-4|bearssl] [--fix] [--yes] [--json]

Reads the sketch or firmware project in FOLDER (default: this folder), connects to its broker with the certificates it
holds, and judges what comes by the rules of the board's TLS stack. Options take the place of what the project says.
  --certs DIR  where to look for the right CA (default: certs)
  --fix        make the first proposed change of the sources; --yes also where it has to be confirmed
Exit code 0 when the connection works from here, 1 when a cause was found, 2 when none was.`,
    load: () => import('./diagnose'),
  },
  broker: {
    summary: 'run the built-in TLS broker from a certificates folder',
    usage: `Usage: secure-iot broker [--dir certs] [--name NAME] [--host ADDRESS] [--port 8883] [--ws-port PORT]
                        [--no-client-certs] [--user NAME] [--json]
       secure-iot broker --fault NAME [--passphrase-file FILE] [options as above]
       secure-iot broker --fault list

Listens with the pair broker/NAME.crt and .key (the first one without --name), asks every client for a certificate
of ca/ca.crt, and tells who connected and who was refused and why. --user NAME wants a login as well; its password
is read from SECURE_IOT_BROKER_PASSWORD. Who is on ca/ca.crl is refused (SIGHUP reads it again). Ends with Ctrl+C. Exit code 1
when it could not start.

--fault makes one thing wrong on purpose (another CA, an expired certificate, old TLS, silence …), to see what a board
prints and what "secure-iot diagnose" says. Certificates for it live in memory only; those that your authority signs
need its passphrase.`,
    load: () => import('./broker'),
  },
  ports: {
    summary: 'list the serial ports that can carry a board',
    usage: 'Usage: secure-iot ports [--json]',
    load: () => import('./ports'),
  },
  chip: {
    summary: 'tell the chip on a port: type, revision, MAC, flash, security',
    usage: `Usage: secure-iot chip --port PORT [--efuses] [--baud RATE] [--json]

PORT is a serial port (/dev/ttyUSB0, COM3), rfc2217://host:port or socket://host:port. The board is reset afterwards.
  --efuses   every eFuse field too: what is burnt, what that means, and what can still be burnt. Reads only; keys are
             never shown.`,
    load: () => import('./chip'),
  },
  flash: {
    summary: 'write firmware to a board and verify it',
    usage: `Usage: secure-iot flash --port PORT[,PORT…] [--baud RATE] [--changed] [--json] OFFSET FILE [OFFSET FILE …]
       secure-iot flash --port PORT[,PORT…] [--baud RATE] [--changed] [--json] flasher_args.json | BUILD-FOLDER | MERGED.bin

Checks images, chip and sizes before a byte is written, verifies by MD5, and resets the board. The baud rate
(default: 921600) steps down by itself where the line cannot keep up. Ctrl+C stops and says how the board is left.
Several ports are flashed side by side; exit code 1 when one of them failed.
  --changed   writes only the sectors of 4 KB that differ from what the board holds`,
    load: () => import('./flash'),
  },
  certs: {
    summary: 'create and check certificates: authority, broker, devices',
    usage: certsUsage,
    load: () => import('./certs'),
  },
  read: {
    summary: "read a board's flash into a file",
    usage: `Usage: secure-iot read --port PORT [--baud RATE] [--force] [--json] OFFSET SIZE FILE
       secure-iot read --port PORT [--baud RATE] [--force] [--json] --all FILE

Checked against the digest that the board sends. FILE appears whole or not at all, and none that is there is replaced
without --force.`,
    load: () => import('./read'),
  },
  erase: {
    summary: "erase a region of a board's flash, or all of it",
    usage: `Usage: secure-iot erase --port PORT [--baud RATE] [--json] OFFSET SIZE
       secure-iot erase --port PORT [--baud RATE] [--json] --all`,
    load: () => import('./erase'),
  },
  monitor: {
    summary: 'watch what a board prints, its errors explained',
    usage: `Usage: secure-iot monitor --port PORT [--baud 115200] [--reset] [--timestamps | --since-reset]
                          [--filter WORDS] [--hex] [--log FILE [--log-max SIZE] [--redact]] [--stats]
                          [--eol crlf|lf|cr|none] [--dtr on|off] [--rts on|off] [--json] [--for SECONDS]
                          [--platform auto|arduino-esp32|esp-idf|esp8266] [--mbedtls 2.28|3.6|4.x]
                          [--project FOLDER]

Prints the lines as they come and a hint under each new error; with --json only the findings, one object a line.
What is typed is sent. A board that goes away is opened again when it is back, also under another name.
  --filter WORDS   level:W, tag:wifi, text, /expression/; each with - in front for its opposite
  --since-reset    times count from the board's last reset, also one that it made itself
  --log FILE       appends every byte as it came; with --redact without keys and passwords
  --log-max SIZE   when FILE has that size (10M) it becomes FILE.1, that FILE.2, up to FILE.4
  --stats          at the end: free heap and RSSI as the board told them, with their curve
  --eol ENDING     what the Enter of a typed line becomes; without it bytes go as they are`,
    load: () => import('./monitor'),
  },
  nvs: {
    summary: 'build and read NVS partition images, plain or encrypted',
    usage: `Usage: secure-iot nvs build IN.csv OUT.bin SIZE [--keys KEYS.bin] [--force] [--json]
       secure-iot nvs dump IMAGE.bin [--keys KEYS.bin] [--json] [--secrets]
       secure-iot nvs dump --port PORT [--baud RATE] [--partition LABEL] [--keys KEYS.bin] [--back-up FILE]
                           [--force] [--json] [--secrets]
       secure-iot nvs keys OUT.bin

build   makes the image that ESP-IDF's nvs_partition_gen.py makes of the same CSV (key,type,encoding,value), byte for
        byte; SIZE as in the partition table, such as 0x6000. With --keys it is encrypted (AES-XTS-256).
        An older image of a CSV is replaced; anything else that has the name, only with --force.
dump    prints an image, or the NVS of a board, as CSV. Keys and passwords are hidden without --secrets. An encrypted
        NVS is read with the keys in the board's nvs_keys partition. --back-up keeps the partition as it is in a file.
keys    makes a partition with new keys for an encrypted NVS.`,
    load: () => import('./nvs'),
  },
  'secure-cert': {
    summary: 'build and read images of the esp_secure_cert partition',
    usage: `Usage: secure-iot secure-cert build --device NAME [--certs certs] OUT.bin [SIZE] [--force] [--json]
       secure-iot secure-cert build IN.csv OUT.bin [SIZE] [--force] [--json]
       secure-iot secure-cert dump IMAGE.bin [--json] [--extract DIR]

build   makes the image that Espressif's configure_esp_secure_cert.py makes of the same certificates and key, or of the
        same CSV (tlv_type,tlv_subtype,data_value,data_type,priv_key_type,…). SIZE is the partition's (default: 0x2000).
        Keys in the chip's eFuses (rsa_ds, ecdsa_peripheral) are not made: burning one cannot be undone.
        An older image is replaced where it holds no other key; anything else that has the name, only with --force.
dump    lists the entries and checks them: checksums, SHA-256, whether key and certificate belong together. Exit code 1
        when something is wrong. --extract writes each entry to a file, with the CSV that builds the image again.`,
    load: () => import('./secureCert'),
  },
  littlefs: {
    summary: 'build a LittleFS partition image from a folder',
    usage: `Usage: secure-iot littlefs build FOLDER OUT.bin SIZE [--block-size 4096] [--name-max 64] [--force] [--json]

SIZE as in the partition table, such as 0x100000. For ESP8266: --block-size 8192 --name-max 32. An older image of
a folder is replaced; anything else that has the name OUT.bin, only with --force.`,
    load: () => import('./littlefs'),
  },
  sub: {
    summary: 'print the messages of a broker as they come',
    usage: subUsage,
    load: () => import('./sub'),
  },
  pub: {
    summary: 'publish messages to a broker',
    usage: pubUsage,
    load: () => import('./pub'),
  },
  probe: {
    summary: 'test the TLS of a broker, and what each board makes of it',
    usage: `Usage: secure-iot probe mqtts://HOST:PORT [--ca FILE] [--cert FILE --key FILE] [--servername NAME]
                       [--timeout MS] [--json | --markdown | --sarif]

Versions, cipher suites, chain, names, client certificates, resumption, fragment sizes, and whether it works on an
ESP8266 and on each ESP32 framework. Without --ca the well-known roots are trusted. The passphrase of an encrypted key
is read from SECURE_IOT_KEY_PASSPHRASE. Makes about sixty short connections, which the broker logs.

Exit code: 0 the chain is trusted and the name matches; 1 it is not; 2 could not connect or there is no TLS.`,
    load: () => import('./probe'),
  },
  provision: {
    summary: "put a device's certificates and key into a board",
    usage: `Usage: secure-iot provision --port PORT --device NAME [--certs certs] [--into nvs|secure-cert|littlefs]
                            [--namespace tls] [--partition LABEL] [--keys NVS-KEYS.bin] [--reuse]
                            [--issue [--passphrase-file FILE]] [--baud RATE] [--json]
       secure-iot provision --queue [--devices NAMES.txt] [--port PORT[,PORT]] [--certs certs] [--into …] [--json]

Writes the CA, the device's certificate and its key into a partition of the board and verifies it. What else is in there
stays, such as Wi-Fi credentials, and a copy of it goes to certs/backups. One firmware serves all boards.
  --into    nvs: root_ca, device_cert, device_key in --namespace, as the firmware template "nvs" reads them; encrypted
            where the board has an nvs_keys partition. secure-cert: the partition esp_secure_cert (the default where the
            board has one). littlefs: ca.pem, device.pem, device.key, as the template "littlefs" reads them
  --keys    keys of an encrypted NVS that are not on the board
  --reuse   also when another board has this identity already
  --issue   makes the device's certificate first, where there is none yet
  --queue   takes the next device for each board that is plugged in: those of NAMES.txt (one a line, or the first column
            of a CSV), or all of the folder. certs/provisioned.csv says which board is what; Ctrl+C ends it, the same call
            goes on. Exit code 1 while devices are left`,
    load: () => import('./provision'),
  },
  labels: {
    summary: 'make a page of labels for the boards that were provisioned',
    usage: `Usage: secure-iot labels OUT.html [--certs certs] [--force]

For each board of certs/provisioned.csv: the name of the device, the MAC, the fingerprint of its certificate, and a QR code
of all three. Open the page in a browser and print it. A file that is there is replaced with --force only.`,
    load: () => import('./labels'),
  },
  payload: {
    summary: 'decrypt and encrypt payloads of devices without TLS (AES-256-GCM)',
    usage: `Usage: secure-iot payload decrypt --topic TOPIC (--device NAME [--certs DIR] | --key-file FILE) [--hex] [--json] [FILE|-]
       secure-iot payload encrypt --topic TOPIC (--device NAME [--certs DIR] | --key-file FILE) [--hex] [FILE|-]
       secure-iot payload key --device NAME [--certs DIR]

decrypt   opens a message of the firmware template "payload-encryption". It must come on the topic it was sealed for.
encrypt   seals a command for a device: pipe it into "mosquitto_pub -s".
key       names the file of the device's key in the certificates folder, and makes it where it is missing
  --hex   the sealed message is hexadecimal text, as "mosquitto_sub -F %x" prints it`,
    load: () => import('./payload'),
  },
  update: {
    summary: 'sign firmware updates, and send them to boards over MQTT',
    usage: `Usage: secure-iot update sign IMAGE [--certs DIR] [--out FILE]
       secure-iot update send FILE --host HOST --device NAME --as NAME [--port 8883] [--prefix devices] [--certs DIR]

For firmware of the template "rotation-ota".
sign   signs an image with update/signing.key of the certificates folder (default: certs); writes IMAGE.signed
send   connects to the broker with the certificate of --as (an operator's or a device's) and hands the update to the board, piece by piece
  --prefix PREFIX   what the board's topics start with`,
    load: () => import('./update'),
  },
  partitions: {
    summary: 'show a partition table, build one from CSV, or write one to a board',
    usage: `Usage: secure-iot partitions FILE [--offset 0x8000] [--json]
       secure-iot partitions --port PORT [--baud RATE] [--json]
       secure-iot partitions build IN.csv OUT.bin [--offset 0x8000] [--force] [--json]
       secure-iot partitions write FILE --port PORT [--baud RATE] [--force] [--json]

FILE is ESP-IDF's CSV, the image of a table, or a whole flash. Missing offsets are filled in, and the table is checked:
order, overlaps, alignment, names, otadata. build writes the image that gen_esp32part.py writes. It
replaces an older one; anything else that has the name OUT.bin, only with --force. write tells what changes on the board,
and puts the table there; what is in the partitions stays where it is. With --force also when the board's application is
in no partition of it. --offset is where the table lies (CONFIG_PARTITION_TABLE_OFFSET);
on a board it is found by itself.`,
    load: () => import('./partitions'),
  },
  mosquitto: {
    summary: 'write a hardened mosquitto.conf from your certificates; explain a mosquitto log',
    usage: `Usage: secure-iot mosquitto --out DIR [--dir certs] [--name BROKER] [--port 8883] [--login certificate|password]
                           [--server | --compose] [--admin NAME]… [--crl FILE | --no-crl] [--plain-port PORT]
       secure-iot mosquitto --explain-log FILE|- [--json]

Writes mosquitto.conf, acl and INSTALL.md (the steps to run it) to DIR; a file that is there is never overwritten. TLS
only, nobody anonymous, every device under devices/NAME/ only, where NAME is its certificate's common name or its user
name. --admin lets a user name use every topic. The revocation list ca/ca.crl is used where there is one; --crl names
another one inside the certificates folder. --server and --compose make it for another machine or for a container.
--plain-port also opens MQTT without TLS, for this machine only and with a password.`,
    load: () => import('./mosquitto'),
  },
  'broker-settings': {
    summary: 'settings of EMQX, HiveMQ or AWS IoT Core for your certificates, to paste',
    usage: `Usage: secure-iot broker-settings emqx|hivemq|aws [--dir certs] [--name BROKER] [--port 8883]

Prints Markdown: what to copy, what to write into which file, and how to test it.`,
    load: () => import('./brokerSettings'),
  },
};
