#include "WiFiClientSecure.h"
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../device/bearsslFiles.h"
#include "bearsslTexts.h"

namespace BearSSL {

static const unsigned long HANDSHAKE_MS = 15000;

bool X509List::append(const char *pem) {
  size_t before = certificates_.size();
  bearssl_bytes der;
  while (bearssl_next_block(&pem, "CERTIFICATE", &der)) {
    br_x509_trust_anchor anchor;
    if (!bearssl_anchor(&der, &anchor)) return false;
    certificates_.push_back({der.data, der.length});
    anchors_.push_back(anchor);
  }
  return certificates_.size() > before;
}

bool PrivateKey::parse(const char *pem) {
  bearssl_bytes der;
  br_skey_decoder_init(&decoder_);
  if (!bearssl_next_block(&pem, "PRIVATE KEY", &der)) return false;
  br_skey_decoder_push(&decoder_, der.data, der.length);
  return br_skey_decoder_last_error(&decoder_) == 0;
}

// Records as large as asked for and what TLS adds to them: MAX_IN_OVERHEAD and MAX_OUT_OVERHEAD of BearSSL's engine.
void WiFiClientSecure::setBufferSizes(int receive, int send) {
  in_.resize(std::max(512, std::min(16384, receive)) + 325);
  out_.resize(std::max(512, std::min(16384, send)) + 85);
}

int WiFiClientSecure::connect(const char *host, uint16_t port) {
  IPAddress address;
  return hostResolve(host, address) ? open(address, port, host) : 0;
}

int WiFiClientSecure::open(IPAddress address, uint16_t port, const char *name) {
  closeSocket();
  started_ = done_ = false;
  answer_.clear();
  toSend_.clear();
  if (in_.empty()) setBufferSizes(16384, 512);
  socket_ = hostTcpConnect(address, port, HANDSHAKE_MS);
  if (socket_ < 0) return 0;
  started_ = true;
  br_ssl_client_init_full(&client_, &x509_, nullptr, 0);
  bearssl_minimal(&x509_, anchors_ ? anchors_->getTrustAnchors() : nullptr, anchors_ ? anchors_->getCount() : 0);
  br_ssl_engine_set_x509(&client_.eng, &x509_.vtable);
  br_ssl_engine_add_flags(&client_.eng, BR_OPT_NO_RENEGOTIATION);
  br_ssl_engine_set_buffers_bidi(&client_.eng, in_.data(), in_.size(), out_.data(), out_.size());
  if (key_ && key_->isRSA()) {
    br_ssl_client_set_single_rsa(&client_, chain_->getX509Certs(), chain_->getCount(), key_->getRSA(),
                                 br_rsa_pkcs1_sign_get_default());
  } else if (key_ && key_->isEC()) {
    br_ssl_client_set_single_ec(&client_, chain_->getX509Certs(), chain_->getCount(), key_->getEC(), usages_,
                                issuerKeyType_, br_ec_get_default(), br_ecdsa_sign_asn1_get_default());
  }
  if (session_) br_ssl_engine_set_session_parameters(&client_.eng, session_->getSession());
  if (!br_ssl_client_reset(&client_, name, session_ ? 1 : 0)) return 0;
  done_ = runUntil(BR_SSL_SENDAPP, true);
  return done_ ? 1 : 0;
}

// True once the engine is in a state of `target`. Without `wait` false as soon as nothing moves.
bool WiFiClientSecure::runUntil(unsigned target, bool wait) {
  unsigned long start = millis();
  while (started_ && millis() - start < HANDSHAKE_MS) {
    unsigned state = br_ssl_engine_current_state(&client_.eng);
    if (state & BR_SSL_CLOSED) return false;
    if (!(state & BR_SSL_SENDREC) && (state & target)) return flushSocket();
    if (!exchange(state, wait)) return false;
  }
  return false;
}

// One record to lwIP's send buffer, that buffer to the broker, or bytes from the broker. False where nothing moved, or the
// line is lost (which BearSSL is not told). lwIP takes a whole flight sooner than an answer can come over Wi-Fi; sent
// record by record over loopback, the broker's alert and reset would overtake the rest of it.
bool WiFiClientSecure::exchange(unsigned state, bool wait) {
  if (socket_ < 0) return false;
  size_t length;
  if (state & BR_SSL_SENDREC) {
    const unsigned char *record = br_ssl_engine_sendrec_buf(&client_.eng, &length);
    toSend_.append(reinterpret_cast<const char *>(record), length);
    br_ssl_engine_sendrec_ack(&client_.eng, length);
    return true;
  }
  if (!flushSocket()) return false;
  pollfd ready = {socket_, POLLIN, 0};
  if (poll(&ready, 1, wait ? 100 : 0) <= 0) return wait;
  unsigned char *buffer = br_ssl_engine_recvrec_buf(&client_.eng, &length);
  if (!buffer) return false;
  ssize_t count = ::recv(socket_, buffer, length, 0);
  if (count <= 0) {
    closeSocket();
    return false;
  }
  if (answer_.size() < 512) answer_.append(reinterpret_cast<char *>(buffer), count);
  br_ssl_engine_recvrec_ack(&client_.eng, count);
  return true;
}

bool WiFiClientSecure::flushSocket() {
  while (socket_ >= 0 && !toSend_.empty()) {
    pollfd ready = {socket_, POLLOUT, 0};
    poll(&ready, 1, 1000);
    ssize_t count = ::send(socket_, toSend_.data(), toSend_.size(), MSG_NOSIGNAL);
    if (count <= 0) closeSocket();
    else toSend_.erase(0, count);
  }
  return socket_ >= 0;
}

int WiFiClientSecure::available() {
  if (!done_ || !runUntil(BR_SSL_RECVAPP, false)) return 0;
  size_t length = 0;
  return br_ssl_engine_recvapp_buf(&client_.eng, &length) ? static_cast<int>(length) : 0;
}

int WiFiClientSecure::read() {
  uint8_t byte;
  return read(&byte, 1) == 1 ? byte : -1;
}

int WiFiClientSecure::read(uint8_t *buffer, size_t size) {
  if (available() <= 0) return connected() ? 0 : -1;
  size_t length;
  unsigned char *bytes = br_ssl_engine_recvapp_buf(&client_.eng, &length);
  size_t count = std::min(size, length);
  memcpy(buffer, bytes, count);
  br_ssl_engine_recvapp_ack(&client_.eng, count);
  return static_cast<int>(count);
}

size_t WiFiClientSecure::write(const uint8_t *bytes, size_t size) {
  size_t sent = 0;
  while (done_ && sent < size && runUntil(BR_SSL_SENDAPP, true)) {
    size_t room;
    unsigned char *buffer = br_ssl_engine_sendapp_buf(&client_.eng, &room);
    size_t count = std::min(size - sent, room);
    memcpy(buffer, bytes + sent, count);
    br_ssl_engine_sendapp_ack(&client_.eng, count);
    br_ssl_engine_flush(&client_.eng, 0);
    sent += count;
  }
  if (done_) runUntil(BR_SSL_SENDAPP, true);
  return sent;
}

void WiFiClientSecure::stop() {
  if (done_ && session_) br_ssl_engine_get_session_parameters(&client_.eng, session_->getSession());
  started_ = done_ = false;
  closeSocket();
}

uint8_t WiFiClientSecure::connected() {
  if (available() > 0) return true;
  return done_ && socket_ >= 0 && br_ssl_engine_current_state(&client_.eng) != BR_SSL_CLOSED;
}

// Kept after a failed connect(), forgotten by stop(), as in the core.
int WiFiClientSecure::getLastSSLError(char *text, size_t size) {
  int error = started_ ? br_ssl_engine_last_error(&client_.eng) : 0;
  if (text) snprintf(text, size, "%s", bearsslText(error));
  return error;
}

void WiFiClientSecure::closeSocket() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

// A client with such buffers asks for records that fit them; the ServerHello says whether the broker agreed.
bool WiFiClientSecure::probeMaxFragmentLength(const char *host, uint16_t port, uint16_t length) {
  WiFiClientSecure probe;
  probe.setBufferSizes(length, length);
  probe.connect(host, port);
  const std::string &hello = probe.answer_;
  auto number = [&hello](size_t at) {
    return at + 1 < hello.size() ? static_cast<uint8_t>(hello[at]) << 8 | static_cast<uint8_t>(hello[at + 1]) : 0;
  };
  const size_t sessionAt = 5 + 4 + 2 + 32;  // record header, message header, version, random
  if (hello.size() <= sessionAt || hello[0] != 22) return false;
  size_t at = sessionAt + 1 + static_cast<uint8_t>(hello[sessionAt]) + 2 + 1;
  const size_t end = at + 2 + number(at);
  for (at += 2; at + 4 <= end; at += 4 + number(at + 2)) {
    if (number(at) == 1) return true;  // max_fragment_length, RFC 6066
  }
  return false;
}

}  // namespace BearSSL
