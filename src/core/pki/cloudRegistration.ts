// The files that register devices at a cloud by their certificates: AWS IoT Core's bulk registration (a template, one
// line of parameters for each thing, a policy) and Azure's Device Provisioning Service (an enrollment group for each
// authority, individual enrollments in batches). Sources, read 2026-11: docs.aws.amazon.com/iot/latest/developerguide/
// provision-template.html, bulk-provisioning.html, create-your-CA-cert.html, iot-policy-actions.html, connect-policy.html;
// learn.microsoft.com/rest/api/iot-dps/service (2021-10-01) individual-enrollment/run-bulk-operation, enrollment-group.
import { UserError } from '../errors';

export interface RegisteredDevice {
  /** Common name: becomes the thing's name, or the registration id, which Azure wants to be the common name. */
  readonly name: string;
  /** PEM of the leaf alone. */
  readonly certificate: string;
  /** PEM of the authority that signed it. */
  readonly authority: string;
}

export const clouds = ['aws-iot', 'azure-dps'] as const;
export type Cloud = (typeof clouds)[number];

/** File name -> content. Nothing secret in it. Throws UserError for a name that the cloud does not take. */
export function registrationFiles(cloud: Cloud, devices: readonly RegisteredDevice[]): Record<string, string> {
  const authorities = [...new Set(devices.map(({ authority }) => authority))];
  const files = Object.fromEntries(authorities.map((pem, i) => [authorityFile(i), pem]));
  return { ...files, ...(cloud === 'aws-iot' ? awsFiles(devices) : azureFiles(devices, authorities)) };
}

const AWS_POLICY = 'secure-iot-device';
/** Of ThingName, in AWS's API. */
const THING_NAME = /^[a-zA-Z0-9:_-]{1,128}$/;

function awsFiles(devices: readonly RegisteredDevice[]): Record<string, string> {
  const reference = (name: string) => ({ Ref: name });
  const text = { Type: 'String' };
  const template = {
    Parameters: { ThingName: text, CertificatePem: text, CACertificatePem: text },
    Resources: {
      thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: reference('ThingName') } },
      certificate: {
        Type: 'AWS::IoT::Certificate',
        Properties: {
          CertificatePem: reference('CertificatePem'),
          CACertificatePem: reference('CACertificatePem'),
          Status: 'ACTIVE',
        },
      },
      policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: AWS_POLICY } },
    },
  };
  const lines = devices.map(({ name, certificate, authority }) => {
    if (!THING_NAME.test(name)) throw nameError(name, 'an AWS IoT thing', 'letters, digits, ":", "_" and "-"');
    return JSON.stringify({ ThingName: name, CertificatePem: certificate, CACertificatePem: authority });
  });
  return {
    'template.json': pretty(template),
    'things.jsonl': lines.map((line) => `${line}\n`).join(''),
    'policy.json': pretty(awsPolicy()),
  };
}

/**
 * A device connects under its own name and stays among its own topics, where the sketches made here publish by default.
 * `iot:Connect` without a condition also allows a Last Will; a retained message (the status) needs `iot:RetainPublish`.
 */
function awsPolicy(): unknown {
  const thing = `\${iot:Connection.Thing.ThingName}`;
  const allow = (actions: string | string[], resource: string) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: `arn:aws:iot:*:*:${resource}`,
  });
  return {
    Version: '2012-10-17',
    Statement: [
      allow('iot:Connect', `client/${thing}`),
      allow(['iot:Publish', 'iot:RetainPublish', 'iot:Receive'], `topic/devices/${thing}/*`),
      allow('iot:Subscribe', `topicfilter/devices/${thing}/*`),
    ],
  };
}

/** The service takes no more in one bulk operation. */
const AZURE_BATCH = 10;
/** Of a registration id, in the REST API: none of the special characters at either end. */
const REGISTRATION_ID = /^(?=.{1,128}$)[a-zA-Z0-9]+([._:-]+[a-zA-Z0-9]+)*$/;

function azureFiles(devices: readonly RegisteredDevice[], authorities: readonly string[]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [i, certificate] of authorities.entries()) {
    files[`enrollment-group${i === 0 ? '' : `-${i + 1}`}.json`] = pretty({
      enrollmentGroupId: `secure-iot${i === 0 ? '' : `-${i + 1}`}`,
      attestation: { type: 'x509', x509: { signingCertificates: { primary: { certificate } } } },
      provisioningStatus: 'enabled',
    });
  }
  const enrollments = devices.map(({ name, certificate }) => {
    if (!REGISTRATION_ID.test(name)) {
      throw nameError(
        name,
        'an Azure registration',
        'letters, digits, "-", ".", "_" and ":", with a letter or digit at each end',
      );
    }
    return {
      registrationId: name,
      attestation: { type: 'x509', x509: { clientCertificates: { primary: { certificate } } } },
      provisioningStatus: 'enabled',
    };
  });
  const batches = Math.ceil(enrollments.length / AZURE_BATCH);
  for (let batch = 0; batch < batches; batch++) {
    const part = enrollments.slice(batch * AZURE_BATCH, (batch + 1) * AZURE_BATCH);
    const number = String(batch + 1).padStart(String(batches).length, '0');
    files[`enrollments-${number}.json`] = pretty({ mode: 'create', enrollments: part });
  }
  return files;
}

/** What to do with the files, in order; for the reader. */
export function registrationSteps(cloud: Cloud, authorities: number): string[] {
  const each = Array.from({ length: authorities }, (_, i) => authorityFile(i));
  if (cloud === 'aws-iot') {
    return [
      `aws iot create-policy --policy-name ${AWS_POLICY} --policy-document file://policy.json`,
      ...each.map(
        (file) =>
          `aws iot register-ca-certificate --ca-certificate file://${file} --certificate-mode SNI_ONLY --set-as-active`,
      ),
      'aws s3 cp things.jsonl s3://YOUR-BUCKET/',
      'aws iot start-thing-registration-task --template-body file://template.json --input-file-bucket YOUR-BUCKET --input-file-key things.jsonl --role-arn YOUR-ROLE',
    ];
  }
  return [
    'Either all devices of an authority at once: PUT enrollment-group.json to https://YOUR-DPS.azure-devices-provisioning.net/enrollmentGroups/secure-iot?api-version=2021-10-01',
    'Or one by one: POST each enrollments-*.json to https://YOUR-DPS.azure-devices-provisioning.net/enrollments?api-version=2021-10-01',
  ];
}

function authorityFile(index: number): string {
  return `ca${index === 0 ? '' : `-${index + 1}`}.pem`;
}

function nameError(name: string, what: string, allowed: string): UserError {
  return new UserError(
    'registration-name',
    `"${name}" cannot name ${what}: it may have ${allowed}. Issue that device under another name, or revoke it to leave it out.`,
  );
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
