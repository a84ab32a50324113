// Who this device is: certificate and key from NVS, in two slots, so that a certificate that does not work costs nothing.
// Slot 0 is what "Provision Device…" writes. A renewal goes into the slot that is not in use, is tried, and is either
// taken over or given up.
#pragma once
#include <Preferences.h>
#include "newIdentity.h"
#include "secureClient.h"

class Identity {
public:
  static constexpr size_t NAME_BYTES = 65;  // a CN has at most 64
  static constexpr uint32_t TRIES = 3;

  // False, and said so, where the board was never provisioned.
  bool begin(char *name) {
    store_.begin("tls", false);
    ca_ = load("root_ca");
    uint32_t state = store_.getUInt("rotation", 0);
    active_ = state & 1;
    if (!ca_) return false;
    if (!loadSlot(active_)) {  // damaged flash: an identity of old is better than none
      active_ = 1 - active_;
      if (!loadSlot(active_)) return false;
    }
    if (readCommonName(certificate_, name, NAME_BYTES)) return true;
    Serial.println("[secure-iot] the device certificate has no CN, or is damaged");
    return false;
  }

  // Puts the certificate for the next attempt into the client. Attempts of a trial are counted in NVS beforehand, so a
  // certificate with which the board restarts runs out of tries too. What cannot be read is not on trial: else the old
  // certificate would connect, and the slot that cannot be read would be taken over.
  void prepare(SecureClient &tls) {
    uint32_t tries = triesLeft();
    onTrial_ = tries > 0 && setState(active_, tries - 1) && loadSlot(1 - active_);
    if (!onTrial_ && !loadSlot(active_)) return;
    tls.setCACert(ca_);
    tls.setCertificate(certificate_);
    tls.setPrivateKey(key_);
  }

  // To be called once the broker has taken the device. True where that ends a trial: the new certificate is the one now.
  bool accepted() {
    if (!onTrial_) return false;
    onTrial_ = false;
    active_ = 1 - active_;
    setState(active_, 0);
    return true;
  }

  // To be called when an attempt failed. True where that ends a trial: the old certificate stays.
  bool refused() {
    bool last = onTrial_ && triesLeft() == 0;
    onTrial_ = false;
    return last;
  }

  // Makes a key in the spare slot, and the request for its certificate. The key never leaves the board.
  bool request(const char *name, char *csr, size_t size) {
    static char key[512];
    bool made = makeKeyAndRequest(name, key, sizeof key, csr, size) && setState(active_, 0) &&
                store_.putString(keyName(1 - active_), key) > 0;
    memset(key, 0, sizeof key);
    return made;
  }

  // Takes the certificate for that key. Returns nullptr, or why it is no good.
  const char *offer(const char *pem, const char *name) {
    char *key = load(keyName(1 - active_), true);
    if (!key) return "no new key is waiting for a certificate";
    const char *reason = refuseCertificate(pem, key, name);
    memset(key, 0, strlen(key));
    free(key);
    if (reason) return reason;
    if (store_.putString(certificateName(1 - active_), pem) == 0 || !setState(active_, TRIES)) return "NVS is full";
    return nullptr;
  }

private:
  static const char *certificateName(uint32_t slot) { return slot == 0 ? "device_cert" : "device_cert_b"; }
  static const char *keyName(uint32_t slot) { return slot == 0 ? "device_key" : "device_key_b"; }

  // One number, so that a power cut leaves the one state or the other: bit 0 the slot in use, above it the tries that
  // the other slot has left.
  uint32_t triesLeft() { return store_.getUInt("rotation", 0) >> 1; }
  bool setState(uint32_t active, uint32_t tries) {
    uint32_t state = tries << 1 | active;
    return store_.getUInt("rotation", 0) == state || store_.putUInt("rotation", state) > 0;
  }

  // A copy on the heap, or nullptr. NVS strings have at most 4000 bytes.
  char *load(const char *name, bool quiet = false) {
    static char text[4000];
    char *copy = store_.getString(name, text, sizeof text) > 0 ? strdup(text) : nullptr;
    memset(text, 0, sizeof text);
    if (!copy && !quiet) Serial.printf("[secure-iot] NVS has no \"%s\" in \"tls\": provision the board (README.md)\n", name);
    return copy;
  }

  // The client keeps pointers, so the old copies go only when the new ones are there.
  bool loadSlot(uint32_t slot) {
    char *certificate = load(certificateName(slot)), *key = load(keyName(slot));
    if (!certificate || !key) {
      free(certificate);
      free(key);
      return false;
    }
    free(certificate_);
    free(key_);
    certificate_ = certificate;
    key_ = key;
    return true;
  }

  Preferences store_;
  char *ca_ = nullptr, *certificate_ = nullptr, *key_ = nullptr;
  uint32_t active_ = 0;
  bool onTrial_ = false;
};
