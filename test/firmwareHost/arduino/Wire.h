#pragma once
class TwoWire {
public:
  bool begin() { return true; }
};
inline TwoWire Wire;
