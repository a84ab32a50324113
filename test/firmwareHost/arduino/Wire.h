#pragma once
class TwoWire {
public:
  bool begin() { return true; }
};
extern TwoWire Wire;
