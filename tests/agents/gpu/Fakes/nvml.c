/* Stands in for the driver's libnvidia-ml: two GPUs, the second an old one that tells little, the first optionally split by MIG (environment FAKE_MIG). Layouts as in nvml.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct { unsigned int gpu, memory; } utilization;
typedef struct { unsigned long long total, free, used; } memory;
typedef struct { unsigned int version, sensor; int celsius; } temperature;
typedef struct { unsigned int pid; unsigned long long used; unsigned int gi, ci; } process;
typedef struct { unsigned int pid; unsigned long long time; unsigned int sm, mem, enc, dec; } share;
typedef struct { void *device; unsigned long long type, data; unsigned int gi, ci; } event;

enum { OK = 0, INVALID = 2, UNSUPPORTED = 3, NOT_FOUND = 6, SMALL = 7, NO_DRIVER = 9, TIMED_OUT = 10, LOST = 15 };

static char gpu0, gpu1, part0, part1, events;
static int xids = 0, mig = 0, lost = 0, readings = 0;

/* From the second reading on, the first GPU is gone: "bus", "values" (it is listed, and tells nothing) or "list" (environment FAKE_FALLS). */
static int falls(const char *how) { const char *set = getenv("FAKE_FALLS"); return set && readings > 1 && strcmp(set, how) == 0; }

int nvmlInit_v2(void) {
    mig = getenv("FAKE_MIG") != NULL;
    lost = getenv("FAKE_LOST") != NULL;
    return getenv("FAKE_NO_DRIVER") ? NO_DRIVER : OK;
}
int nvmlShutdown(void) { return OK; }
int nvmlSystemGetDriverVersion(char *text, unsigned int length) { strncpy(text, "550.54.15", length); return OK; }
int nvmlDeviceGetCount_v2(unsigned int *count) {
    while (getenv("FAKE_HANG")) sleep(1000);
    readings++;
    *count = getenv("FAKE_ONE") || falls("list") ? 1 : 2;
    return OK;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
    if (index == 0 && (lost || falls("bus"))) return LOST;
    *device = index == 0 && !falls("list") ? &gpu0 : &gpu1;
    return OK;
}
int nvmlDeviceGetName(void *device, char *text, unsigned int length) {
    strncpy(text, device == &gpu0 ? "NVIDIA A100-SXM4-40GB" : device == &gpu1 ? "Tesla K80" : "NVIDIA A100-SXM4-40GB MIG 1g.5gb", length);
    return OK;
}
int nvmlDeviceGetUUID(void *device, char *text, unsigned int length) {
    strncpy(text, device == &gpu0 ? "GPU-aaaa" : device == &gpu1 ? "GPU-bbbb" : device == &part0 ? "MIG-0001" : "MIG-0002", length);
    return OK;
}
int nvmlDeviceGetUtilizationRates(void *device, utilization *value) {
    if (mig && device == &gpu0) return UNSUPPORTED;
    if (device == &gpu0 && falls("values")) return LOST;
    if (device != &gpu0 && device != &gpu1) return UNSUPPORTED;
    value->gpu = device == &gpu0 ? 87 : 3;
    value->memory = device == &gpu0 ? 41 : 1;
    return OK;
}
int nvmlDeviceGetMemoryInfo(void *device, memory *value) {
    unsigned long long mib = 1024 * 1024;
    value->total = (device == &gpu0 ? 40960 : device == &gpu1 ? 11441 : 4864) * mib;
    value->used = (device == &gpu0 ? 30000 : device == &gpu1 ? 63 : 2000) * mib;
    value->free = value->total - value->used;
    return OK;
}
int nvmlDeviceGetTemperatureV(void *device, temperature *value) {
    if (value->version != (1u << 24 | 12)) return 25;
    if (device != &gpu0) return UNSUPPORTED;
    value->celsius = 64;
    return OK;
}
int nvmlDeviceGetTemperature(void *device, unsigned int sensor, unsigned int *value) { *value = 38; return OK; }
int nvmlDeviceGetPowerUsage(void *device, unsigned int *milliwatts) { if (device != &gpu0) return UNSUPPORTED; *milliwatts = 312500; return OK; }
int nvmlDeviceGetTotalEnergyConsumption(void *device, unsigned long long *millijoules) { if (device != &gpu0) return UNSUPPORTED; *millijoules = 5000000999ULL; return OK; }
int nvmlDeviceGetClockInfo(void *device, unsigned int type, unsigned int *mhz) { if (device != &gpu0) return UNSUPPORTED; *mhz = type == 1 ? 1410 : type == 2 ? 1215 : 1; return OK; }
int nvmlDeviceGetCurrentClocksThrottleReasons(void *device, unsigned long long *reasons) { if (device != &gpu0) return UNSUPPORTED; *reasons = 0x24; return OK; }
int nvmlDeviceGetTotalEccErrors(void *device, unsigned int type, unsigned int counter, unsigned long long *count) {
    if (device != &gpu0 || counter != 0) return UNSUPPORTED;
    *count = type == 0 ? 17 : 2;
    return OK;
}
int nvmlDeviceGetPcieThroughput(void *device, unsigned int counter, unsigned int *kib) { if (device != &gpu0) return UNSUPPORTED; *kib = counter == 0 ? 1111 : 2222; return OK; }
int nvmlDeviceGetMigMode(void *device, unsigned int *current, unsigned int *pending) { if (device != &gpu0) return UNSUPPORTED; *current = *pending = mig; return OK; }
int nvmlDeviceGetMaxMigDeviceCount(void *device, unsigned int *count) { *count = 7; return OK; }
int nvmlDeviceGetMigDeviceHandleByIndex(void *device, unsigned int index, void **part) {
    if (index > 1) return NOT_FOUND;
    *part = index == 0 ? &part0 : &part1;
    return OK;
}
int nvmlDeviceGetGpuInstanceId(void *device, unsigned int *id) { *id = device == &part0 ? 7 : 8; return OK; }
int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned int *count, process *found) {
    unsigned int there = device == &gpu0 ? 2 : 0, room = *count;
    *count = there;
    if (there == 0) return OK;
    if (room < there || !found) return SMALL;
    process first = { 4242, 20000ULL * 1024 * 1024, mig ? 8 : ~0u, ~0u }, second = { 4343, ~0ULL, mig ? 7 : ~0u, ~0u };
    found[0] = first;
    found[1] = second;
    return OK;
}
int nvmlDeviceGetProcessUtilization(void *device, share *found, unsigned int *count, unsigned long long since) {
    if (device != &gpu0) return UNSUPPORTED;
    if (since >= 2000) return NOT_FOUND;
    if (!found) { *count = 2; return SMALL; }
    share first = { 4242, 1000, 60, 10, 0, 0 }, second = { 4242, 2000, 80, 10, 0, 0 };
    found[0] = first;
    found[1] = second;
    *count = 2;
    return OK;
}
/* Performance monitoring of instances (environment FAKE_GPM): each sample is a count of its instance; the use between two is 10 percent and the instance's id for each step. */
typedef struct { unsigned int version, supported; } gpm_support;
typedef struct { unsigned int id; int result; double value; char *short_name, *long_name, *unit; } gpm_metric;
typedef struct { unsigned int version, count; void *earlier, *later; gpm_metric metrics[1]; } gpm_metrics;
typedef struct { unsigned int instance, step; } gpm_sample;
static int gpm_open = 0, gpm_steps = 0;
int nvmlGpmQueryDeviceSupport(void *device, gpm_support *value) {
    if (value->version != 1) return 25;
    value->supported = device == &gpu0 && getenv("FAKE_GPM") != NULL;
    return OK;
}
int nvmlGpmSampleAlloc(void **sample) { gpm_open++; *sample = calloc(1, sizeof(gpm_sample)); return OK; }
int nvmlGpmSampleFree(void *sample) { gpm_open--; free(sample); return OK; }
int nvmlGpmMigSampleGet(void *device, unsigned int instance, void *sample) {
    gpm_sample *taken = sample;
    if (device != &gpu0) return INVALID;
    taken->instance = instance;
    taken->step = gpm_steps++ / 2; /* two instances are read each time */
    return OK;
}
int nvmlGpmMetricsGet(gpm_metrics *value) {
    gpm_sample *earlier = value->earlier, *later = value->later;
    if (value->version != 1) return 25;
    if (value->count != 1 || value->metrics[0].id != 1 || earlier->instance != later->instance || gpm_open > 3) return INVALID;
    value->metrics[0].result = OK;
    value->metrics[0].value = later->step - earlier->step == 1 ? 10.0 + later->instance : 99.0;
    return OK;
}
int nvmlSystemGetProcessName(unsigned int pid, char *text, unsigned int length) {
    if (pid != 4242) return NOT_FOUND;
    strncpy(text, "/usr/bin/python3 train.py --token=secret", length);
    return OK;
}
int nvmlEventSetCreate(void **set) { *set = &events; return OK; }
int nvmlEventSetFree(void *set) { return set == &events ? OK : INVALID; }
int nvmlDeviceRegisterEvents(void *device, unsigned long long types, void *set) { return device == &gpu0 && types == 8 && set == &events ? OK : UNSUPPORTED; }
int nvmlEventSetWait_v2(void *set, event *data, unsigned int milliseconds) {
    if (xids++ != 1) return TIMED_OUT; /* one error, before the second reading */
    event found = { &gpu0, 8, 79, ~0u, ~0u };
    *data = found;
    return OK;
}
