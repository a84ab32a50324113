// The core has BearSSL's headers in a folder of this name; Debian has not.
#pragma once
#include <bearssl.h>
