/* A disk that fails when it is told to, put under a program by LD_PRELOAD; SQLite goes through it like all else.
 *
 * It counts the calls that open, write, settle, cut, rename, remove, make or link something below FAULTY_FOLDER, and
 * makes the Nth fail. FAULTY_N (from 0), FAULTY_ERRNO (negative: half a write), FAULTY_LASTING (1: from then on) and
 * FAULTY_MASK (bits by kind) may stand in the environment; a program that knows of it calls faulty_arm instead.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum kind { READ_OPEN, OPEN, WRITE, SYNC, CUT, RENAME, REMOVE, MAKE, LINK };

#define MOST_FILES 65536
#define MOST_CALLS (1 << 20)

static char folder[4096];
static size_t length;
static unsigned char watched[MOST_FILES];
static unsigned char kinds[MOST_CALLS];
static long counter, target = -1, hits;
static int failure, lasting, mask = -1;

__attribute__((constructor)) static void begin(void) {
    const char *given = getenv("FAULTY_FOLDER");
    if (given != NULL && strlen(given) < sizeof folder) {
        strcpy(folder, given);
        length = strlen(folder);
    }
    if ((given = getenv("FAULTY_N")) != NULL) target = atol(given);
    if ((given = getenv("FAULTY_ERRNO")) != NULL) failure = atoi(given);
    if ((given = getenv("FAULTY_LASTING")) != NULL) lasting = atoi(given);
    if ((given = getenv("FAULTY_MASK")) != NULL) mask = atoi(given);
}

void faulty_arm(long nth, int what, int from_then_on, int which) {
    counter = hits = 0;
    target = nth;
    failure = what;
    lasting = from_then_on;
    mask = which;
}

/* Let the disk be well again; gives how many calls there were. */
long faulty_disarm(void) {
    target = -1;
    return counter;
}

long faulty_hits(void) { return hits; }

int faulty_kind(long nth) { return nth < MOST_CALLS ? kinds[nth] : -1; }

static int below(const char *path) {
    return length != 0 && path != NULL && strncmp(path, folder, length) == 0;
}

/* Whether this call is to fail; counts it. */
static int strikes(enum kind kind) {
    long nth = __atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST);
    if (nth < MOST_CALLS) kinds[nth] = (unsigned char)kind;
    if (target < 0 || nth < target || (!lasting && hits != 0) || !(mask & (1 << kind))) return 0;
    hits++;
    return 1;
}

static int refused(enum kind kind) {
    if (!strikes(kind)) return 0;
    errno = failure > 0 ? failure : EIO;
    return 1;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int kept(int file, int is_ours) {
    if (file >= 0 && file < MOST_FILES) watched[file] = (unsigned char)is_ours;
    return file;
}

static int ours(int file) { return file >= 0 && file < MOST_FILES && watched[file]; }

static enum kind kind_of(int flags) { return (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0 ? OPEN : READ_OPEN; }

#define OPENING(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list rest; \
            va_start(rest, flags); \
            mode = va_arg(rest, mode_t); \
            va_end(rest); \
        } \
        if (below(path) && refused(kind_of(flags))) return -1; \
        return kept(real(path, flags, mode), below(path)); \
    }

#define OPENING_AT(name) \
    int name(int at, const char *path, int flags, ...) { \
        REAL(name); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list rest; \
            va_start(rest, flags); \
            mode = va_arg(rest, mode_t); \
            va_end(rest); \
        } \
        if (below(path) && refused(kind_of(flags))) return -1; \
        return kept(real(at, path, flags, mode), below(path)); \
    }

OPENING(open)
OPENING(open64)
OPENING_AT(openat)
OPENING_AT(openat64)

int close(int file) {
    REAL(close);
    kept(file, 0);
    return real(file);
}

/* Whether a write goes through whole (0), by half (1) or not at all (-1). */
static int struck(int file) {
    if (!ours(file) || !strikes(WRITE)) return 0;
    if (failure < 0) return 1;
    errno = failure;
    return -1;
}

static size_t half(size_t size) { return size > 1 ? size / 2 : size; }

ssize_t write(int file, const void *from, size_t size) {
    REAL(write);
    int blow = struck(file);
    return blow < 0 ? -1 : real(file, from, blow ? half(size) : size);
}

ssize_t pwrite(int file, const void *from, size_t size, off_t place) {
    REAL(pwrite);
    int blow = struck(file);
    return blow < 0 ? -1 : real(file, from, blow ? half(size) : size, place);
}

ssize_t pwrite64(int file, const void *from, size_t size, off64_t place) {
    REAL(pwrite64);
    int blow = struck(file);
    return blow < 0 ? -1 : real(file, from, blow ? half(size) : size, place);
}

ssize_t sendfile(int to, int from, off_t *place, size_t size);
ssize_t sendfile64(int to, int from, off64_t *place, size_t size);

ssize_t sendfile(int to, int from, off_t *place, size_t size) {
    REAL(sendfile);
    int blow = struck(to);
    return blow < 0 ? -1 : real(to, from, place, blow ? half(size) : size);
}

ssize_t sendfile64(int to, int from, off64_t *place, size_t size) {
    REAL(sendfile64);
    int blow = struck(to);
    return blow < 0 ? -1 : real(to, from, place, blow ? half(size) : size);
}

ssize_t copy_file_range(int from, off64_t *start, int to, off64_t *place, size_t size, unsigned flags) {
    REAL(copy_file_range);
    int blow = struck(to);
    return blow < 0 ? -1 : real(from, start, to, place, blow ? half(size) : size, flags);
}

#define ON_FILE(name, kind) \
    int name(int file) { \
        REAL(name); \
        return ours(file) && refused(kind) ? -1 : real(file); \
    }

ON_FILE(fsync, SYNC)
ON_FILE(fdatasync, SYNC)

int ftruncate(int file, off_t size) {
    REAL(ftruncate);
    return ours(file) && refused(CUT) ? -1 : real(file, size);
}

int ftruncate64(int file, off64_t size) {
    REAL(ftruncate64);
    return ours(file) && refused(CUT) ? -1 : real(file, size);
}

#define ON_TWO(name, kind) \
    int name(const char *from, const char *to) { \
        REAL(name); \
        return (below(from) || below(to)) && refused(kind) ? -1 : real(from, to); \
    }

ON_TWO(rename, RENAME)
ON_TWO(link, LINK)

#define ON_TWO_AT(name, kind, extra, handed) \
    int name(int at, const char *from, int other, const char *to extra) { \
        REAL(name); \
        return (below(from) || below(to)) && refused(kind) ? -1 : real(at, from, other, to handed); \
    }

#define COMMA ,
ON_TWO_AT(renameat, RENAME, , )
ON_TWO_AT(linkat, LINK, COMMA int flags, COMMA flags)

#define ON_PATH(name, kind) \
    int name(const char *path) { \
        REAL(name); \
        return below(path) && refused(kind) ? -1 : real(path); \
    }

ON_PATH(unlink, REMOVE)
ON_PATH(rmdir, REMOVE)

int unlinkat(int at, const char *path, int flags) {
    REAL(unlinkat);
    return below(path) && refused(REMOVE) ? -1 : real(at, path, flags);
}

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    return below(path) && refused(MAKE) ? -1 : real(path, mode);
}

int mkdirat(int at, const char *path, mode_t mode) {
    REAL(mkdirat);
    return below(path) && refused(MAKE) ? -1 : real(at, path, mode);
}
