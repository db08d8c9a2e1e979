#include "cspeech.h"

#include <dlfcn.h>
#include <stdio.h>

enum { synchronous_output = 2, do_not_exit = 0x8000, utf8_text = 1, ipa_phonemes = 2 };

bool espeak_open(espeak_library *espeak, char *reason, size_t reason_size) {
    void *library = dlopen("libespeak-ng.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(reason, reason_size, "%s", dlerror());
        return false;
    }
    int (*initialize)(int, int, const char *, int) =
        (int (*)(int, int, const char *, int))dlsym(library, "espeak_Initialize");
    espeak->library = library;
    espeak->text_to_phonemes =
        (const char *(*)(const void **, int, int))dlsym(library, "espeak_TextToPhonemes");
    espeak->set_voice = (int (*)(const char *))dlsym(library, "espeak_SetVoiceByName");
    if (!initialize || !espeak->text_to_phonemes || !espeak->set_voice) {
        snprintf(reason, reason_size, "libespeak-ng.so.1 lacks espeak_TextToPhonemes");
        return false;
    }
    // Without the flag a missing data directory ends the process.
    if (initialize(synchronous_output, 0, NULL, do_not_exit) < 0) {
        snprintf(reason, reason_size, "espeak-ng finds no data");
        return false;
    }
    return true;
}

const char *espeak_next_clause(const espeak_library *espeak, const char **text) {
    return espeak->text_to_phonemes((const void **)text, utf8_text, ipa_phonemes);
}
