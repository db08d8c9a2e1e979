// The few functions of ONNX Runtime and espeak-ng that hearing and speaking need.
//
// Neither library is linked: the speech worker opens both at run time, so that everything else builds and runs without
// them. ONNX Runtime's functions are entries of a table that only ever grows at its end, so they are called by their
// index in it. Wheels carry the library without its header; these are our own declarations.
#ifndef CSPEECH_H
#define CSPEECH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: ONNX Runtime

typedef struct ort_environment ort_environment;
typedef struct ort_session_options ort_session_options;
typedef struct ort_session ort_session;
typedef struct ort_memory_info ort_memory_info;
typedef struct ort_value ort_value;
typedef struct ort_status ort_status;

// The opened library.
typedef struct {
    void *library;
    void *const *functions;
    const char *version;
} ort_runtime;

// Element types of tensors, as ONNX numbers them.
enum { ort_float = 1, ort_int64 = 7, ort_bool = 9 };

// How far a graph is optimised before it runs.
enum { ort_optimise_nothing = 0, ort_optimise_basic = 1, ort_optimise_extended = 2, ort_optimise_all = 99 };

// Opens the library; false leaves a reason in `reason`.
bool ort_open(const char *path, ort_runtime *runtime, char *reason, size_t reason_size);

// A failed call returns a status, which `ort_take_message` turns into text and releases; success returns NULL.
void ort_take_message(const ort_runtime *runtime, ort_status *status, char *message, size_t size);

ort_status *ort_make_environment(const ort_runtime *runtime, const char *name, ort_environment **out);
ort_status *ort_make_session_options(const ort_runtime *runtime, ort_session_options **out);
void ort_release_session_options(const ort_runtime *runtime, ort_session_options *options);
ort_status *ort_set_threads(const ort_runtime *runtime, ort_session_options *options, int count);
ort_status *ort_set_optimisation(const ort_runtime *runtime, ort_session_options *options, int level);
ort_status *ort_set_entry(
    const ort_runtime *runtime, ort_session_options *options, const char *key, const char *value);
ort_status *ort_make_session(
    const ort_runtime *runtime, const ort_environment *environment, const void *model, size_t size,
    const ort_session_options *options, ort_session **out);
void ort_release_session(const ort_runtime *runtime, ort_session *session);
ort_status *ort_count_inputs(const ort_runtime *runtime, const ort_session *session, size_t *out);
ort_status *ort_count_outputs(const ort_runtime *runtime, const ort_session *session, size_t *out);
// The names are copied into `out`, cut to `size`.
ort_status *ort_input_name(
    const ort_runtime *runtime, const ort_session *session, size_t index, char *out, size_t size);
ort_status *ort_output_name(
    const ort_runtime *runtime, const ort_session *session, size_t index, char *out, size_t size);

ort_status *ort_make_cpu_memory_info(const ort_runtime *runtime, ort_memory_info **out);
// A tensor over memory of the caller, who keeps it alive.
ort_status *ort_make_tensor(
    const ort_runtime *runtime, const ort_memory_info *memory, void *data, size_t byte_count, const int64_t *shape,
    size_t rank, int element_type, ort_value **out);
void ort_release_value(const ort_runtime *runtime, ort_value *value);
ort_status *ort_tensor_data(const ort_runtime *runtime, ort_value *value, void **out);
// The shape of a tensor; fails when it has more than `capacity` dimensions.
ort_status *ort_tensor_shape(
    const ort_runtime *runtime, const ort_value *value, int64_t *shape, size_t capacity, size_t *rank,
    int *element_type);

ort_status *ort_run(
    const ort_runtime *runtime, ort_session *session, const char *const *input_names, const ort_value *const *inputs,
    size_t input_count, const char *const *output_names, size_t output_count, ort_value **outputs);

// MARK: espeak-ng

// The opened library. It keeps global state: one thread at a time may use it.
typedef struct {
    void *library;
    const char *(*text_to_phonemes)(const void **text, int text_mode, int phoneme_mode);
    int (*set_voice)(const char *name);
} espeak_library;

// Opens and starts the library with its own data; false leaves a reason in `reason`.
bool espeak_open(espeak_library *espeak, char *reason, size_t reason_size);

// The IPA of the next clause of UTF-8 `*text`, which is moved behind it, or to NULL at the end; valid until the next
// call.
const char *espeak_next_clause(const espeak_library *espeak, const char **text);

// MARK: The worker's process

// Starts a program whose standard input is `descriptor`, with no other file open but standard error, and no signal
// blocked or ignored. `arguments` ends with NULL. Returns 0, or an error number.
int speech_spawn(const char *path, char *const *arguments, int descriptor, int *process);

#endif
