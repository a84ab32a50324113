#include "idfHost.h"
