// Settings of other brokers for the same certificates, to paste: EMQX 5, HiveMQ 4, AWS IoT Core.

export type BrokerProduct = 'emqx' | 'hivemq' | 'aws';

export const BROKER_PRODUCTS: Readonly<Record<BrokerProduct, { readonly label: string; readonly use: string }>> = {
  emqx: { label: 'EMQX 5', use: 'many devices, a cluster of your own' },
  hivemq: { label: 'HiveMQ 4 and HiveMQ CE', use: 'the same on Java' },
  aws: { label: 'AWS IoT Core', use: 'a broker that somebody else runs' },
};

export interface SettingsRequest {
  readonly port: number;
  /** Name of the pair in broker/, and of a device as an example; AWS brings a broker certificate of its own. */
  readonly broker: string;
  readonly device: string;
}

/** Markdown. The paths are those on the server; no secret is in it. */
export function brokerSettings(product: BrokerProduct, request: SettingsRequest): string {
  return SETTINGS[product](request);
}

const SETTINGS: Readonly<Record<BrokerProduct, (request: SettingsRequest) => string>> = { emqx, hivemq, aws };

/** https://docs.emqx.com: configuration/listener, network/emqx-mqtt-tls, access-control/authz/file. */
function emqx({ port, broker }: SettingsRequest): string {
  return `# EMQX 5 with your certificates

Copy \`ca/ca.crt\`, \`broker/${broker}.crt\` and \`broker/${broker}.key\` to \`/etc/emqx/certs\`; the key belongs to the user \`emqx\`, mode 600. The authority’s key stays with you.

In \`/etc/emqx/emqx.conf\`:

\`\`\`
listeners.tcp.default.enable = false   # no MQTT without TLS
listeners.ws.default.enable = false
listeners.wss.default.enable = false

listeners.ssl.default {
  bind = "0.0.0.0:${port}"
  ssl_options {
    cacertfile = "/etc/emqx/certs/ca.crt"
    certfile = "/etc/emqx/certs/${broker}.crt"
    keyfile = "/etc/emqx/certs/${broker}.key"
    versions = [tlsv1.3, tlsv1.2]
    verify = verify_peer               # mutual TLS
    fail_if_no_peer_cert = true
  }
}

mqtt.peer_cert_as_username = cn        # the certificate's common name is the user name

authorization {
  no_match = deny
  sources = [{ type = file, enable = true, path = "/etc/emqx/acl.conf" }]
}
\`\`\`

In \`/etc/emqx/acl.conf\`, in place of what is there:

\`\`\`erlang
%% Every device reads and writes under devices/NAME/ and nowhere else.
{allow, all, all, ["devices/\${username}/#"]}.
{deny, all}.
\`\`\`

Then \`sudo systemctl restart emqx\`, and \`secure-iot probe mqtts://HOST:${port} --ca certs/ca/ca.crt\`.
`;
}

/** https://docs.hivemq.com: user-guide/listeners and security. HiveMQ CE 2024.6 was run with it, by hand. */
function hivemq({ port, broker }: SettingsRequest): string {
  return `# HiveMQ with your certificates

HiveMQ reads key stores. Make them from your files; both commands ask for a password:

\`\`\`sh
openssl pkcs12 -export -name broker -in certs/broker/${broker}.crt -inkey certs/broker/${broker}.key -out broker.p12
keytool -importcert -noprompt -alias ca -file certs/ca/ca.crt -storetype PKCS12 -keystore trust.p12
\`\`\`

In \`conf/config.xml\`. There is no \`<tcp-listener>\`: that would be MQTT without TLS.

\`\`\`xml
<hivemq>
  <listeners>
    <tls-tcp-listener>
      <port>${port}</port>
      <bind-address>0.0.0.0</bind-address>
      <tls>
        <protocols>
          <protocol>TLSv1.3</protocol>
          <protocol>TLSv1.2</protocol>
        </protocols>
        <keystore>
          <path>conf/broker.p12</path>
          <password>PASSWORD OF broker.p12</password>
          <private-key-password>PASSWORD OF broker.p12</private-key-password>
        </keystore>
        <client-authentication-mode>REQUIRED</client-authentication-mode>
        <truststore>
          <path>conf/trust.p12</path>
          <password>PASSWORD OF trust.p12</password>
        </truststore>
      </tls>
    </tls-tcp-listener>
  </listeners>
</hivemq>
\`\`\`

Who may use which topic is decided by an extension: HiveMQ itself lets every client that TLS lets in use every topic. Then \`secure-iot probe mqtts://HOST:${port} --ca certs/ca/ca.crt\`.
`;
}

/** A policy variable that AWS fills in. */
const COMMON_NAME = ['$', '{iot:Certificate.Subject.CommonName}'].join('');

/** https://docs.aws.amazon.com/iot: register-CA and multi-account certificates, policy variables, protocols and ports. */
function aws({ device }: SettingsRequest): string {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      statement('iot:Connect', `client/${COMMON_NAME}`),
      statement(['iot:Publish', 'iot:Receive'], `topic/devices/${COMMON_NAME}/*`),
      statement('iot:Subscribe', `topicfilter/devices/${COMMON_NAME}/*`),
    ],
  };
  return `# AWS IoT Core with your device certificates

AWS brings the broker and its certificate, so boards hold **Amazon Root CA 1** (https://www.amazontrust.com/repository/AmazonRootCA1.pem) in place of your authority. Your device certificates stay: AWS takes them without knowing your authority when they are registered one by one.

\`policy.json\`: every device connects with its common name as client id, and uses its own topics only.

\`\`\`json
${JSON.stringify(policy, undefined, 2)}
\`\`\`

\`\`\`sh
aws iot create-policy --policy-name device --policy-document file://policy.json
ARN=$(aws iot register-certificate-without-ca --certificate-pem file://certs/devices/${device}.crt \\
  --status ACTIVE --query certificateArn --output text)
aws iot attach-policy --policy-name device --target "$ARN"
aws iot describe-endpoint --endpoint-type iot:Data-ATS --query endpointAddress --output text
\`\`\`

The last line prints the host for the sketch; the port is 8883. Test it with \`secure-iot probe mqtts://HOST:8883 --ca AmazonRootCA1.pem --cert certs/devices/${device}.crt --key certs/devices/${device}.key\`.
`;
}

function statement(action: string | readonly string[], resource: string) {
  return { Effect: 'Allow', Action: action, Resource: `arn:aws:iot:*:*:${resource}` };
}
