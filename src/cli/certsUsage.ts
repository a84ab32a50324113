// What `secure-iot certs --help` prints.
export const certsUsage = `Usage: secure-iot certs ACTION [options]

  ca --cn NAME                                     create the certificate authority
  ca --intermediate --cn NAME                      an authority below it, for daily signing with --issuer NAME
     [--path-length N] [--permit-dns DOMAIN]… [--permit-ip NETWORK]…   what the new authority may sign
     [--new-passphrase-file FILE]                  another passphrase for the key of the intermediate authority
  ca --import-cert FILE --import-key FILE          use an authority that you have (PEM); its key is encrypted anew
  ca --import-p12 FILE --import-passphrase-file FILE   the same from PKCS#12 (.p12, .pfx)
  broker --cn NAME [--dns NAME]… [--ip ADDRESS]…   issue a broker certificate
  device --cn NAME [--operator]                    issue a device (or operator) certificate
  fleet --count N --pattern "dev-{0001}"           issue many; run it again to go on after a stop
  fleet --csv FILE                                 the names are in the column "name"
  fleet … --again                                  also those issued before whose files are gone
  csr --cn NAME [--dns NAME]…                      make a key and a signing request for another authority
  sign FILE [--role device|broker|operator]        sign a request; its key stays where it was made
  export NAME --format FORMAT [--out FOLDER]       pem, der, p12, header, progmem, esp-idf
  export --manifest csv|json                       everything issued, without secrets, to standard output
  export --registration aws-iot|azure-dps [--out FOLDER]   the files that register all devices there
  renew NAME [--same-key] [--dns NAME]…            a new term; the old files stay as dated copies
  renew NAME --request FILE                        for the key of a signing request that the board made
  revoke NAME|SERIAL [--reason REASON]             revoke, and write ca/ca.crl for the broker
  crl                                              write ca/ca.crl anew before it ends
  list                                             what was issued, until when
  rehearse --on 2030-01-31                         what no longer works on that day, which sketches and boards carry it
  inspect FILE…                                    what is in it (PEM, DER, PKCS#12, a sketch), and what a board minds
  verify FILE… [--ca FILE]                         check chain, dates, purpose and key

  --dir FOLDER              the certificates folder (default: certs)
  --days N                  how long it is valid
  --key-type KIND           ecdsa-p256 (default), ecdsa-p384, rsa-2048, rsa-3072, rsa-4096
  --stack STACK             the boards' TLS stack: any (default), mbedtls-2.28, mbedtls-3, mbedtls-3.5, bearssl, bearssl-basic
  --crl-url URL             where clients can fetch the revocation list (a CRL distribution point)
  --issuer NAME             the intermediate authority that signs (default: the root)
  --passphrase-file FILE    the authority's passphrase (first line); else SECURE_IOT_CA_PASSPHRASE, else a prompt
  --export-passphrase-file FILE   a PKCS#12 file's passphrase; else SECURE_IOT_EXPORT_PASSPHRASE, else a prompt
  --json                    print records as JSON`;
