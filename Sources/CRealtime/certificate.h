#ifndef CREALTIME_CERTIFICATE_H
#define CREALTIME_CERTIFICATE_H

#include <openssl/ssl.h>

#include "CRealtime.h"

// The settings of connections made with this certificate; reference-counted by OpenSSL.
SSL_CTX *rt_certificate_context(const rt_certificate *certificate);

#endif
