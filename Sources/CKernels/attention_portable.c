#include "attention_body.h"

ANNIE_ATTENTION_FUNCTIONS(portable, )
