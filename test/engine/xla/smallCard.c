/* A PJRT plugin that is the one of SMALL_CARD_PLUGIN on a card with too little memory for two threads: after
   SMALL_CARD_CALLS executions the thread that comes next gets no more of it. Places as in src/engine/xla/api.ts. */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DESTROY = 0, MESSAGE = 1, CODE = 2, MEMORY = 34, EXECUTE = 55, STATS = 96, RESOURCE_EXHAUSTED = 8 };
enum { HEAD = 5, GIB = 30 };
typedef void *(*Function)(uint64_t *);

static Function real[512];
static uint64_t api[512 + HEAD];
static atomic_int calls, is_taken;
static int most;
static _Thread_local int is_out;
static const char text[] = "RESOURCE_EXHAUSTED: Out of memory while trying to allocate 5368709120 bytes.";

static int is_ours(const uint64_t *args) { return args[2] == (uint64_t)text; }

static void *execute(uint64_t *args) {
  if (!is_out && atomic_fetch_add(&calls, 1) >= most) is_out = !atomic_exchange(&is_taken, 1);
  return is_out ? (void *)text : real[EXECUTE](args);
}

static void *message(uint64_t *args) {
  if (!is_ours(args)) return real[MESSAGE](args);
  args[3] = (uint64_t)text;
  args[4] = strlen(text);
  return NULL;
}

static void *code(uint64_t *args) {
  if (!is_ours(args)) return real[CODE](args);
  args[3] = RESOURCE_EXHAUSTED;
  return NULL;
}

static void *destroy(uint64_t *args) { return is_ours(args) ? NULL : real[DESTROY](args); }

/* 5 of 8 GiB: one fits, two do not. */
static void *memory(uint64_t *args) {
  args[10] = 8ull << GIB;
  ((char *)args)[11 * 8] = 1;
  return NULL;
}

static void *stats(uint64_t *args) {
  memset(args + 3, 0, 5 * sizeof *args);
  args[7] = 5ull << GIB;
  return NULL;
}

void *GetPjrtApi(void) {
  void *library = dlopen(getenv("SMALL_CARD_PLUGIN"), RTLD_LAZY | RTLD_NODELETE);
  if (library == NULL) return NULL;
  const uint64_t *given = ((void *(*)(void))dlsym(library, "GetPjrtApi"))();
  size_t slots = given[0] / 8 - HEAD;
  if (slots > 512) slots = 512;
  memcpy(api, given, (slots + HEAD) * 8);
  memcpy(real, given + HEAD, slots * 8);
  most = atoi(getenv("SMALL_CARD_CALLS"));
  api[HEAD + DESTROY] = (uint64_t)destroy;
  api[HEAD + MESSAGE] = (uint64_t)message;
  api[HEAD + CODE] = (uint64_t)code;
  api[HEAD + MEMORY] = (uint64_t)memory;
  api[HEAD + EXECUTE] = (uint64_t)execute;
  api[HEAD + STATS] = (uint64_t)stats;
  return api;
}
