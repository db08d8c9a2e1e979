#include "cspeech.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

// Positions in the table of functions. The table only grows at its end, so a position once given stays.
enum {
    position_get_error_message = 2,
    position_create_environment = 3,
    position_create_session_from_array = 8,
    position_run = 9,
    position_create_session_options = 10,
    position_set_optimisation_level = 23,
    position_set_intra_op_threads = 24,
    position_set_inter_op_threads = 25,
    position_input_count = 30,
    position_output_count = 31,
    position_input_name = 36,
    position_output_name = 37,
    position_create_tensor = 49,
    position_tensor_data = 51,
    position_element_type = 60,
    position_dimension_count = 61,
    position_dimensions = 62,
    position_type_and_shape = 65,
    position_create_cpu_memory_info = 69,
    position_allocator_free = 76,
    position_default_allocator = 78,
    position_release_status = 93,
    position_release_session = 95,
    position_release_value = 96,
    position_release_type_and_shape = 99,
    position_release_session_options = 100,
    position_add_entry = 130,
};

// The first release with all of the above is far older; this one is old enough to be in every build we meet.
enum { table_version = 17 };

enum { log_errors_only = 3, arena_allocator = 1, default_memory = 0 };

typedef struct {
    const void *(*table)(uint32_t version);
    const char *(*version)(void);
} ort_base;

typedef struct ort_allocator ort_allocator;
typedef struct ort_shape_info ort_shape_info;

// Calls the function at `position`, which returns a status and takes arguments of the types given.
#define CALL(position, types, ...) (((ort_status * (*)types) runtime->functions[position])(__VA_ARGS__))
#define RELEASE(position, value) (((void (*)(void *))runtime->functions[position])(value))

bool ort_open(const char *path, ort_runtime *runtime, char *reason, size_t reason_size) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(reason, reason_size, "%s", dlerror());
        return false;
    }
    const ort_base *(*get_base)(void) = (const ort_base *(*)(void))dlsym(library, "OrtGetApiBase");
    const ort_base *base = get_base ? get_base() : NULL;
    const void *table = base ? base->table(table_version) : NULL;
    if (!table) {
        snprintf(
            reason, reason_size, "%s is no ONNX Runtime with version %d of its function table", path, table_version);
        dlclose(library);
        return false;
    }
    *runtime = (ort_runtime){library, (void *const *)table, base->version()};
    return true;
}

void ort_take_message(const ort_runtime *runtime, ort_status *status, char *message, size_t size) {
    typedef const char *message_function(const ort_status *);
    snprintf(message, size, "%s", ((message_function *)runtime->functions[position_get_error_message])(status));
    RELEASE(position_release_status, status);
}

ort_status *ort_make_environment(const ort_runtime *runtime, const char *name, ort_environment **out) {
    return CALL(position_create_environment, (int, const char *, ort_environment **), log_errors_only, name, out);
}

ort_status *ort_make_session_options(const ort_runtime *runtime, ort_session_options **out) {
    return CALL(position_create_session_options, (ort_session_options **), out);
}

void ort_release_session_options(const ort_runtime *runtime, ort_session_options *options) {
    RELEASE(position_release_session_options, options);
}

ort_status *ort_set_threads(const ort_runtime *runtime, ort_session_options *options, int count) {
    ort_status *status = CALL(position_set_intra_op_threads, (ort_session_options *, int), options, count);
    return status ? status : CALL(position_set_inter_op_threads, (ort_session_options *, int), options, 1);
}

ort_status *ort_set_optimisation(const ort_runtime *runtime, ort_session_options *options, int level) {
    return CALL(position_set_optimisation_level, (ort_session_options *, int), options, level);
}

ort_status *ort_set_entry(
    const ort_runtime *runtime, ort_session_options *options, const char *key, const char *value) {
    return CALL(position_add_entry, (ort_session_options *, const char *, const char *), options, key, value);
}

ort_status *ort_make_session(
    const ort_runtime *runtime, const ort_environment *environment, const void *model, size_t size,
    const ort_session_options *options, ort_session **out) {
    return CALL(
        position_create_session_from_array,
        (const ort_environment *, const void *, size_t, const ort_session_options *, ort_session **), environment,
        model, size, options, out);
}

void ort_release_session(const ort_runtime *runtime, ort_session *session) {
    RELEASE(position_release_session, session);
}

ort_status *ort_count_inputs(const ort_runtime *runtime, const ort_session *session, size_t *out) {
    return CALL(position_input_count, (const ort_session *, size_t *), session, out);
}

ort_status *ort_count_outputs(const ort_runtime *runtime, const ort_session *session, size_t *out) {
    return CALL(position_output_count, (const ort_session *, size_t *), session, out);
}

static ort_status *copy_name(
    const ort_runtime *runtime, int position, const ort_session *session, size_t index, char *out, size_t size) {
    ort_allocator *allocator = NULL;
    char *name = NULL;
    ort_status *status = CALL(position_default_allocator, (ort_allocator **), &allocator);
    if (status) return status;
    status = CALL(
        position, (const ort_session *, size_t, ort_allocator *, char **), session, index, allocator, &name);
    if (status) return status;
    snprintf(out, size, "%s", name);
    return CALL(position_allocator_free, (ort_allocator *, void *), allocator, name);
}

ort_status *ort_input_name(
    const ort_runtime *runtime, const ort_session *session, size_t index, char *out, size_t size) {
    return copy_name(runtime, position_input_name, session, index, out, size);
}

ort_status *ort_output_name(
    const ort_runtime *runtime, const ort_session *session, size_t index, char *out, size_t size) {
    return copy_name(runtime, position_output_name, session, index, out, size);
}

ort_status *ort_make_cpu_memory_info(const ort_runtime *runtime, ort_memory_info **out) {
    return CALL(position_create_cpu_memory_info, (int, int, ort_memory_info **), arena_allocator, default_memory, out);
}

ort_status *ort_make_tensor(
    const ort_runtime *runtime, const ort_memory_info *memory, void *data, size_t byte_count, const int64_t *shape,
    size_t rank, int element_type, ort_value **out) {
    return CALL(
        position_create_tensor,
        (const ort_memory_info *, void *, size_t, const int64_t *, size_t, int, ort_value **), memory, data,
        byte_count, shape, rank, element_type, out);
}

void ort_release_value(const ort_runtime *runtime, ort_value *value) { RELEASE(position_release_value, value); }

ort_status *ort_tensor_data(const ort_runtime *runtime, ort_value *value, void **out) {
    return CALL(position_tensor_data, (ort_value *, void **), value, out);
}

ort_status *ort_tensor_shape(
    const ort_runtime *runtime, const ort_value *value, int64_t *shape, size_t capacity, size_t *rank,
    int *element_type) {
    ort_shape_info *info = NULL;
    ort_status *status = CALL(position_type_and_shape, (const ort_value *, ort_shape_info **), value, &info);
    if (status) return status;
    status = CALL(position_dimension_count, (const ort_shape_info *, size_t *), info, rank);
    if (!status) status = CALL(position_element_type, (const ort_shape_info *, int *), info, element_type);
    if (!status) {
        size_t count = *rank < capacity ? *rank : capacity;
        status = CALL(position_dimensions, (const ort_shape_info *, int64_t *, size_t), info, shape, count);
    }
    RELEASE(position_release_type_and_shape, info);
    return status;
}

ort_status *ort_run(
    const ort_runtime *runtime, ort_session *session, const char *const *input_names, const ort_value *const *inputs,
    size_t input_count, const char *const *output_names, size_t output_count, ort_value **outputs) {
    return CALL(
        position_run,
        (ort_session *, const void *, const char *const *, const ort_value *const *, size_t, const char *const *,
         size_t, ort_value **),
        session, NULL, input_names, inputs, input_count, output_names, output_count, outputs);
}
