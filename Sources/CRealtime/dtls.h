// What the SRTP part needs of a DTLS connection.

#ifndef CREALTIME_DTLS_H
#define CREALTIME_DTLS_H

#include <openssl/ssl.h>

#include "CRealtime.h"

SSL *rt_dtls_ssl(const rt_dtls *dtls);

#endif
