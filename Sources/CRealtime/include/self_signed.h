// A certificate for HTTPS where no authority has given one: browsers open the microphone to secure pages only.
#ifndef CREALTIME_SELF_SIGNED_H
#define CREALTIME_SELF_SIGNED_H

#include <stdbool.h>
#include <stddef.h>

// A self-signed ECDSA P-256 certificate and its key as PEM texts, which the caller frees.
//
// `alternative_names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1". False when the library failed.
bool rt_self_signed_pem(const char *alternative_names, int days, char **certificate, char **key);

#endif
